import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseIdentityPublicKey, profileSchema } from '../../shared/identity/key-set.ts';
import { routes } from '../../shared/routes.ts';
import { codeOf, dataOf } from './device.ts';
import { createNetwork, type TestRelay } from './network.ts';

describe('hosts, origins and the profile', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let alice: TestRelay;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    [alice] = network.relays;
  });
  afterAll(() => network.close());

  test('an unknown host gets 421; /healthz answers on any', async () => {
    expect(codeOf(await alice.ask(routes.me, { host: 'cl-o.bob.test' }))).toBe('E-CORE-HOST');
    expect((await alice.ask(routes.me, { host: 'cl-o.bob.test' })).status).toBe(421);
    expect((await alice.ask('/healthz', { host: '127.0.0.1' })).status).toBe(200);
    expect((await alice.ask(routes.me, { host: 'CL-O.ALICE.TEST:443' })).status).toBe(200);
  });

  test('behind a proxy X-Forwarded-Host counts', async () => {
    const headers = { 'x-forwarded-host': 'cl-o.alice.test' };
    expect((await alice.ask(routes.me, { host: '10.0.0.1', headers })).status).toBe(200);
  });

  test('the profile lists keys that expire within a day (K1), on both hosts', async () => {
    for (const host of ['cl-o.alice.test', 'alice.test']) {
      const { keys } = dataOf(await alice.ask(routes.me, { host }), profileSchema);
      const [key] = keys;
      expect(parseIdentityPublicKey(key!.publicKey)).toHaveLength(120);
      const ahead = key!.expiresAt! - network.now() / 1000;
      expect(ahead).toBeGreaterThan(22 * 3600);
      expect(ahead).toBeLessThanOrEqual(24 * 3600);
    }
  });

  test('the ETag is quoted and honoured with and without quotes', async () => {
    const { headers } = await alice.ask(routes.me);
    const etag = String(headers.etag);
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    for (const tag of [etag, etag.slice(1, -1), `W/${etag}`])
      expect((await alice.ask(routes.me, { headers: { 'if-none-match': tag } })).status).toBe(304);
    expect((await alice.ask(routes.me, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test('the API mirrors the origin, without cookies; the app host does not', async () => {
    const origin = 'https://shell.example';
    const preflight = await alice.ask(routes.actions, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
    expect([preflight.status, preflight.headers]).toMatchObject([
      204,
      { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'authorization' },
    ]);
    const refused = await alice.ask(routes.actions, { headers: { origin } });
    expect(refused.headers).toMatchObject({ 'access-control-allow-origin': origin });
    expect(refused.headers).not.toHaveProperty('access-control-allow-credentials');
    expect(refused.headers).not.toHaveProperty('set-cookie');
    const app = await alice.ask(routes.me, { host: 'alice.test', headers: { origin } });
    expect(app.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('what is not there is a JSON 404 with a code', async () => {
    expect(codeOf(await alice.ask('/api/nosuch'))).toBe('E-CORE-NOTFOUND');
    expect(codeOf(await alice.ask('/'))).toBe('E-CORE-NOTFOUND');
    expect(codeOf(await alice.ask(routes.inbox))).toBe('E-CORE-NOTFOUND');
  });
});
