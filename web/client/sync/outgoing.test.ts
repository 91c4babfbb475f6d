import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createDeriveSecret, createSigner, jwkToDid, jwkToPublic } from '../../../shared/identity/did.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { emptyChain, nextChain, verifyBatch } from '../../../shared/sync/row.ts';
import { verifyDeviceLog, signLogEntry } from '../../../shared/device/device-log.ts';
import { everything } from '../../../shared/device/capability.ts';
import type { DeviceKeys } from '../device/key-store.ts';
import { createIncoming } from './incoming.ts';
import { createOutgoing, type Outgoing } from './outgoing.ts';

const space = parseIdTag('alice.test');
const random = (n: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(n));
const docId = 'a'.repeat(24);

async function createKeys(): Promise<DeviceKeys> {
  const curve = { namedCurve: 'P-384' };
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', ...curve }, false, ['sign', 'verify']);
  const sealing = await crypto.subtle.generateKey({ name: 'ECDH', ...curve }, false, ['deriveBits']);
  const jwk = jwkToPublic(await crypto.subtle.exportKey('jwk', pair.publicKey));
  const ecdh = jwkToPublic(await crypto.subtle.exportKey('jwk', sealing.publicKey));
  const derive = createDeriveSecret(sealing.privateKey);
  const did = jwkToDid(jwk);
  return { did, origin: did, jwk, ecdh, sign: createSigner(pair.privateKey), derive };
}

function create(keys: DeviceKeys): Outgoing {
  return createOutgoing({ space, keys, now: () => 1_000, random });
}

function update(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

describe('rows on their way to the relay', () => {
  it('S2: numbers have no gap and no repetition, also when taken twice at once', async () => {
    const keys = await createKeys();
    const outgoing = create(keys);
    outgoing.add(docId, update('one'));
    const first = outgoing.take();
    outgoing.add('b'.repeat(24), update('two'));
    const batches = [...(await first), ...(await outgoing.take())];
    const numbers = batches.flatMap((batch) => batch.rows.map((_, i) => batch.first + i));
    expect(numbers).toEqual(numbers.map((_, i) => i));
    for (const batch of batches) await verifyBatch(space, batch, keys.jwk);
  });

  it('S10: an acknowledgement covers whole batches only, and they are kept until then', async () => {
    const outgoing = create(await createKeys());
    outgoing.add(docId, update('one'));
    await outgoing.take();
    outgoing.add(docId, update('two'));
    await outgoing.take();
    expect(outgoing.acknowledge(-1)).toEqual([]);
    expect(outgoing.rows()).toBe(2);
    expect(outgoing.acknowledge(0)).toHaveLength(1);
    expect(outgoing.rows()).toBe(1);
    expect(outgoing.documents()).toEqual(new Set([docId]));
    expect(outgoing.acknowledge(1)).toHaveLength(1);
    expect(outgoing.documents().size).toBe(0);
    outgoing.add(docId, update('three'));
    outgoing.add('b'.repeat(24), update('four'));
    expect((await outgoing.take()).map(({ rows }) => rows.length)).toEqual([2]);
    expect(outgoing.acknowledge(2)).toEqual([]);
    expect(outgoing.acknowledge(3)).toHaveLength(2);
  });

  it('updates of one document become few rows that say the same', async () => {
    const outgoing = create(await createKeys());
    const doc = new Y.Doc();
    doc.on('update', (bytes: Uint8Array) => outgoing.add(docId, bytes));
    for (const letter of 'a hundred and more letters, typed one after the other, are few rows. '.repeat(2))
      doc.getText('t').insert(doc.getText('t').length, letter);
    const rows = (await outgoing.take()).flatMap((batch) => [...batch.rows]);
    expect(rows.length).toBeLessThan(5);
    const there = new Y.Doc();
    for (const row of rows) Y.applyUpdate(there, row.update);
    expect(there.getText('t').toString()).toBe(doc.getText('t').toString());
  });

  it('rows that are being signed are still on their way', async () => {
    const outgoing = create(await createKeys());
    outgoing.add(docId, update('one'));
    const taking = outgoing.take();
    await Promise.resolve();
    expect(outgoing.rows()).toBe(1);
    await taking;
    expect(outgoing.rows()).toBe(1);
  });

  it('updates that are large together are not merged into a row that cannot travel', async () => {
    const outgoing = create(await createKeys());
    for (const letter of ['a', 'b', 'c']) outgoing.add(docId, update(letter.repeat(2_000_000)));
    const rows = (await outgoing.take()).flatMap((batch) => [...batch.rows]);
    expect(rows).toHaveLength(3);
  });

  it('a row that is too large is refused in words and takes nothing with it', () => {
    return createKeys().then((keys) => {
      const outgoing = create(keys);
      outgoing.add(docId, update('small'));
      expect(() => outgoing.add(docId, new Uint8Array(4 * 1024 * 1024))).toThrow(/too large/);
      expect(outgoing.rows()).toBe(1);
    });
  });
});

describe('rows from the relay', () => {
  async function setUp() {
    const keys = await createKeys();
    const op = {
      t: 'add' as const,
      device: { did: keys.did, jwk: keys.jwk, ecdh: keys.ecdh, name: 'Laptop' },
      cap: [...everything],
    };
    const entries = [await signLogEntry(undefined, { iss: space, iat: 1, by: keys.did, op }, keys.sign)];
    const received: { doc: string; seq: number }[] = [];
    const shown: string[] = [];
    const incoming = createIncoming(
      {
        space,
        entries,
        readLog: () => verifyDeviceLog(space, entries),
        keys: [],
        readKeys: () => Promise.resolve([]),
        receive: (rows, { seq }) => {
          received.push(...rows.map(({ doc }) => ({ doc, seq })));
          return Promise.resolve();
        },
        applyProvisional: ({ doc }) => void shown.push(doc),
      },
      { log: 'log', seq: 0, chain: emptyChain },
    );
    const outgoing = create(keys);
    const takeBatch = async (text: string) => {
      outgoing.add(docId, update(text));
      return (await outgoing.take())[0]!;
    };
    return { incoming, received, shown, takeBatch };
  }

  it('S5: the cursor follows the chain, and rows left out are noticed', async () => {
    const { incoming, received, takeBatch } = await setUp();
    const [one, two] = [await takeBatch('one'), await takeBatch('two')];
    const chainOne = await nextChain(emptyChain, space, one);
    const chainTwo = await nextChain(chainOne, space, two);
    await expect(incoming.stored([{ batch: two, seq: 2, chain: chainTwo }])).rejects.toThrow(/left rows out/);
    await incoming.stored([{ batch: one, seq: 1, chain: chainOne }]);
    await incoming.stored([{ batch: two, seq: 2, chain: chainTwo }]);
    expect(incoming.cursor).toEqual({ log: 'log', seq: 2, chain: chainTwo });
    expect(received.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('S3: a row that was changed on the way is refused', async () => {
    const { incoming, takeBatch } = await setUp();
    const batch = await takeBatch('one');
    const forged = { ...batch, rows: [{ doc: docId, update: update('other') }] };
    await expect(incoming.provisional([forged])).rejects.toMatchObject({ code: 'E-ROW-INVALID' });
  });

  it('S9: what was shown and not committed is handed back once; what was committed is not', async () => {
    const { incoming, shown, takeBatch } = await setUp();
    const [one, two] = [await takeBatch('one'), await takeBatch('two')];
    await incoming.provisional([one, two]);
    expect(shown).toHaveLength(2);
    const chain = await nextChain(emptyChain, space, one);
    expect(await incoming.committed(one, { seq: 1, chain }, false)).toBe(true);
    expect(incoming.takeUncommitted()).toEqual([...two.rows]);
    expect(incoming.takeUncommitted()).toEqual([]);
  });
});
