import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everything } from '../../shared/device/capability.ts';
import { IsletError } from '../../shared/errors.ts';
import {
  formatLoginAnswer,
  type LoginCheck,
  type LoginRequest,
  parseLogin,
  parseLoginRequest,
  type PinnedLog,
  signLogin,
  verifyLogin,
} from '../../shared/identity/login.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { deviceLogSchema, routes } from '../../shared/routes.ts';
import { dataOf, nonce, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';

const site = 'https://shop.example.com';
const query = {
  ...{ response_type: 'id_token', client_id: site, redirect_uri: `${site}/back?x=1` },
  ...{ nonce: 'n'.repeat(22), state: 'st&te', login_hint: 'alice.test' },
};

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof IsletError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

describe('X6: what a site may ask', () => {
  const ask = (change: Record<string, string | undefined>) => {
    const members = Object.entries({ ...query, ...change }).filter(([, value]) => value !== undefined);
    return parseLoginRequest(new URLSearchParams(members as [string, string][]));
  };

  test('X6: the answer goes to the address that asked, behind its number sign', () => {
    const request = ask({});
    expect(request).toMatchObject({ site, hint: 'alice.test', state: 'st&te' });
    expect(formatLoginAnswer(request, { token: 'a.b.c' })).toBe(
      `${site}/back?x=1#id_token=a.b.c&state=st%26te`,
    );
    expect(formatLoginAnswer(request, { error: 'access_denied' })).toContain('#error=access_denied');
  });

  test.each([
    ['another origin than it says', { client_id: 'https://other.example.com' }],
    ['no TLS', { client_id: 'http://shop.example.com', redirect_uri: 'http://shop.example.com/' }],
    ['a script', { client_id: 'null', redirect_uri: 'javascript:alert(1)' }],
    ['a name and password in the address', { redirect_uri: 'https://a:b@shop.example.com/' }],
    ['a fragment of its own', { redirect_uri: `${site}/#x` }],
    ['an empty fragment of its own', { redirect_uri: `${site}/back#` }],
    ['a nonce that can be guessed', { nonce: '12345' }],
    ['no nonce', { nonce: undefined }],
    ['another kind of answer', { response_type: 'code' }],
    ['too much state', { state: 'x'.repeat(501) }],
  ])('X6: refused is %s', (_why, change) => {
    expect(() => ask(change)).toThrow(expect.objectContaining({ code: 'E-VAL-INVALID' }));
  });

  test('X6: sites on this machine need no TLS', () => {
    const here = { client_id: 'http://localhost:8000', redirect_uri: 'http://localhost:8000/back' };
    expect(ask(here).site).toBe('http://localhost:8000');
  });
});

describe('X7, X8: what a site takes', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
  let alice: TestDevice;
  let bob: TestDevice;
  let phone: TestDevice;
  let limited: TestDevice;
  const used = new Set<string>();

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test');
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
    bob = await TestDevice.enrolFirst(network, network.relays[1]);
    phone = await alice.enrolSecond(everything);
    limited = await alice.enrolSecond([
      { act: 'action/create', res: 'type:POST' },
      { act: 'identity/login', res: 'site:other.example.com' },
    ]);
  });
  afterAll(() => network.close());

  const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
  const request = (change: Partial<LoginRequest> = {}): LoginRequest => ({
    ...{ site, redirect: `${site}/back`, nonce: `good-${nonce()}`, state: undefined, hint: undefined },
    ...change,
  });
  const login = (device: TestDevice, asked = request(), at = device.seconds()) => {
    const { did, sign } = device.keys;
    const source = { idTag: device.relay.idTag, did, delegations: [device.delegation], sign, random };
    return signLogin(asked, { ...source, now: at });
  };
  const evidence = async ({ relay } = alice) => ({
    profile: dataOf(await relay.ask(routes.me), profileSchema),
    entries: dataOf(await relay.ask(routes.deviceLog), deviceLogSchema).entries,
  });
  const takeNonce: LoginCheck['takeNonce'] = (given) => {
    if (!given.startsWith('good-')) return 'unknown';
    if (used.has(given)) return 'used';
    used.add(given);
    return 'fresh';
  };
  const check = async (token: string, change: Partial<LoginCheck> = {}) =>
    verifyLogin(token, {
      ...{ audience: site, takeNonce, evidence: await evidence(), now: alice.seconds() },
      ...change,
    });

  test('X7: who, on which device, and what to keep', async () => {
    const { length, head } = await alice.log();
    expect(await check(await login(phone))).toEqual({
      idTag: 'alice.test',
      did: phone.keys.did,
      deviceName: 'phone',
      pinned: { length, head },
    });
  });

  test('X7: the same answer a second time, and one to a question that was not asked', async () => {
    const token = await login(alice);
    expect(await refusalOf(check(token))).toBe('taken');
    expect(await refusalOf(check(token))).toBe('E-ASSERTION-REPLAYED: this login was used already');
    const foreign = await login(alice, request({ nonce: nonce() }));
    expect(await refusalOf(check(foreign))).toMatch(
      /^E-ASSERTION-INVALID: the login answers a question of somebody/,
    );
  });

  test('X7: a login for another site', async () => {
    const token = await login(alice, request({ site: 'https://evil.example.com' }));
    expect(await refusalOf(check(token))).toBe('E-ASSERTION-INVALID: the login is meant for another site');
  });

  test('X7: too old, and from a clock that runs ahead', async () => {
    const at = alice.seconds();
    const expired = /^E-TOKEN-TIME: the login has expired/;
    expect(await refusalOf(check(await login(alice, request(), at - 200)))).toMatch(expired);
    expect(await refusalOf(check(await login(alice, request(), at + 100)))).toMatch(expired);
    expect(await refusalOf(check(await login(alice, request(), at - 100)))).toBe('taken');
  });

  test('X7: signed by another key than the device has, and keys of another name', async () => {
    const swapped = await signLogin(request(), {
      ...{ idTag: alice.relay.idTag, did: alice.keys.did, delegations: [alice.delegation] },
      ...{ sign: bob.keys.sign, random, now: alice.seconds() },
    });
    expect(await refusalOf(check(swapped))).toBe('E-TOKEN-SIGNATURE: the signature does not fit');
    const borrowed = await signLogin(request(), {
      ...{ idTag: alice.relay.idTag, did: bob.keys.did, delegations: [alice.delegation] },
      ...{ sign: bob.keys.sign, random, now: alice.seconds() },
    });
    expect(await refusalOf(check(borrowed))).toBe('E-ASSERTION-INVALID: the delegation is of another device');
    const other = { evidence: await evidence(bob) };
    expect(await refusalOf(check(await login(alice), other))).toMatch(
      /^E-ASSERTION-INVALID: these are the keys/,
    );
    const { entries } = await evidence(bob);
    const mixed = { evidence: { ...(await evidence()), entries } };
    expect(await refusalOf(check(await login(alice), mixed))).toMatch(/^E-LOG-INVALID/);
    const { profile } = await evidence(bob);
    const relabelled = { ...profile, idTag: alice.relay.idTag };
    const forged = { evidence: { ...(await evidence()), profile: relabelled } };
    expect(await refusalOf(check(await login(alice), forged))).toMatch(/^E-(KEY-UNKNOWN|TOKEN-SIGNATURE)/);
  });

  test('X7: another kind of token is none', async () => {
    expect(await refusalOf(check(await alice.assertion()))).toMatch(/^E-TOKEN-TYPE/);
    expect(() => parseLogin(alice.delegation)).toThrow(expect.objectContaining({ code: 'E-TOKEN-TYPE' }));
  });

  test('X7: a device that may not, or only elsewhere', async () => {
    expect(await refusalOf(check(await login(limited)))).toMatch(/^E-DELEGATION-SCOPE/);
    const other = 'https://other.example.com';
    const token = await login(limited, request({ site: other }));
    expect(await refusalOf(check(token, { audience: other }))).toBe('taken');
  });

  test('X8: a device log that does not go on from the one that was kept', async () => {
    const { pinned } = await check(await login(alice));
    const rewritten: PinnedLog = { ...pinned, head: 'A'.repeat(43) };
    expect(await refusalOf(check(await login(alice), { pinned: rewritten }))).toMatch(/^E-LOG-FORK/);
    const longer: PinnedLog = { ...pinned, length: pinned.length + 1 };
    expect(await refusalOf(check(await login(alice), { pinned: longer }))).toMatch(/^E-LOG-FORK/);
    expect(await refusalOf(check(await login(alice), { pinned }))).toBe('taken');
  });

  test('X7: a device that was removed, and one whose time is over', async () => {
    const token = await login(phone);
    expect((await alice.remove(phone.keys.did)).status).toBeLessThan(300);
    expect(await refusalOf(check(token))).toBe('E-DELEGATION-REVOKED: the device was removed');
    await network.advance(31 * 86_400_000);
    expect(await refusalOf(check(await login(alice)))).toBe('E-DELEGATION-EXPIRED: the delegation has ended');
  });
});
