import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ErrorCode, IsletError } from '../../../shared/errors.ts';
import { blobId, fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../../shared/file/descriptor.ts';
import { routes } from '../../../shared/routes.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import { RelayUnreachable } from '../relay/relay-api.ts';
import type { ActionRow } from '../store/action-rows.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { noteLoss, readLoss, tablesOfLoss } from './losses.ts';
import { notePicture } from './pictures.ts';
import { refillRelay } from './refill.ts';

let db: Database;
beforeEach(async () => {
  db = await openDatabase(`refill-${crypto.randomUUID()}`);
});
afterEach(() => db.delete());

const lose = (at = 1000) => db.transaction('rw', tablesOfLoss(db), () => noteLoss(db, at));

function row(id: string, receivedAt: number, more: Partial<ActionRow> = {}): ActionRow {
  const base = { id, actionId: `a1~${id}`, iss: 'bob.test', t: 'POST', type: 'POST', text: '', iat: 1 };
  return { ...base, receivedAt, files: [], token: `token.${id}`, state: 'accepted', deliveries: [], ...more };
}

/** What a relay answers that has `known`, and what it was told. */
function createRelay(known: readonly string[], answers: Record<string, unknown> = {}) {
  const told: { path: string; body: unknown }[] = [];
  const reply = (path: string): unknown => {
    if (path.startsWith(`${routes.actions}?`)) {
      const items = known.map((actionId) => ({ actionId }));
      return { items, next: 0, more: false };
    }
    return answers[path] ?? {};
  };
  const note = (path: string, body: unknown): Promise<unknown> => {
    told.push({ path, body });
    if (path !== routes.adopt) return Promise.resolve(reply(path));
    const { items } = body as { items: { token: string }[] };
    const status = (token: string) => (answers['later'] === token ? 'later' : 'adopted');
    return Promise.resolve({ results: items.map(({ token }) => ({ status: status(token) })) });
  };
  const api = {
    get: (path: string) => Promise.resolve(reply(path)),
    post: note,
    set: note,
    put: (path: string) => note(path, 'bytes').then(() => undefined),
  };
  return { told, api: api as unknown as RelayApi };
}

const tokensOf = (told: readonly { path: string; body: unknown }[]) =>
  told
    .filter(({ path }) => path === routes.adopt)
    .flatMap(({ body }) => (body as { items: { token: string; proof?: unknown }[] }).items);

test('X19: what the relay lacks is brought in the order it was stored, own words with their proofs, and then never again', async () => {
  const proof = { signature: 's', delegations: ['d'] };
  const own = row('own', 30, {
    iss: 'alice.test',
    proof,
    deliveries: [{ to: 'bob.test', state: 'delivered' }],
  });
  await db.actions.bulkPut([own, row('late', 20), row('early', 10), row('there', 5)]);
  const { actionId: _none, token: _nothing, ...unsent } = row('unsent', 1);
  await db.actions.put(unsent);
  await lose();
  const relay = createRelay(['a1~there']);
  await refillRelay({ db, api: relay.api, idTag: 'alice.test', now: () => 2000 });
  expect(tokensOf(relay.told)).toMatchObject([
    { token: 'token.early', receivedAt: 10 },
    { token: 'token.late', receivedAt: 20 },
    { token: 'token.own', receivedAt: 30, proof, deliveries: [{ to: 'bob.test', state: 'delivered' }] },
  ]);
  expect(await readLoss(db)).toBeUndefined();
  await refillRelay({ db, api: relay.api, idTag: 'alice.test', now: () => 3000 });
  expect(tokensOf(relay.told).length).toBe(3);
});

test('D9: what cannot be looked at yet is brought again later', async () => {
  await db.actions.bulkPut([row('one', 10), row('two', 20)]);
  await lose();
  const relay = createRelay([], { later: 'token.two' });
  const at = (now: number) => refillRelay({ db, api: relay.api, idTag: 'alice.test', now: () => now });
  await at(2000);
  await at(3000);
  expect(tokensOf(relay.told).length).toBe(2);
  await at(3000 + 5 * 60_000);
  expect(tokensOf(relay.told).length).toBe(4);
  await at(1000 + 15 * 24 * 3_600_000);
  expect(await readLoss(db)).toBeUndefined();
});

test('X19: a refusal of now ends nothing; what this device may never do is left to another', async () => {
  await db.actions.put(row('one', 10));
  await lose();
  const refusing = (code: ErrorCode) =>
    ({ ...createRelay([]).api, post: () => Promise.reject(new IsletError(code, 'no')) }) as RelayApi;
  const ask = (code: ErrorCode, now: number) =>
    refillRelay({ db, api: refusing(code), idTag: 'alice.test', now: () => now });
  await ask('E-DELEGATION-EXPIRED', 2000);
  expect(await readLoss(db)).toMatchObject({ next: 2000 + 5 * 60_000 });
  await ask('E-VERIFY-LIMIT', 400_000);
  expect(await readLoss(db)).toBeDefined();
  await ask('E-DELEGATION-SCOPE', 800_000);
  expect(await readLoss(db)).toBeUndefined();
});

test('X19: a relay that goes away in between is filled again from the beginning', async () => {
  await db.actions.put(row('one', 10));
  await lose();
  const away = { ...createRelay([]).api, post: () => Promise.reject(new RelayUnreachable('away')) };
  await expect(refillRelay({ db, api: away, idTag: 'alice.test', now: () => 2000 })).rejects.toThrow('away');
  expect(await readLoss(db)).toBeDefined();
  const relay = createRelay([]);
  await refillRelay({ db, api: relay.api, idTag: 'alice.test', now: () => 3000 });
  expect(tokensOf(relay.told).length).toBe(1);
});

test('X19: whom the person blocked or muted is told again; what was decided since stands', async () => {
  const person = { name: 'x', type: 'person', following: 0, follower: 0, connected: 'none' } as const;
  await db.people.bulkPut([
    { idTag: 'blocked.test', ...person, blocked: 1, muted: 0 },
    { idTag: 'muted.test', ...person, blocked: 0, muted: 1 },
    { idTag: 'friend.test', ...person, blocked: 0, muted: 0 },
  ]);
  await db.standings.put({ idTag: 'muted.test', muted: false });
  await lose();
  expect(await db.standings.toArray()).toEqual([
    { idTag: 'blocked.test', blocked: true, muted: false },
    { idTag: 'muted.test', blocked: false, muted: false },
  ]);
});

test('X19: the profile picture is shown again, as long as its bytes are here', async () => {
  const bytes = new Blob(['picture'], { type: 'image/webp' });
  const blob = await blobId(new TextEncoder().encode('picture'));
  const variant = { name: 'vis.pf', blob, format: 'webp', size: bytes.size, width: 80, height: 80 };
  const descriptor = formatDescriptor([variant]);
  await db.blobs.put({ id: blob, bytes, type: bytes.type, size: bytes.size, uploaded: 1, stays: 1 });
  await notePicture(db, 'profilePic', descriptor);
  await notePicture(db, 'coverPic', formatDescriptor([{ ...variant, blob: blob.replace(/.$/, '_') }]));
  await lose();
  // A relay that has none yet takes nothing away from what is known here.
  await notePicture(db, 'profilePic', undefined);
  const relay = createRelay([]);
  await refillRelay({ db, api: relay.api, idTag: 'alice.test', now: () => 2000 });
  const shown = relay.told.filter(({ path }) => path === routes.profile);
  expect(shown).toEqual([{ path: routes.profile, body: { profilePic: await fileId(descriptor) } }]);
  expect(relay.told.some(({ path }) => path.startsWith(routes.blobs))).toBe(true);
});
