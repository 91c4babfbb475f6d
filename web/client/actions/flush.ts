import { signDraft } from '../../../shared/action/countersign.ts';
import type { Statement } from '../../../shared/action/action.ts';
import { isErrorCode, IsletError } from '../../../shared/errors.ts';
import { parseDescriptor } from '../../../shared/file/descriptor.ts';
import { profileSchema } from '../../../shared/identity/key-set.ts';
import { fileCreatedSchema, limits, type Receipt, receiptSchema, routes } from '../../../shared/routes.ts';
import type { KeyStore } from '../device/key-store.ts';
import { wordRefusal } from '../relay/refusal-words.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import type { OutboxRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { redate, windowOf } from './redate.ts';
import { placeReference, renameReferences } from './references.ts';
import { type Author, currentKey } from './write.ts';

interface FlushOptions {
  db: Database;
  api: RelayApi;
  author: Author;
  store: KeyStore;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Drafts of one request stay well under the relay's body limit, in characters. */
const maxRequest = 400_000;

/** Resolved: everything a row names has its identifier. `refused`: what it names never will. */
type Ready =
  { kind: 'ready'; statement: Statement } | { kind: 'not-yet' } | { kind: 'refused'; reason: string };

async function resolve(db: Database, row: OutboxRow): Promise<Ready> {
  let statement = row.statement;
  for (const member of ['p', 'sub'] as const) {
    const id = row.local[member];
    if (id === undefined) continue;
    const named = await db.actions.get(id);
    if (!named || named.state === 'refused')
      return { kind: 'refused', reason: 'What it answers was refused.' };
    if (named.actionId === undefined) return { kind: 'not-yet' };
    statement = placeReference(statement, member, named.actionId);
  }
  return { kind: 'ready', statement };
}

async function uploadFiles({ db, api }: FlushOptions, row: OutboxRow): Promise<void> {
  for (const { descriptor, contentType, fileName } of row.uploads) {
    for (const { blob } of parseDescriptor(descriptor)) {
      const stored = await db.blobs.get(blob);
      if (!stored || stored.uploaded === 1) continue;
      await api.put(routes.blobs + segment(blob), stored.bytes);
      await db.blobs.update(blob, { uploaded: 1 });
    }
    await api.post(routes.files, { descriptor, contentType, fileName }, fileCreatedSchema);
  }
}

/** What is wrong with the bytes themselves; any other refusal is of this device or this moment, and is tried again. */
const unfitFile: readonly string[] = ['E-BLOB-HASH', 'E-BLOB-SIZE', 'E-CORE-TOOLARGE', 'E-VAL-INVALID'];

/** What cannot go just now, for another reason than that nobody answers; it holds up only what names it. */
interface PutOff {
  readonly ids: Set<string>;
  reason?: IsletError;
}

/** Files go before what attaches them. One that can never go refuses its statement. @returns how many cannot go with this batch */
async function uploadAll(
  options: FlushOptions,
  batch: readonly { row: OutboxRow }[],
  putOff: PutOff,
): Promise<number> {
  let staying = 0;
  for (const { row } of batch) {
    try {
      await uploadFiles(options, row);
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      staying++;
      if (unfitFile.includes(error.code))
        await settle(options.db, row, { status: 'refused', code: error.code, message: error.message });
      else {
        putOff.ids.add(row.id);
        putOff.reason = error;
      }
    }
  }
  return staying;
}

/** Longest time that an action is held, in milliseconds: a clock that was put back holds nothing for years. */
const longestHold = 60_000;

/** Milliseconds until it may go; 0 when it may. */
function holdOf({ notBefore = 0 }: OutboxRow, now: number): number {
  const left = notBefore - now;
  return left > 0 && left <= longestHold ? left : 0;
}

/** How long until the first of what is held may go, in milliseconds; undefined when nothing is. */
export async function nextHold(db: Database, now: number): Promise<number | undefined> {
  const holds = (await db.outbox.toArray()).map((row) => holdOf(row, now)).filter((left) => left > 0);
  return holds.length === 0 ? undefined : Math.min(...holds);
}

/** One request of drafts that are ready, in the order they were written. */
async function collect(options: FlushOptions, putOff: PutOff): Promise<{ row: OutboxRow; draft: string }[]> {
  const { db, author } = options;
  const batch: { row: OutboxRow; draft: string }[] = [];
  let size = 0;
  for (const row of await db.outbox.orderBy('order').toArray()) {
    if (holdOf(row, options.now()) > 0 || putOff.ids.has(row.id)) continue;
    const ready = await resolve(db, row);
    if (ready.kind === 'refused')
      await settle(db, row, { status: 'refused', code: 'E-ACTION-REFERENCE', message: ready.reason });
    if (ready.kind !== 'ready') continue;
    const draft = await readDraft(row, ready.statement, author);
    if (batch.length > 0 && (batch.length >= limits.drafts || size + draft.length > maxRequest)) break;
    batch.push({ row, draft });
    size += draft.length;
  }
  return batch;
}

/** Signed already, unless the keys were renewed since. */
function readDraft(row: OutboxRow, statement: Statement, { keys, membership }: Author): Promise<string> {
  const { did, sign } = keys;
  if (row.draft !== undefined && row.by === did) return Promise.resolve(row.draft);
  return signDraft(membership.idTag, currentKey(membership.keys, statement.iat), statement, sign);
}

/** Puts the relay's word into history and takes the row out of the outbox, in one transaction. */
async function settle(db: Database, row: OutboxRow, result: Receipt): Promise<void> {
  await db.transaction('rw', db.actions, db.outbox, async () => {
    if (result.status === 'accepted')
      await db.actions.update(row.id, {
        ...{ state: 'accepted', actionId: result.actionId, token: result.token },
        // On its way, until the relay tells more.
        deliveries: row.statement.aud === undefined ? [] : [{ to: row.statement.aud, state: 'waiting' }],
      });
    else if (result.status === 'superseded')
      await db.actions.update(row.id, { state: 'superseded', actionId: result.actionId });
    else await db.actions.update(row.id, { state: 'refused', reason: reasonOf(result) });
    if (result.status !== 'refused') await renameReferences(db, row.id, result.actionId);
    await db.outbox.where('id').equals(row.id).delete();
  });
}

/** In the language of whoever wrote it, when the code is known. */
function reasonOf({ code, message }: { code: string; message: string }): string {
  return isErrorCode(code) ? wordRefusal(code, message) : message;
}

/** As the store has it: another tab may have renewed the keys, and what was granted with them. Dates follow. */
async function refresh(options: FlushOptions): Promise<FlushOptions> {
  const { db, author, store } = options;
  const membership = (await store.membership()) ?? author.membership;
  const now = Math.floor(options.now() / 1000);
  const window = windowOf(membership.delegations, now);
  if (window) await redate(db, window, now);
  return { ...options, author: { ...author, membership } };
}

/** The relay has other keys than it said last, or this device has: ask, and sign again. */
async function signAgain(before: FlushOptions): Promise<FlushOptions> {
  const { db, api, store } = before;
  const { keys } = await api.get(routes.me, profileSchema);
  await store.changeMembership({ keys });
  const options = await refresh(before);
  const { author } = options;
  const membership = { ...author.membership, keys };
  await db.outbox.toCollection().modify((row) => {
    delete row.draft;
  });
  return { ...options, author: { ...author, membership } };
}

/**
 * Sends what waits in the outbox until nothing more can go: files first, drafts in their order, each settled by its
 * receipt. Run by whoever is awake (page, another tab, service worker) under the Web Lock `islet-outbox` of its space, so once at a time;
 * the relay's answer to a repeated draft is the same, so a lost answer costs nothing (SPEC D5).
 * @returns how many drafts were settled
 * @throws RelayUnreachable to be tried again later; IsletError of a file that the relay does not take just now
 */
export function flushOutbox(options: FlushOptions): Promise<number> {
  return navigator.locks.request(`${options.db.name}-outbox`, () => flush(options));
}

/** Refusals that another signature may mend. */
const ofOldKeys = ['E-KEY-UNKNOWN', 'E-TOKEN-SIGNATURE', 'E-DELEGATION-EXPIRED'];
/** Refusals of this device as it stands, and not of what was written: that is kept until the device is let in again. */
const ofThisDevice: readonly string[] = ['E-DELEGATION-EXPIRED', 'E-DELEGATION-SUSPENDED'];

function waiting(result: Receipt): IsletError | undefined {
  if (result.status !== 'refused' || !isErrorCode(result.code)) return undefined;
  return ofThisDevice.includes(result.code) ? new IsletError(result.code, result.message) : undefined;
}

async function flush(options: FlushOptions): Promise<number> {
  let settled = 0;
  let current = await refresh(options);
  let signedAgain = false;
  const putOff: PutOff = { ids: new Set() };
  for (;;) {
    const batch = await collect(current, putOff);
    if (batch.length === 0 && putOff.reason) throw putOff.reason;
    if (batch.length === 0) return settled;
    if ((await uploadAll(current, batch, putOff)) > 0) continue;
    const drafts = batch.map(({ draft }) => draft);
    const { results } = await current.api.post(routes.actions, { drafts }, receiptSchema);
    if (
      !signedAgain &&
      results.some((result) => result.status === 'refused' && ofOldKeys.includes(result.code))
    ) {
      current = await signAgain(current);
      signedAgain = true;
      continue;
    }
    for (const [i, { row }] of batch.entries()) {
      const result = results[i];
      if (!result) throw new Error('the receipt is shorter than what was sent');
      const stays = waiting(result);
      if (stays) {
        putOff.ids.add(row.id);
        putOff.reason = stays;
        continue;
      }
      await settle(current.db, row, result);
      settled++;
    }
  }
}
