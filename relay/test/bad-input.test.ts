import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatPayload } from '../../shared/action/action.ts';
import { bytesToBase64url, textToBytes } from '../../shared/bytes.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { limits, routes } from '../../shared/routes.ts';
import { signCompact } from '../../shared/token/compact.ts';
import { codeOf, createKeys, dataOf, json, nonce, TestDevice, type TestKeys } from './device.ts';
import { createNetwork, type TestAnswer } from './network.ts';

const carol = parseIdTag('carol.test');

describe('what bad input gets', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
  let alice: TestDevice;
  let bob: TestDevice;
  let bobsKey: string;
  let stranger: TestKeys;

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test');
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
    bob = await TestDevice.enrolFirst(network, network.relays[1]);
    const { keys } = dataOf(await bob.relay.ask(routes.me), profileSchema);
    bobsKey = keys[0]!.keyId;
    stranger = await createKeys();
  });
  afterAll(() => network.close());

  const knock = (token: unknown, headers: Record<string, string> = json): Promise<TestAnswer> =>
    alice.relay.ask(routes.inbox, { method: 'POST', headers, body: JSON.stringify({ token }) });

  /** A token in Bob's name by a key that is not his. */
  const forge = async (change: object = {}, typ = 'JWT') => {
    const statement = { t: 'FLLW', iat: bob.seconds(), aud: alice.relay.idTag, v: 'D' as const, _: nonce() };
    return signCompact(
      typ,
      { ...formatPayload(bob.relay.idTag, bobsKey, statement), ...change },
      stranger.sign,
    );
  };
  /** What Bob's relay has really signed, without sending it here by itself. */
  const genuine = async (words: Parameters<TestDevice['draft']>[0]) => {
    const [receipt] = await bob.submit(await bob.draft(words));
    if (receipt?.status !== 'accepted') throw new Error(JSON.stringify(receipt));
    return receipt.token;
  };
  const encode = (part: object) => bytesToBase64url(textToBytes(JSON.stringify(part)));

  describe('on the inbox: a JSON refusal, nothing stored', () => {
    test('what is no token, unsigned, or of another algorithm', async () => {
      const good = await forge();
      const [, payload, signature] = good.split('.');
      const cases: [unknown, string][] = [
        ['', 'E-TOKEN-GRAMMAR'],
        ['a.b.c', 'E-TOKEN-GRAMMAR'],
        [7, 'E-VAL-INVALID'],
        [`${good}=`, 'E-TOKEN-GRAMMAR'],
        [`${good.slice(0, good.lastIndexOf('.'))}.`, 'E-TOKEN-GRAMMAR'],
        [`${encode({ typ: 'JWT', alg: 'none' })}.${payload}.${signature}`, 'E-TOKEN-ALG'],
        [`${encode({ typ: 'JWT', alg: 'HS256' })}.${payload}.${signature}`, 'E-TOKEN-ALG'],
        [
          `${encode({ typ: 'JWT', alg: 'ES384', jku: 'https://evil.example/' })}.${payload}.${signature}`,
          'E-TOKEN-ALG',
        ],
        [await forge({}, 'delegation+jwt'), 'E-TOKEN-TYPE'],
      ];
      for (const [token, code] of cases) expect([token, codeOf(await knock(token))]).toEqual([token, code]);
      expect(await alice.items()).toEqual([]);
    });

    test('the wrong key, a key that is not listed, an issuer nobody can be', async () => {
      const k = bob.delegation && (await genuine({ t: 'POST', c: 'hello' })).split('.')[1]!;
      const claims = JSON.parse(Buffer.from(k, 'base64url').toString('utf8')) as { k: string };
      expect(codeOf(await knock(await forge({ k: claims.k })))).toBe('E-TOKEN-SIGNATURE');
      expect(codeOf(await knock(await forge({ k: 'nosuch' })))).toBe('E-KEY-UNKNOWN');
      expect(codeOf(await knock(await forge({ iss: 'Bob.Test' })))).toBe('E-ACTION-FIELDS');
      expect(codeOf(await knock(await forge({ iss: 'me.localhost' })))).toBe('E-KEY-UNKNOWN');
      expect(codeOf(await knock(await forge({ iss: 'alice.test' })))).toBe('E-ACTION-ISSUER');
    });

    test("a foreign audience, a stranger's post, what goes to no inbox, times", async () => {
      expect(codeOf(await knock(await genuine({ t: 'FLLW', aud: carol })))).toBe('E-ACTION-AUDIENCE');
      expect(codeOf(await knock(await genuine({ t: 'POST', c: 'buy now' })))).toBe('E-ACTION-PERMISSION');
      expect(codeOf(await knock(await forge({ t: 'SPAM' })))).toBe('E-TOKEN-SIGNATURE');
      expect(codeOf(await knock(await forge({ t: 'PROXY', exp: bob.seconds() + 60 })))).toBe('E-ACTION-TYPE');
      expect(codeOf(await knock(await forge({ iat: bob.seconds() + 4000 })))).toBe('E-TOKEN-TIME');
      expect(codeOf(await knock(await forge({ exp: bob.seconds() - 4000 })))).toBe('E-TOKEN-TIME');
      expect(await alice.items()).toEqual([]);
    });

    test('a malleable copy and a repetition are accepted without a second effect (I1)', async () => {
      const id = await bob.say({ t: 'FLLW', aud: alice.relay.idTag });
      const { token } = await alice.eventually(id);
      const [header, payload, signature] = token.split('.');
      const order = BigInt(
        '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
      );
      const bytes = Buffer.from(signature!, 'base64url').toString('hex');
      const other = (order - BigInt(`0x${bytes.slice(96)}`)).toString(16).padStart(96, '0');
      const copy = Buffer.from(bytes.slice(0, 96) + other, 'hex').toString('base64url');
      for (const again of [token, `${header}.${payload}.${copy}`]) {
        const answer = await knock(again);
        expect([answer.status, answer.json()]).toMatchObject([202, { data: { status: 'known' } }]);
      }
      expect((await alice.items()).length).toBe(1);
    });

    test('an oversized body, also when it only unpacks to one: 413', async () => {
      const large = await knock('a'.repeat(limits.inboxBody));
      expect(codeOf(large)).toBe('E-CORE-TOOLARGE');
      const bomb = gzipSync(Buffer.alloc(limits.inboxBody + 1000, 32));
      const headers = { ...json, 'content-encoding': 'gzip' };
      const answer = await alice.relay.ask(routes.inbox, { method: 'POST', headers, body: bomb });
      expect(codeOf(answer)).toBe('E-CORE-TOOLARGE');
      expect((await alice.relay.ask('/healthz')).status).toBe(200);
    });

    test('millions of wrong items in a small compressed body: 400 at once, the process alive', async () => {
      const items = '0,'.repeat(limits.inboxBody / 2 - 100);
      const headers = { ...json, 'content-encoding': 'gzip' };
      const cases: [string, string][] = [
        [routes.inbox, `{"token":"x","related":[${items}0]}`],
        [routes.inbox, `{"token":"x","related":[${'0,'.repeat(19)}0]}`],
        [routes.token, `{"delegation":[${items.slice(0, limits.body - 100)}0]}`],
      ];
      for (const [path, text] of cases) {
        const body = gzipSync(text);
        const start = process.cpuUsage();
        const answer = await alice.relay.ask(path, { method: 'POST', headers, body });
        expect([answer.status, codeOf(answer)]).toEqual([400, 'E-VAL-INVALID']);
        // Of this process alone, in microseconds: what else the machine does meanwhile does not count.
        const { user, system } = process.cpuUsage(start);
        expect(user + system).toBeLessThan(3_000_000);
      }
      expect((await alice.relay.ask('/healthz')).status).toBe(200);
    });

    test('a neighbour that cannot be reached is temporary: 503 with an empty body (R4)', async () => {
      const answer = await knock(await forge({ iss: 'dave.test' }));
      expect([answer.status, answer.text]).toEqual([503, '']);
    });

    test('what it is about has not arrived, from somebody who is followed: 503 with an empty body (R5)', async () => {
      await alice.say({ t: 'FLLW', aud: bob.relay.idTag });
      const p = `a1~${'A'.repeat(43)}`;
      const answer = await knock(await genuine({ t: 'CMNT', c: 'early', p, aud: alice.relay.idTag }));
      expect([answer.status, answer.text]).toEqual([503, '']);
    });
  });

  describe('on drafts: one result each, the others unharmed (D4, D6)', () => {
    test('foreign iss, foreign k, no `_`, malformed; the good one between them is accepted', async () => {
      const good = await alice.draft({ t: 'POST', c: 'good' });
      const other = await alice.enrolSecond([{ act: 'action/create', res: 'type:REACT' }]);
      const results = await alice.submit(
        await alice.draft({ t: 'POST', c: 'x' }, { iss: bob.relay.idTag }),
        await alice.draft({ t: 'POST', c: 'x' }, { k: '200101' }),
        await alice.draft({ t: 'POST', c: 'x', _: 'short' }),
        good,
        'not a draft',
        await other.draft({ t: 'POST', c: 'signed by another device' }),
        await alice.draft({ t: 'POST', c: 'later', iat: alice.seconds() + 3600 }),
        await alice.draft({ t: 'CMNT', c: 'no subject' }),
      );
      expect(results.map((result) => (result.status === 'refused' ? result.code : result.status))).toEqual([
        'E-ACTION-ISSUER',
        'E-KEY-UNKNOWN',
        'E-ACTION-FIELDS',
        'accepted',
        'E-TOKEN-GRAMMAR',
        'E-TOKEN-SIGNATURE',
        'E-TOKEN-TIME',
        'E-ACTION-FIELDS',
      ]);
      const [scope] = await other.submit(await other.draft({ t: 'POST', c: 'out of scope' }));
      expect(scope).toMatchObject({ status: 'refused', code: 'E-DELEGATION-SCOPE' });
      expect(codeOf(await other.ask(routes.actions))).toBe('E-DELEGATION-SCOPE');
    });

    test('(iss, _) yields one token, even when the draft was signed again (D5)', async () => {
      const words = { t: 'POST', c: 'once', _: nonce(), iat: alice.seconds() };
      const drafts = [
        await alice.draft(words),
        await alice.draft(words),
        await alice.draft(words, { k: '200101' }),
      ];
      const second = await alice.enrolSecond();
      const results = await Promise.all([
        alice.submit(...drafts),
        second.submit(drafts[0]!),
        alice.submit(...drafts),
      ]);
      const tokens = results.flat().map((result) => (result.status === 'accepted' ? result.token : result));
      expect(new Set(tokens).size).toBe(1);
    });

    test('a delegation that has ended: for a week drafts of its time and nothing else (G7)', async () => {
      const late = await createNetwork('erin.test');
      const erin = await TestDevice.enrolFirst(late, late.relays[0]);
      const inside = await erin.draft({ t: 'POST', c: 'written on a journey' });
      await late.advance(31 * 86_400_000);
      erin.forgetToken();
      const outside = await erin.draft({ t: 'POST', c: 'written too late' });
      expect(await erin.submit(inside, outside)).toMatchObject([
        { status: 'accepted' },
        { status: 'refused', code: 'E-DELEGATION-EXPIRED' },
      ]);
      for (const [path, method] of [
        [routes.actions, 'GET'],
        [routes.people, 'GET'],
        [routes.links, 'GET'],
        [routes.devices, 'GET'],
        [routes.files, 'POST'],
      ] as const)
        expect([path, codeOf(await erin.ask(path, method, method === 'POST' ? {} : undefined))]).toEqual([
          path,
          'E-DELEGATION-EXPIRED',
        ]);
      const entry = await erin.sign(await erin.log(), { t: 'order', order: 'connect', on: true });
      expect(codeOf(await erin.ask(routes.deviceLog, 'POST', { entry }))).toBe('E-DELEGATION-EXPIRED');
      const socket = await erin.sync();
      expect((await socket.next('error')).code).toBe('E-DELEGATION-EXPIRED');
      expect(await socket.untilClosed()).toBe(4401);
      await late.advance(6 * 86_400_000 + 600_000);
      erin.forgetToken();
      expect(codeOf(await erin.exchange(await erin.assertion()))).toBe('E-DELEGATION-EXPIRED');
      await late.close();
    });

    test('more than 100 drafts, or a body above 1 MiB', async () => {
      const draft = await alice.draft({ t: 'POST', c: 'x' });
      expect(
        codeOf(await alice.ask(routes.actions, 'POST', { drafts: Array<string>(101).fill(draft) })),
      ).toBe('E-VAL-INVALID');
      expect(codeOf(await alice.ask(routes.actions, 'POST', { drafts: ['x'.repeat(limits.body)] }))).toBe(
        'E-CORE-TOOLARGE',
      );
    });
  });

  describe('on access', () => {
    test('an assertion is good once, for one identity, by its own device (X1)', async () => {
      const assertion = await alice.assertion();
      expect((await alice.exchange(assertion)).status).toBe(200);
      expect(codeOf(await alice.exchange(assertion))).toBe('E-ASSERTION-REPLAYED');
      expect(codeOf(await alice.exchange(await alice.assertion({ aud: bob.relay.idTag })))).toBe(
        'E-ASSERTION-INVALID',
      );
      expect(codeOf(await alice.exchange(await bob.assertion({ aud: alice.relay.idTag })))).toBe(
        'E-ASSERTION-INVALID',
      );
      expect(codeOf(await alice.exchange(await alice.assertion(), [bob.delegation]))).toBe(
        'E-DELEGATION-INVALID',
      );
    });

    test('no token, a made-up one, one of another relay, one that has ended', async () => {
      const ask = async (authorization: string) =>
        codeOf(await alice.relay.ask(routes.people, { headers: { authorization } }));
      expect(codeOf(await alice.relay.ask(routes.people))).toBe('E-AUTH-UNAUTH');
      expect(await ask('Bearer a.b.c')).toBe('E-AUTH-UNAUTH');
      expect(await ask(`Bearer ${await bob.accessToken()}`)).toBe('E-AUTH-UNAUTH');
      const token = await alice.accessToken();
      expect(await ask(`Bearer ${token}`)).toBe('200');
      await network.advance(11 * 60_000);
      expect(await ask(`Bearer ${token}`)).toBe('E-AUTH-UNAUTH');
      alice.forgetToken();
      bob.forgetToken();
    });
  });

  describe('on blobs', () => {
    const id = `b1~${'A'.repeat(43)}`;
    test('a wrong hash, a malformed id, too many bytes: nothing is kept', async () => {
      expect(codeOf(await alice.ask(`${routes.blobs}/${id}`, 'PUT', new Uint8Array(10)))).toBe('E-BLOB-HASH');
      expect(codeOf(await alice.ask(`${routes.blobs}/b1~..%2f..%2fx`, 'PUT', new Uint8Array(10)))).toBe(
        'E-VAL-INVALID',
      );
      const headers = {
        authorization: `Bearer ${await alice.accessToken()}`,
        'content-length': String(limits.blob + 1),
      };
      const socket = await alice.relay.connect();
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      socket.write(
        `PUT ${routes.blobs}/${id} HTTP/1.1\r\nhost: cl-o.alice.test\r\n${lines.join('\r\n')}\r\n\r\n`,
      );
      const [head] = (await new Promise((resolve) =>
        socket.once('data', (data: Buffer) => resolve([String(data)])),
      )) as [string];
      expect(head).toMatch(/^HTTP\/1.1 413/);
      socket.destroy();
      expect(codeOf(await alice.ask(`${routes.variant}/${id}`))).toBe('E-CORE-NOTFOUND');
      expect(codeOf(await alice.relay.ask(`${routes.variant}/${id}`))).toBe('E-AUTH-UNAUTH');
    });
  });
});
