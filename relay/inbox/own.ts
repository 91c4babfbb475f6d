import { assertMaySend } from '../../shared/action/accept.ts';
import {
  actionTyp,
  findActionType,
  formatPayload,
  type ParsedAction,
  type Statement,
} from '../../shared/action/action.ts';
import { baseType, isEnd, type SendingContext } from '../../shared/action/define.ts';
import { bytesToBase64url, type Random } from '../../shared/bytes.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { signCompact } from '../../shared/token/compact.ts';
import type { NodeKeys } from '../identity/node-keys.ts';
import { findAction, findByKey, listAbout } from '../store/actions.ts';
import { listBlocked } from '../store/blocks.ts';
import type { Executor } from '../store/database.ts';
import { insertDeliveries, listRecipients } from '../store/deliveries.ts';
import { listPins } from '../store/pins.ts';
import type { ActionRow } from '../store/tables.ts';
import { readSendingContext } from './contexts.ts';
import { recordAction, type StoredAction } from './record.ts';
import { parseToken } from './parse.ts';

/** What the identity says, signed and not stored yet. */
export interface OwnAction {
  readonly action: ParsedAction;
  readonly token: string;
  readonly proof: object | undefined;
}

/** What the identity has said, and to whom it goes. */
export interface SaidAction extends StoredAction {
  readonly recipients: readonly IdTag[];
  /** The action of the identity's whose counts have changed (STAT). */
  readonly recounts: string | undefined;
}

export interface SignParts {
  readonly db: Executor;
  readonly keys: NodeKeys;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Signs a statement of the relay's own (SPEC V1, V2) with a random `_`, dated later than the one whose place it takes (U1). */
export async function signOwn(
  statement: Omit<Statement, '_' | 'iat'>,
  { db, keys, random, now }: SignParts,
  proof?: object,
): Promise<OwnAction> {
  const { idTag, k, sign } = keys;
  const seconds = Math.floor(now() / 1000);
  const key = findActionType(statement.t).key?.({ ...statement, iss: idTag, k, iat: seconds });
  const rival = key === undefined ? undefined : await findByKey(db, idTag, key);
  const iat = Math.max(seconds, rival ? rival.iat + 1 : 0);
  const payload = formatPayload(idTag, k, { ...statement, iat, _: bytesToBase64url(random(16)) });
  const token = await signCompact(actionTyp, payload, sign);
  return { action: await parseToken(token), token, proof };
}

/**
 * Stores what the identity says, with what follows from it and its deliveries; the caller holds the transaction.
 * @throws IsletError E-ACTION-PERMISSION
 */
export async function recordOwn(
  trx: Executor,
  idTag: IdTag,
  { action, token, proof }: OwnAction,
  now: number,
): Promise<SaidAction> {
  const { payload, type, statementId } = action;
  const context = await readSendingContext(trx, idTag, action);
  assertMaySend(action, context);
  const effects = type.whenSent?.(payload, context);
  const alsoTo = effects?.deletes === undefined ? [] : await listReached(trx, idTag, effects.deletes);
  const stored = await recordAction(trx, { idTag, action, token, proof, origin: 'own', now }, effects);
  const all = new Set([...type.recipients(payload, context), ...alsoTo]);
  const deaf = type.needsLog?.(payload) ? await listDeaf(trx, idTag) : new Set<string>();
  const blocked = await listBlocked(trx, idTag);
  const mayHear = (to: IdTag) => !blocked.has(to) || (isEnd(payload) && payload.aud === to);
  const recipients = [...all].filter((to) => to !== idTag && !deaf.has(to) && mayHear(to));
  await deliver(trx, { idTag, statementIds: [statementId], now }, recipients);
  const welcomed = await welcome(trx, context, { action, now });
  return { ...stored, recipients: [...recipients, ...welcomed], recounts: effects?.recounts };
}

interface Parcel {
  readonly idTag: IdTag;
  readonly statementIds: readonly string[];
  readonly now: number;
}

function deliver(trx: Executor, { idTag, statementIds, now }: Parcel, to: readonly IdTag[]): Promise<void> {
  const rows = statementIds.flatMap((statement_id) =>
    to.map((neighbour) => ({ id_tag: idTag, statement_id, neighbour, next_at: now })),
  );
  return insertDeliveries(trx, rows);
}

/** SPEC R6: neighbours that were seen to have no device log. */
async function listDeaf(trx: Executor, idTag: IdTag): Promise<Set<string>> {
  const pins = await listPins(trx, idTag);
  return new Set(pins.filter(({ head }) => head === null).map(({ neighbour }) => neighbour));
}

/** SPEC R6: who was sent something, or showed it on, is also sent that it is gone. */
async function listReached(trx: Executor, idTag: IdTag, actionId: string): Promise<IdTag[]> {
  const row = await findAction(trx, idTag, actionId);
  if (row?.origin !== 'own') return [];
  const shown = await listAbout(trx, idTag, { column: 'subject', actionId, types: ['REPOST'] });
  return [...(await listRecipients(trx, row)), ...shown.map(({ iss }) => iss)].map(parseIdTag);
}

/** SPEC M1: who joins is told who else is in: the owner sends what it stood by before. @returns whom it goes to */
async function welcome(
  trx: Executor,
  { tenant, container, about }: SendingContext,
  { action, now }: { action: ParsedAction; now: number },
): Promise<IdTag[]> {
  const joins = about && baseType(about.payload.t) === 'SUBS' && !isEnd(about.payload);
  if (baseType(action.payload.t) !== 'APRV' || container?.owner !== tenant || !joins) return [];
  const { actionId } = container.action;
  const joined = await listAbout(trx, tenant, { column: 'subject', actionId, types: ['SUBS'] });
  const ids = joined.filter(({ type }) => !isEnd({ t: type })).map(({ action_id }) => action_id);
  const vouched = await listAbout(trx, tenant, { column: 'parent', actionId, types: ['APRV'] });
  const rows = vouched.filter(({ subject, origin }) => origin === 'own' && ids.includes(subject ?? ''));
  const conversation = await findAction(trx, tenant, actionId);
  const statementIds = [...(conversation?.origin === 'own' ? [conversation] : []), ...rows].map(
    (row: ActionRow) => row.statement_id,
  );
  await deliver(trx, { idTag: tenant, statementIds, now }, [about.payload.iss]);
  return [about.payload.iss];
}
