import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  challengeSchema,
  doorSchema,
  openedSchema,
  type Purpose,
  waysRoutes,
  waysSchema,
} from '../../shared/api/ways.ts';
import { bytesToBase64url } from '../../shared/bytes.ts';
import { everything } from '../../shared/device/capability.ts';
import { signLogEntry } from '../../shared/device/device-log.ts';
import { createEnrolmentKey, openEnrolmentKey, sealEnrolmentKey } from '../../shared/device/sealed-key.ts';
import type { Did } from '../../shared/identity/did.ts';
import { routes } from '../../shared/routes.ts';
import { Authenticator } from './authenticator.ts';
import { codeOf, createKeys, dataOf, json, TestDevice } from './device.ts';
import { createNetwork, type TestAnswer } from './network.ts';
import { renew } from './renewing.ts';

type OneRelay = Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
const random = (n: number) => new Uint8Array(randomBytes(n));
const limitSchema = v.object({ error: v.object({ details: v.object({ wait: v.number() }) }) });

let network: OneRelay;
let first: TestDevice;
beforeAll(async () => {
  network = await createNetwork('alice.test');
  first = await TestDevice.enrolFirst(network, network.relays[0]);
});
afterAll(() => network.close());

const post = (path: string, body: unknown) =>
  first.relay.ask(path, { method: 'POST', headers: json, body: JSON.stringify(body) });

async function addKey(kind: 'password' | 'passkey', secret: Uint8Array) {
  const pair = await createEnrolmentKey(kind, kind);
  const { length, head, idTag } = await first.log();
  const sealed = await sealEnrolmentKey(pair, { idTag, length, head }, secret, random);
  const entry = await first.sign(await first.log(), { t: 'key', key: pair.description });
  const answer = await first.ask(routes.deviceLog, 'POST', { entry });
  return { answer, did: pair.description.did, sealed };
}

async function enterBy(key: { did: Did; sealed: string }, secret: Uint8Array): Promise<TestAnswer> {
  const { idTag } = first.relay;
  const opened = await openEnrolmentKey(key.sealed, { idTag, did: key.did }, secret);
  const other = new TestDevice(network, first.relay, await createKeys());
  const op = { t: 'add' as const, device: other.describe('tablet'), cap: [...everything] };
  const said = { iss: idTag, iat: first.seconds(), by: key.did, op };
  const entry = await signLogEntry(await first.log(), said, opened.sign);
  return post(routes.deviceLog, { entry });
}

const challenge = async (purpose: Purpose, asking: (path: string, body: unknown) => Promise<TestAnswer>) =>
  dataOf(await asking(waysRoutes.challenge, { purpose }), challengeSchema);
const asDevice = (path: string, body: unknown) => first.ask(path, 'POST', body);

describe('P6, P9: a password', () => {
  const auth = bytesToBase64url(random(32));
  const sealing = random(32);
  const salt = bytesToBase64url(random(16));
  const setPassword = async (shown = auth) => {
    const { did, sealed } = await addKey('password', sealing);
    return first.ask(waysRoutes.password, 'PUT', { salt, auth: shown, did, sealed });
  };

  test('P10: an identity without password and passkey is not asked', async () => {
    expect(dataOf(await first.relay.ask(waysRoutes.door), doorSchema)).toEqual({
      idTag: 'alice.test',
      passkey: false,
    });
    await first.enrolSecond();
    const { answer } = await addKey('password', sealing);
    expect(answer.status).toBe(201);
  });

  test('P7: it opens a sealed key, by which a new device comes in; neither half does alone', async () => {
    expect(codeOf(await setPassword())).toBe('200');
    expect(dataOf(await first.relay.ask(waysRoutes.door), doorSchema).password).toEqual({ salt });
    const { key } = dataOf(await post(waysRoutes.open, { password: auth }), openedSchema);
    await expect(enterBy(key!, random(32))).rejects.toMatchObject({ code: 'E-VERIFY-FAILED' });
    expect(codeOf(await enterBy(key!, sealing))).toBe('201');
    const devices = [...(await first.log()).devices.values()];
    expect(devices.some(({ name }) => name === 'tablet')).toBe(true);
  });

  test('P7: the key lets devices in and says nothing else', async () => {
    const { key } = dataOf(await post(waysRoutes.open, { password: auth }), openedSchema);
    const { idTag } = first.relay;
    const opened = await openEnrolmentKey(key!.sealed, { idTag, did: key!.did }, sealing);
    for (const op of [
      { t: 'remove' as const, did: first.keys.did },
      { t: 'gen' as const, gen: 1 },
    ]) {
      const said = { iss: idTag, iat: first.seconds(), by: key!.did, op };
      const entry = await signLogEntry(await first.log(), said, opened.sign);
      expect(codeOf(await post(routes.deviceLog, { entry }))).toBe('E-LOG-PERMISSION');
    }
  });

  test('P10: from now on five minutes after it was shown, and no longer', async () => {
    expect(codeOf((await addKey('passkey', sealing)).answer)).toBe('201'); // set a moment ago
    await network.advance(301_000);
    first.forgetToken();
    const refused = (await addKey('passkey', sealing)).answer;
    expect(codeOf(refused)).toBe('E-VERIFY-NEEDED');
    expect(refused.json()).toMatchObject({ error: { details: { password: true, passkey: false } } });
    expect(codeOf(await asDevice(waysRoutes.challenge, { purpose: 'register' }))).toBe('E-VERIFY-NEEDED');
    expect(codeOf(await first.ask(`${waysRoutes.list}/password`, 'DELETE'))).toBe('E-VERIFY-NEEDED');
    expect(codeOf(await asDevice(routes.verify, { password: bytesToBase64url(random(32)) }))).toBe(
      'E-VERIFY-FAILED',
    );
    expect(codeOf(await asDevice(routes.verify, { password: auth }))).toBe('200');
    expect(codeOf((await addKey('passkey', sealing)).answer)).toBe('201');
  });

  test('P10: what one device showed is nothing for another', async () => {
    const second = await first.enrolSecond();
    const entry = await second.sign(await second.log(), {
      t: 'key',
      key: (await createEnrolmentKey('passkey', 'x')).description,
    });
    expect(codeOf(await second.ask(routes.deviceLog, 'POST', { entry }))).toBe('E-VERIFY-NEEDED');
    const lost = { t: 'remove' as const, did: first.keys.did, wipe: true as const };
    const wipe = await second.sign(await second.log(), lost);
    expect(codeOf(await second.ask(routes.deviceLog, 'POST', { entry: wipe }))).toBe('E-VERIFY-NEEDED');
  });

  test('P9: new keys are no new tries', async () => {
    const second = await first.enrolSecond();
    const guess = async (by: TestDevice) =>
      codeOf(await by.ask(routes.verify, 'POST', { password: bytesToBase64url(random(32)) }));
    for (let i = 0; i < 6; i++) expect(await guess(second)).toBe('E-VERIFY-FAILED');
    expect(await guess(second)).toBe('E-VERIFY-LIMIT');
    expect(await guess(await renew(second))).toBe('E-VERIFY-LIMIT');
    expect(await guess(first)).toBe('E-VERIFY-FAILED');
  });

  test('P9: wrong ones are counted over restarts and however many come at once', async () => {
    const wrong = () => post(waysRoutes.open, { password: bytesToBase64url(random(32)) });
    const codes = (await Promise.all(Array.from({ length: 12 }, wrong))).map(codeOf);
    expect(codes.filter((code) => code === 'E-VERIFY-FAILED')).toHaveLength(6);
    expect(codes.filter((code) => code === 'E-VERIFY-LIMIT')).toHaveLength(6);
    await first.relay.stop();
    await first.relay.start();
    const right = await post(waysRoutes.open, { password: auth });
    expect(codeOf(right)).toBe('E-VERIFY-LIMIT');
    expect(v.parse(limitSchema, right.json()).error.details.wait).toBeGreaterThan(0);
    // Who is in has a count of their own: a stranger at the door keeps nobody from showing who they are.
    expect(codeOf(await asDevice(routes.verify, { password: auth }))).toBe('200');
    await network.advance(31_000);
    expect(codeOf(await wrong())).toBe('E-VERIFY-FAILED');
    await network.advance(31_000);
    expect(codeOf(await wrong())).toBe('E-VERIFY-LIMIT');
    await network.advance(30_000);
    expect(codeOf(await post(waysRoutes.open, { password: auth }))).toBe('200');
    expect(codeOf(await wrong())).toBe('E-VERIFY-FAILED');
  });

  test('P7: a key that was taken out of the log opens nothing, and nobody is asked for it', async () => {
    first.forgetToken();
    expect(codeOf(await asDevice(routes.verify, { password: auth }))).toBe('200');
    const way = dataOf(await first.ask(waysRoutes.list), waysSchema).ways.find(
      ({ kind }) => kind === 'password',
    );
    const entry = await first.sign(await first.log(), { t: 'unkey', did: way!.did! });
    expect(codeOf(await first.ask(routes.deviceLog, 'POST', { entry }))).toBe('201');
    expect(codeOf(await post(waysRoutes.open, { password: auth }))).toBe('E-VERIFY-FAILED');
    expect(dataOf(await first.relay.ask(waysRoutes.door), doorSchema).password).toBeUndefined();
    await network.advance(301_000);
    first.forgetToken();
    expect(codeOf(await setPassword())).toBe('200');
  });

  test('P6: only a device that may enrol sets one, and only for a key of the log', async () => {
    expect(codeOf(await asDevice(routes.verify, { password: auth }))).toBe('200');
    const weak = await first.enrolSecond([{ act: 'action/*', res: '*' }]);
    expect(codeOf(await weak.ask(routes.verify, 'POST', { password: auth }))).toBe('200');
    const body = { salt, auth, did: first.keys.did, sealed: 'A'.repeat(200) };
    expect(codeOf(await weak.ask(waysRoutes.password, 'PUT', body))).toBe('E-DELEGATION-SCOPE');
    expect(codeOf(await weak.ask(waysRoutes.list))).toBe('E-DELEGATION-SCOPE');
    expect(codeOf(await first.ask(waysRoutes.password, 'PUT', body))).toBe('E-CORE-CONFLICT');
    expect(codeOf(await first.relay.ask(waysRoutes.list))).toBe('E-AUTH-UNAUTH');
  });
});

describe('P8: passkeys', () => {
  let key: Authenticator;
  const secret = random(32);

  const register = async (authenticator: Authenticator, mischief = {}, name = 'Key') => {
    const asked = await challenge('register', asDevice);
    const added = await addKey('passkey', secret);
    const body = { name, response: authenticator.register(asked.challenge, mischief) };
    return asDevice(waysRoutes.passkeys, { ...body, key: { did: added.did, sealed: added.sealed } });
  };
  const open = async (mischief = {}, authenticator = key) => {
    const asked = await challenge('open', post);
    return post(waysRoutes.open, { passkey: authenticator.show(asked.challenge, mischief) });
  };

  beforeAll(async () => {
    await network.close();
    network = await createNetwork('alice.test');
    first = await TestDevice.enrolFirst(network, network.relays[0]);
    key = new Authenticator(first.relay.appOrigin);
  });

  test.each([
    ['of another origin', { origin: 'https://evil.test' }],
    ['for another relying party', { rpId: 'evil.test' }],
    ['without verification of the user', { unverified: true }],
    ['that is a presentation', { type: 'webauthn.get' }],
  ])('P8: none is registered %s', async (_why, mischief) => {
    expect(codeOf(await register(key, mischief))).toBe('E-VERIFY-FAILED');
  });

  test('P8: it is registered once, and comes in', async () => {
    expect(codeOf(await register(key))).toBe('201');
    await network.advance(1000);
    expect(
      codeOf(
        await asDevice(routes.verify, { passkey: key.show((await challenge('verify', asDevice)).challenge) }),
      ),
    ).toBe('200');
    expect(codeOf(await register(key))).toBe('E-CORE-CONFLICT');
    const { key: opened } = dataOf(await open(), openedSchema);
    expect(codeOf(await enterBy(opened!, secret))).toBe('201');
  });

  test.each([
    ['of another origin', { origin: 'https://evil.test' }],
    ['for another relying party', { rpId: 'evil.test' }],
    ['without verification of the user', { unverified: true }],
    ['that is a registration', { type: 'webauthn.create' }],
    ['of another identity', { userHandle: bytesToBase64url(random(32)) }],
    ['with a counter that went back', { counter: 1 }],
    ['signed by another key', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
  ])('P8: refuses one %s', async (_why, mischief) => {
    expect(codeOf(await open(mischief))).toBe('E-VERIFY-FAILED');
  });

  test('P8: a challenge is good once, for what it was asked for, by who asked, for five minutes', async () => {
    const { challenge: text } = await challenge('open', post);
    expect(codeOf(await post(waysRoutes.open, { passkey: key.show(text) }))).toBe('200');
    expect(codeOf(await post(waysRoutes.open, { passkey: key.show(text) }))).toBe('E-VERIFY-FAILED');
    await first.relay.stop();
    await first.relay.start();
    expect(codeOf(await post(waysRoutes.open, { passkey: key.show(text) }))).toBe('E-VERIFY-FAILED');
    const verify = await challenge('verify', asDevice);
    expect(codeOf(await post(waysRoutes.open, { passkey: key.show(verify.challenge) }))).toBe(
      'E-VERIFY-FAILED',
    );
    expect(codeOf(await asDevice(routes.verify, { passkey: key.show(verify.challenge) }))).toBe('200');
    const second = await first.enrolSecond();
    const of2 = await challenge('verify', (path, body) => second.ask(path, 'POST', body));
    expect(codeOf(await asDevice(routes.verify, { passkey: key.show(of2.challenge) }))).toBe(
      'E-VERIFY-FAILED',
    );
    const late = await challenge('open', post);
    await network.advance(301_000);
    expect(codeOf(await post(waysRoutes.open, { passkey: key.show(late.challenge) }))).toBe(
      'E-VERIFY-FAILED',
    );
    const made = bytesToBase64url(random(40));
    expect(codeOf(await post(waysRoutes.open, { passkey: key.show(made) }))).toBe('E-VERIFY-FAILED');
  });

  test('P8: one without a secret shows that its person is there, and opens nothing', async () => {
    first.forgetToken();
    const { challenge: text } = await challenge('verify', asDevice);
    expect(codeOf(await asDevice(routes.verify, { passkey: key.show(text) }))).toBe('200');
    const plain = new Authenticator(first.relay.appOrigin);
    const asked = await challenge('register', asDevice);
    expect(asked.exclude).toHaveLength(1);
    const body = { name: 'Old key', response: plain.register(asked.challenge) };
    expect(codeOf(await asDevice(waysRoutes.passkeys, body))).toBe('201');
    expect(dataOf(await open({}, plain), openedSchema)).toEqual({});
    const ways = dataOf(await first.ask(waysRoutes.list), waysSchema).ways;
    expect(ways.map(({ name, did }) => [name, did !== undefined])).toEqual([
      ['Key', true],
      ['Old key', false],
    ]);
    expect(codeOf(await first.ask(`${waysRoutes.list}/${ways[1]!.id}`, 'DELETE'))).toBe('200');
    expect(codeOf(await open({}, plain))).toBe('E-VERIFY-FAILED');
  });
});
