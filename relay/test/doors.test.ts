import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiHost } from '../../shared/identity/id-tag.ts';
import { limits, routes } from '../../shared/routes.ts';
import { codeOf, dataOf, json, TestDevice } from './device.ts';
import { createNetwork, type TestAnswer } from './network.ts';
import { collectDoors, type Door, fillPath } from './routes-fixture.ts';
import * as v from 'valibot';

/** What takes bytes of files and archives, in pieces: their tests are those of uploads. */
const streams = /^(PUT \/api\/blobs|PUT \/api\/documents|PATCH \/api\/(uploads|imports))/;

describe('all doors of a relay', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let alice: TestDevice;
  let doors: Door[];

  beforeAll(async () => {
    doors = await collectDoors(async () => {
      network = await createNetwork('alice.test');
    });
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
  });
  afterAll(() => network.close());

  const name = ({ method, path }: Door) => `${method} ${path}`;
  /** Without those that end an identity or its key, and need no body for that. */
  const harmless = () =>
    doors.filter((door) => !/^(DELETE \/api\/me|POST \/api\/keys\/\w+)$/.test(name(door)));
  const headersOf = ({ headers }: TestAnswer) => ({
    policy: String(headers['content-security-policy']),
    others: [
      headers['x-content-type-options'],
      headers['referrer-policy'],
      headers['strict-transport-security'],
      headers['cross-origin-resource-policy'],
    ],
  });
  const safe = ['nosniff', 'no-referrer', 'max-age=31536000'];
  const ask = async ({ method, path }: Door, body?: string): Promise<TestAnswer> => {
    const authorization = `Bearer ${await alice.accessToken()}`;
    const hasBody = body !== undefined && method !== 'GET';
    const headers = { ...json, authorization };
    return alice.relay.ask(fillPath(path), { method, headers, ...(hasBody && { body }) });
  };

  test('the list is the whole one', () => {
    const names = doors.map(name);
    expect(names.length).toBeGreaterThan(80);
    for (const door of [`POST ${routes.inbox}`, `GET ${routes.me}`, `POST ${routes.token}`])
      expect(names).toContain(door);
  });

  test('H7: whatever a door answers: no scripts, no sniffing, no referrer', async () => {
    for (const door of harmless()) {
      const { policy, others } = headersOf(await ask(door, '{}'));
      expect([name(door), policy.split('; ').toSorted()]).toEqual([
        name(door),
        ["default-src 'none'", "frame-ancestors 'none'", 'sandbox'],
      ]);
      expect([name(door), ...others.slice(0, 3)]).toEqual([name(door), ...safe]);
      // Shells of other origins show what they read here.
      expect([undefined, 'cross-origin']).toContain(others[3]);
    }
  });

  test('H7: errors, redirects, other hosts, CORS and what Node refuses itself', async () => {
    const asked: [string, Parameters<typeof alice.relay.ask>[1]][] = [
      ['/nothing', {}],
      ['/api/nothing', {}],
      ['/', { host: 'alice.test' }],
      ['/nothing.js', { host: 'alice.test' }],
      ['/', { host: 'stranger.test' }],
      ['/healthz', { host: 'stranger.test' }],
      ['/metrics', {}],
      ['/.well-known/did.json', { host: 'alice.test' }],
      [
        routes.me,
        { method: 'OPTIONS', headers: { origin: 'https://x.test', 'access-control-request-method': 'GET' } },
      ],
    ];
    for (const [path, how] of asked) {
      const answer = await alice.relay.ask(path, how);
      const { policy, others } = headersOf(answer);
      expect([path, ...others.slice(0, 3)]).toEqual([path, ...safe]);
      expect(policy).toMatch(/default-src 'none'/);
      expect(policy).not.toMatch(/unsafe-|\*(?!\.localhost)|data:.*script/);
    }
  });

  test('H5: a body that says it is too large, or is, gets 413 at every door that takes JSON; nothing is gathered', async () => {
    const taking = harmless().filter(({ method }) => ['POST', 'PUT', 'PATCH'].includes(method));
    const [large, larger] = [limits.body, limits.inboxBody].map((limit) => ' '.repeat(limit + 1));
    let refused = 0;
    for (const door of taking.filter((each) => !streams.test(name(each)))) {
      const isLarger = [routes.inbox, routes.inboxSync, routes.restore, routes.adopt].includes(
        door.path as never,
      );
      const answer = await ask(door, isLarger ? larger : large);
      // Some are refused for what stands in the address before the body is looked at, or take none.
      expect([name(door), answer.status]).toEqual([name(door), expect.toSatisfy((n: number) => n < 500)]);
      expect([name(door), answer.status === 413]).toEqual([name(door), codeOf(answer) === 'E-CORE-TOOLARGE']);
      if (answer.status === 413) refused++;
    }
    expect(refused).toBeGreaterThan(25);
  });

  test('H5: JSON that nests ten thousand deep, or is none, gets 400 at every door, and the relay goes on', async () => {
    const deep = '[{"a":'.repeat(10_000);
    for (const door of harmless().filter((each) => each.method !== 'GET' && !streams.test(name(each)))) {
      const { status } = await ask(door, deep);
      // A few take no body and answer what they have.
      expect([name(door), status]).toEqual([name(door), expect.toSatisfy((n: number) => n < 500)]);
    }
    for (const body of ['{"a"', '\u0000', '"'.repeat(100), 'null'])
      expect(codeOf(await ask({ method: 'POST', path: routes.inbox }, body))).toBe('E-VAL-INVALID');
    const refusal = await ask({ method: 'POST', path: routes.inbox }, deep);
    expect([refusal.status, codeOf(refusal)]).toEqual([400, 'E-VAL-INVALID']);
    expect((await alice.relay.ask('/healthz')).status).toBe(200);
  });

  test('H5: headers that are too long, none, or half a request end the connection with a word', async () => {
    const host = apiHost(alice.relay.idTag);
    const say = async (text: string): Promise<string> => {
      const socket = await alice.relay.connect();
      let heard = '';
      socket
        .on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
        .on('error', () => socket.destroy());
      socket.write(text);
      await once(socket, 'close');
      return heard.split('\r\n')[0] ?? '';
    };
    const start = `GET ${routes.me} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n`;
    expect(await say(`${start}x: ${'x'.repeat(17_000)}\r\n\r\n`)).toBe(
      'HTTP/1.1 431 Request Header Fields Too Large',
    );
    expect(await say(`${start}${'x: y\r\n'.repeat(4_000)}\r\n`)).toBe(
      'HTTP/1.1 431 Request Header Fields Too Large',
    );
    expect(await say('not http at all\r\n\r\n')).toBe('HTTP/1.1 400 Bad Request');
    expect(await say(`GET ${routes.me} HTTP/1.1\r\nconnection: close\r\n\r\n`)).toBe(
      'HTTP/1.1 400 Bad Request',
    );
    // Two lengths, or a length beside chunks, is how requests are smuggled past a proxy.
    const post = `POST ${routes.inbox} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n`;
    for (const lines of [
      'content-length: 2\r\ncontent-length: 3\r\n',
      'content-length: 2\r\ntransfer-encoding: chunked\r\n',
    ])
      expect(await say(`${post}${lines}\r\n{}`)).toBe('HTTP/1.1 400 Bad Request');
  });

  test('H6: metrics are for who shows the token; to others they are not there, and they name nobody', async () => {
    expect((await alice.relay.ask('/metrics', { host: 'localhost' })).status).toBe(421);
    const token = 'a token of twenty characters'.replaceAll(' ', '-');
    await alice.relay.stop();
    await alice.relay.start({ METRICS_TOKEN: token });
    await alice.say({ t: 'POST', c: 'Words', v: 'F' });
    const read = (shown: string) =>
      alice.relay.ask('/metrics', { headers: { authorization: `Bearer ${shown}` } });
    expect((await read('another')).status).toBe(404);
    const answer = await read(token);
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    for (const line of [
      /^islet_requests_total\{door="\/api\/actions",method="POST",status="200"\} \d+$/m,
      /^islet_commit_seconds_count [1-9]\d*$/m,
      /^islet_event_loop_delay_seconds\{quantile="0.99"\} [\d.]+(e-\d+)?$/m,
      /^islet_resident_memory_bytes [1-9]\d+$/m,
      /^islet_store_bytes [1-9]\d+$/m,
      /^islet_queue_length 0$/m,
      /^islet_queue_age_seconds 0$/m,
      /^islet_sockets 0$/m,
      /^islet_sync_rows 0$/m,
      /^islet_blob_bytes 0$/m,
    ])
      expect(answer.text).toMatch(line);
    for (const secret of ['alice', token, alice.keys.did]) expect(answer.text).not.toContain(secret);
    expect(dataOf(await alice.relay.ask(routes.me), v.object({ idTag: v.string() })).idTag).toBe(
      'alice.test',
    );
  });
});
