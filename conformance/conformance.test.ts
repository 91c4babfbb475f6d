import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Doc, encodeStateAsUpdate } from 'yjs';
import { parseIdTag } from '../shared/identity/id-tag.ts';
import { TestDevice } from '../relay/test/device.ts';
import { createNetwork } from '../relay/test/network.ts';
import { createPicture } from '../relay/test/pictures.ts';
import { sendFile } from '../relay/test/send-file.ts';
import type { Target } from './check.ts';
import { checks } from './checks/checks.ts';
import { createNeighbour, listen } from './neighbour.ts';
import { formatCounts, formatTable, runChecks } from './run.ts';
import { compact, createSignBytes, createSigningKey, header, nonce, twinOf } from './token.ts';
import { type Connect, createAsk, createOpenSocket } from './transport.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function openTo(port: number): Connect {
  return async (): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return socket;
  };
}

async function openNeighbour(now: () => number) {
  const self = createNeighbour('checker.test', now);
  const listening = await listen(self.serve, { host: '127.0.0.1', port: 0 });
  closers.push(() => listening.close());
  return { self, open: openTo(listening.port) };
}

function createTarget(connectTo: Connect, more: Pick<Target, 'self' | 'now'> & Partial<Target>): Target {
  const [idTag, host] = ['alice.test', 'cl-o.alice.test'];
  const ends = { ask: createAsk(host, connectTo), openSocket: createOpenSocket(host, connectTo) };
  return { idTag, inbox: '/api/inbox', ...ends, ...more };
}

/** A document with one edit, shared for writing. */
async function shareDocument(device: TestDevice, aud: string): Promise<string> {
  const id = 'conformanceDocument00001';
  const session = nonce();
  const socket = await device.sync(session);
  await socket.next('current');
  const doc = new Doc();
  doc.getText('doc').insert(0, 'Hello.');
  const batch = await device.batch(session, 0, [[id, encodeStateAsUpdate(doc)]]);
  socket.send({ kind: 'push', batches: [batch] });
  await socket.next('ack');
  socket.close();
  const c = { contentType: 'cloudillo/quillo', fileName: 'Some text', fileTp: 'CRDT' };
  await device.say({ t: 'FSHR:WRITE', aud: parseIdTag(aud), sub: id, c, v: 'D' });
  return id;
}

describe('a node, looked at from outside', () => {
  it('ours passes every check of a strict neighbour', async () => {
    const network = await createNetwork('alice.test');
    closers.push(() => network.close());
    const [alice] = network.relays;
    const device = await TestDevice.enrolFirst(network, alice);
    const { self, open } = await openNeighbour(network.now);
    network.addNeighbour('checker.test', () => open(''));
    const picture = { bytes: await createPicture('jpeg', 320, 200), format: 'jpeg', width: 320, height: 200 };
    const { id: file } = await sendFile(device, [{ ...picture, name: 'vis.tn' }], {
      ...{ contentType: 'image/jpeg', fileName: 'some.jpg', visibility: 'P' },
    });
    const document = await shareDocument(device, self.idTag);
    const token = await device.accessToken();
    const given = { self, file, document, token, now: network.now };
    const rows = await runChecks(createTarget(alice.connect, given));
    expect(formatTable(rows.filter(({ result }) => result === 'FAIL'))).toBe(formatTable([]));
    expect(rows.every(({ result }) => result === 'pass')).toBe(true);
    expect(rows.length).toBe(checks.length + 1);
  });

  it('one that says yes to everything, and sets cookies, does not', async () => {
    const sloppy = await listen(
      (_incoming, response) => {
        response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': 'seen=1' });
        response.end('{"data":{"token":"x"},"time":0}');
      },
      { host: '127.0.0.1', port: 0 },
    );
    closers.push(() => sloppy.close());
    const { self } = await openNeighbour(Date.now);
    const target = createTarget(openTo(sloppy.port), { self, now: Date.now, file: 'f1~x', token: 'x' });
    // What is accepted, and what is asked of us, may well be in order.
    const list = checks.filter(
      ({ expected, needs }) => /^4|none in any|f1~|d2/.test(expected) && needs?.[0] !== 'document',
    );
    const rows = await runChecks(target, { list });
    expect(list.length).toBeGreaterThan(80);
    expect(formatTable(rows.filter(({ result }) => result !== 'FAIL'))).toBe(formatTable([]));
    const lax = await runChecks(target, { list, lax: true });
    expect(lax.filter(({ result }) => result === 'lax').length).toBeGreaterThan(40);
    expect(lax.at(-1)).toMatchObject({ check: { name: 'cookies' }, result: 'FAIL' });
  });

  it('says what it leaves out', async () => {
    const needy = checks.filter(({ needs }) => needs?.includes('neighbour'));
    const target = createTarget(() => Promise.reject(new Error('nobody is asked')), {
      self: undefined,
      now: Date.now,
    });
    const rows = await runChecks(target, { list: needy });
    expect(formatCounts(rows)).toBe(`1 passed, 0 failed, 0 lax, ${needy.length} skipped`);
    expect(formatTable(rows)).toContain('| no neighbour (--name) | skipped |');
  });
});

describe('the other signature', () => {
  it('fits the same bytes and differs', () => {
    const key = createSigningKey('k');
    const token = compact(header, '{"t":"FLLW"}', createSignBytes(key));
    const twin = twinOf(token);
    const cut = twin.lastIndexOf('.');
    const spki = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
    const signature = Buffer.from(twin.slice(cut + 1), 'base64url');
    const publicKey = { key: spki, dsaEncoding: 'ieee-p1363' } as const;
    expect(twin).not.toBe(token);
    expect(twinOf(twin)).toBe(token);
    expect(verify('sha384', Buffer.from(twin.slice(0, cut)), publicKey, signature)).toBe(true);
  });
});
