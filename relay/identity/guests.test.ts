import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProxy } from '../../shared/access/proxy.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { createTestKey } from '../../shared/test/keys.ts';
import { signCompact } from '../../shared/token/compact.ts';
import { openStore, type Store } from '../store/database.ts';
import { saveRelation } from '../store/relations.ts';
import { createGuests, type Guests } from './guests.ts';
import { createSealer } from './secret.ts';
import { randomBytes } from './webcrypto.ts';

const [alice, carol, bob] = [parseIdTag('alice.test'), parseIdTag('carol.test'), parseIdTag('bob.test')];
const secret = new Uint8Array(32).fill(7);
const start = 1_800_000_000_000;
/** What the device `good` may do with documents; undefined when it is out. */
let device: 'R' | 'W' | undefined;
let now = start;
let folder: string;
let store: Store;
let atAlice: Guests;
let atCarol: Guests;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-guests-'));
  store = await openStore(folder, () => now);
  for (const id_tag of [alice, carol]) {
    const identity = { id_tag, name: id_tag, log_id: 'log', created_at: now };
    await store.db.insertInto('identities').values(identity).execute();
  }
  const sealer = await createSealer('k'.repeat(32), randomBytes);
  const open = (idTag: typeof alice) =>
    createGuests({
      ...{ db: store.db, idTag, secret, sealer, now: () => now },
      verifyAction: () => Promise.resolve(),
      verifyDevice: (token) =>
        token === 'good' && device
          ? Promise.resolve(device)
          : Promise.reject(new IsletError('E-AUTH-UNAUTH', 'no')),
    });
  [atAlice, atCarol] = [open(alice), open(carol)];
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const { sign } = await createTestKey();
let count = 0;
const proxy = (aud: typeof alice) => {
  const seconds = Math.floor(now / 1000);
  return signCompact(
    'JWT',
    createProxy({ iss: bob, k: 'k', aud, now: seconds, nonce: String(count++) }),
    sign,
  );
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'fine',
    (error: unknown) => (error instanceof IsletError ? error.code : String(error)),
  );

test('O2: two identities of one relay, under one secret: the token of one is nothing at the other', async () => {
  const token = await atAlice.exchangeProxy(await proxy(alice));
  expect(await atAlice.verify(token)).toEqual({ idTag: bob, exp: Math.floor(now / 1000) + 3600 });
  expect(await codeOf(atCarol.verify(token))).toBe('E-AUTH-UNAUTH');
  expect(await codeOf(atCarol.exchangeProxy(await proxy(alice)))).toBe('E-ACTION-AUDIENCE');
});

test('O1: a PROXY token is good once; for a moment the same again is taken', async () => {
  const shown = await proxy(alice);
  expect(await codeOf(atAlice.exchangeProxy(shown))).toBe('fine');
  expect(await codeOf(atAlice.exchangeProxy(shown))).toBe('fine');
  now += 6_000;
  expect(await codeOf(atAlice.exchangeProxy(shown))).toBe('E-ASSERTION-REPLAYED');
});

test('O2: it ends after an hour', async () => {
  const token = await atAlice.exchangeProxy(await proxy(alice));
  now += 3_599_000;
  expect(await codeOf(atAlice.verify(token))).toBe('fine');
  now += 1_000;
  expect(await codeOf(atAlice.verify(token))).toBe('E-AUTH-UNAUTH');
});

test('O2: what our secret signed for something else, or nobody signed, is no access token', async () => {
  const seconds = Math.floor(now / 1000);
  const make = (typ: string, key = secret, claims: Record<string, unknown> = {}) =>
    new SignJWT({ iss: alice, sub: bob, iat: seconds, exp: seconds + 60, ...claims })
      .setProtectedHeader({ alg: 'HS256', typ })
      .sign(key);
  expect(await codeOf(atAlice.verify(await make('guest+jwt')))).toBe('fine');
  const [, payload] = (await make('guest+jwt')).split('.');
  const none = Buffer.from('{"alg":"none","typ":"guest+jwt"}').toString('base64url');
  const bad = [
    await make('at+jwt'),
    await make('JWT'),
    await make('guest+jwt', new Uint8Array(32).fill(8)),
    await make('guest+jwt', secret, { iss: carol }),
    await make('guest+jwt', secret, { sub: undefined }),
    await make('guest+jwt', secret, { sub: 'NOT A NAME' }),
    await make('guest+jwt', secret, { exp: undefined }),
    await make('guest+jwt', secret, { sub: alice }),
    await make('guest+jwt', secret, { sub: alice, via: 'good' }),
    `${none}.${payload}.`,
    'x',
    '',
  ];
  for (const token of bad) expect(await codeOf(atAlice.verify(token))).toBe('E-AUTH-UNAUTH');
});

test('O4: what a device gets for one file does not show the access of the device, and ends with it', async () => {
  const exp = Math.floor(now / 1000) + 60;
  const scope = `file:${'d'.repeat(24)}:R`;
  device = 'W';
  const token = await atAlice.narrow({ idTag: alice, exp, device: 'good' }, scope);
  expect(await atAlice.verify(token)).toMatchObject({ idTag: alice, device: 'good', exp });
  const { via } = decodeJwt<{ via: string }>(token);
  expect(Buffer.from(via, 'base64url').toString('latin1')).not.toContain('good');
  expect(via).not.toContain('good');
  expect(await codeOf(atAlice.narrow({ idTag: alice, exp, device: 'bad' }, scope))).toBe('E-AUTH-UNAUTH');
  device = undefined;
  expect(await codeOf(atAlice.verify(token))).toBe('E-AUTH-UNAUTH');
  expect(await codeOf(atCarol.verify(token))).toBe('E-AUTH-UNAUTH');
});

test('C11: what a device gets for a document is never more than it may do by then', async () => {
  const exp = Math.floor(now / 1000) + 60;
  const scope = `file:${'d'.repeat(24)}:W`;
  const levelAt = async (token: string) => (await atAlice.verify(token)).scope?.level;
  device = 'W';
  const token = await atAlice.narrow({ idTag: alice, exp, device: 'good' }, scope);
  expect(await levelAt(token)).toBe('W');
  device = 'R';
  expect(await levelAt(token)).toBe('R');
  expect(decodeJwt(await atAlice.narrow({ idTag: alice, exp, device: 'good' }, scope)).scope).toMatch(/:R$/);
});

test('O3: who is blocked gets none and uses none, and may again afterwards', async () => {
  const token = await atAlice.exchangeProxy(await proxy(alice));
  await saveRelation(store.db, alice, bob, { blocked: true });
  expect(await codeOf(atAlice.verify(token))).toBe('E-AUTH-NOPERM');
  expect(await codeOf(atAlice.exchangeProxy(await proxy(alice)))).toBe('E-AUTH-NOPERM');
  expect(await codeOf(atCarol.exchangeProxy(await proxy(carol)))).toBe('fine');
  await saveRelation(store.db, alice, bob, { blocked: false });
  expect(await codeOf(atAlice.verify(token))).toBe('fine');
});
