import type { Adopted, AdoptItem } from '../../shared/api/restore.ts';
import { verifyActionSignature } from '../../shared/action/accept.ts';
import { type ParsedAction, supersedes } from '../../shared/action/action.ts';
import { baseType, type Effects } from '../../shared/action/define.ts';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { findKey, importIdentityKey } from '../../shared/identity/key-set.ts';
import type { Lock } from '../identity/lock.ts';
import type { NodeKeys } from '../identity/node-keys.ts';
import { deleteWaiting, findOwnByNonce, findStatement, insertAction } from '../store/actions.ts';
import { insertKnownDeliveries } from '../store/adopted-deliveries.ts';
import type { Database, Executor } from '../store/database.ts';
import { readReceivingContext, readSendingContext } from './contexts.ts';
import type { Verify } from './keys.ts';
import { createRow, findRival, type Incoming, recordAction, type StoredAction } from './record.ts';
import { parseToken } from './parse.ts';

export interface AdoptParts {
  readonly db: Database;
  readonly keys: NodeKeys;
  /** The key counts that its issuer lists under this name, even if it has been retired since. */
  readonly verifyPast: Verify;
  /** One decision at a time about an identity's actions. */
  readonly lock: Lock;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Something waits for these neighbours. */
  readonly queued: (neighbours: readonly IdTag[]) => void;
  /** Something of this issuer was stored. */
  readonly accepted: (iss: IdTag) => void;
  readonly actionStored: (stored: StoredAction) => void;
  readonly changed: () => void;
}

/**
 * SPEC D8, D9: takes over what a device has of the time before: one result an item, in order. Nothing is said, answered or counted again.
 */
export type Adopt = (items: readonly AdoptItem[]) => Promise<Adopted[]>;

interface Candidate {
  readonly item: AdoptItem;
  readonly action: ParsedAction;
}

export function createAdopt(parts: AdoptParts): Adopt {
  const { db, lock } = parts;
  return async (items) => {
    const judged: (Candidate | Adopted)[] = [];
    for (const item of items) judged.push(await judge(item, parts));
    const stored: StoredAction[] = [];
    const results = await lock(() =>
      db.transaction().execute(async (trx) => {
        const list: Adopted[] = [];
        for (const one of judged) list.push('status' in one ? one : await take(trx, one, { parts, stored }));
        return list;
      }),
    );
    tell(stored, items, parts);
    return results;
  };
}

/** The background does what it does for anything that is stored, but for answers and counts. */
function tell(stored: readonly StoredAction[], items: readonly AdoptItem[], parts: AdoptParts): void {
  if (stored.length === 0) return;
  stored.forEach(parts.actionStored);
  const issuers = stored
    .filter(({ origin }) => origin === 'received')
    .map(({ action }) => action.payload.iss);
  new Set(issuers).forEach(parts.accepted);
  const waiting = items.flatMap(({ deliveries = [] }) =>
    deliveries.filter(({ state }) => state === 'waiting'),
  );
  parts.queued([...new Set(waiting.map(({ to }) => to))]);
  parts.changed();
}

const temporary: readonly string[] = ['E-NET-FAILED', 'E-SYS-UNAVAIL'];

function refuse(error: unknown): Adopted {
  if (!(error instanceof IsletError)) throw error;
  if (temporary.includes(error.code)) return { status: 'later' };
  return { status: 'refused', code: error.code, message: error.message };
}

/** Whether it is what it seems to be; what is here already is not asked for. */
async function judge(item: AdoptItem, parts: AdoptParts): Promise<Candidate | Adopted> {
  try {
    const action = await parseToken(item.token);
    const { payload, type, statementId } = action;
    const { db, keys, now, verifyPast } = parts;
    const known = await findStatement(db, { idTag: keys.idTag, iss: payload.iss, statementId });
    if (known && known.state !== 'waiting') return { status: 'known' };
    if (type.passing || payload.t === 'PROXY')
      throw new IsletError('E-ACTION-TYPE', 'this type of action is not kept', payload.t);
    if (payload.iat > now() / 1000 + clockTolerance)
      throw new IsletError('E-TOKEN-TIME', 'it is dated ahead', payload.iat);
    const isOthers = payload.iss !== keys.idTag && payload.aud !== keys.idTag;
    if (isOthers && relating.includes(baseType(payload.t)))
      throw new IsletError('E-ACTION-AUDIENCE', 'it is addressed to somebody else', payload.aud);
    if (payload.iss === keys.idTag) await verifyOwn(action, parts);
    else await verifyPast(action);
    return { item, action };
  } catch (error) {
    return refuse(error);
  }
}

/** How somebody stands to whom it is said to, and to nobody else. */
const relating: readonly string[] = ['FLLW', 'CONN'];

/** Clocks of devices and relays are at most so far apart (SPEC A3), in seconds. */
const clockTolerance = 300;

/** SPEC D8: by any key that the identity lists and that held then. */
async function verifyOwn(action: ParsedAction, { keys, now }: AdoptParts): Promise<void> {
  const key = findKey(keys.list(now()), action.payload.k, action.payload.iat - clockTolerance);
  await verifyActionSignature(action, await importIdentityKey(key));
}

async function take(
  trx: Executor,
  { item, action }: Candidate,
  { parts, stored }: { parts: AdoptParts; stored: StoredAction[] },
): Promise<Adopted> {
  const { keys, now } = parts;
  const { idTag } = keys;
  const { payload, statementId } = action;
  try {
    const again = await findStatement(trx, { idTag, iss: payload.iss, statementId });
    if (again && again.state !== 'waiting') return { status: 'known' };
    const own = payload.iss === idTag;
    if (own && payload._ !== undefined && (await findOwnByNonce(trx, idTag, payload._)))
      throw new IsletError('E-CORE-CONFLICT', 'the relay has said something else under this `_`', payload._);
    const effects = await effectsOf(trx, idTag, action);
    const incoming: Incoming = {
      ...{ idTag, action, token: item.token, proof: own ? item.proof : undefined },
      origin: own ? 'own' : 'received',
      now: Math.min(item.receivedAt, now()),
    };
    await deleteWaiting(trx, idTag, action);
    const done = await record(trx, incoming, effects);
    if (done) stored.push(done);
    if (own)
      await insertKnownDeliveries(
        trx,
        { id_tag: idTag, statement_id: statementId },
        deliveriesOf(item, action, parts),
      );
    return { status: 'adopted' };
  } catch (error) {
    return refuse(error);
  }
}

/** It had its effect once; here it has the same again, in the order in which it was told. */
async function effectsOf(trx: Executor, idTag: IdTag, action: ParsedAction): Promise<Effects | undefined> {
  const { payload, type } = action;
  if (payload.iss === idTag) return type.whenSent?.(payload, await readSendingContext(trx, idTag, action));
  return type.whenReceived?.(payload, await readReceivingContext(trx, idTag, action, true));
}

/** @returns undefined when a later one is here already: it is kept, and nothing follows from it */
async function record(
  trx: Executor,
  incoming: Incoming,
  effects: Effects | undefined,
): Promise<StoredAction | undefined> {
  const { idTag, action } = incoming;
  const rival = await findRival(trx, idTag, action);
  const own = { iat: action.payload.iat, statementId: action.statementId };
  if (!rival || !supersedes({ iat: rival.iat, statementId: rival.statement_id }, own))
    return recordAction(trx, incoming, effects);
  await insertAction(trx, await createRow(trx, incoming, 'superseded'));
  return undefined;
}

/** Under a key that is no longer valid nobody takes it: what had not gone out then does not go by itself. */
function deliveriesOf({ deliveries = [] }: AdoptItem, { payload }: ParsedAction, { keys, now }: AdoptParts) {
  const seconds = Math.floor(now() / 1000);
  const key = keys.list(now()).find(({ keyId }) => keyId === payload.k);
  const holds = key !== undefined && (key.expiresAt ?? seconds) >= seconds;
  return deliveries.map(({ to, state, reason }) => {
    if (state !== 'waiting' || holds) return { neighbour: to, state, reason: reason ?? null, next_at: now() };
    const lost = 'the relay was lost before this was delivered';
    return { neighbour: to, state: 'quarantined' as const, reason: lost, next_at: now() };
  });
}
