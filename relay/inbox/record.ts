import { type ParsedAction, visibilityOf } from '../../shared/action/action.ts';
import { type ActionPayload, type Effects, isContact } from '../../shared/action/define.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { referencesOf } from '../store/action-references.ts';
import { findByKey, findByTwin, insertAction, updateState } from '../store/actions.ts';
import type { Executor } from '../store/database.ts';
import { insertAttachments } from '../store/files.ts';
import { readRelation } from '../store/relations.ts';
import type { ActionRow } from '../store/tables.ts';
import { carryOut } from './effects.ts';
import { tokenToActionId } from './parse.ts';

/** An action on its way into the store. */
export interface Incoming {
  readonly idTag: IdTag;
  readonly action: ParsedAction;
  /** The identity's token, as it travels. */
  readonly token: string;
  readonly proof: object | undefined;
  readonly origin: ActionRow['origin'];
  /** Milliseconds, the relay's clock. */
  readonly now: number;
}

/** What was stored, for whoever has to act on it. */
export interface StoredAction extends Incoming {
  readonly actionId: string;
  readonly seq: number;
  readonly state: ActionRow['state'];
}

/** The stored row that an action would take the place of, or that holds against it. */
export async function findRival(
  db: Executor,
  idTag: IdTag,
  { type, payload }: ParsedAction,
): Promise<ActionRow | undefined> {
  const key = type.key?.(await namedByFirst(db, idTag, payload));
  return key === undefined ? undefined : findByKey(db, idTag, key);
}

/** Row, what it supersedes, what follows from it and attachments; the caller holds the transaction. */
export async function recordAction(
  trx: Executor,
  incoming: Incoming,
  effects: Effects | undefined,
): Promise<StoredAction> {
  const { idTag, action } = incoming;
  const rival = await findRival(trx, idTag, action);
  if (rival) await updateState(trx, rival, 'superseded');
  const state = effects?.state ?? 'active';
  const row = await createRow(trx, incoming, state);
  const seq = await insertAction(trx, row);
  await carryOut(trx, incoming, effects);
  await insertAttachments(trx, await attachmentsOf(trx, incoming));
  return { ...incoming, actionId: row.action_id, seq, state };
}

/** SPEC I3: what it names by another identifier stands here under the first one. */
async function namedByFirst(db: Executor, idTag: string, payload: ActionPayload): Promise<ActionPayload> {
  const first = async (reference: string | undefined) => {
    if (!reference?.startsWith('a1~')) return reference;
    return (await findByTwin(db, idTag, reference))?.action_id ?? reference;
  };
  const [p, sub] = [await first(payload.p), await first(payload.sub)];
  return { ...payload, ...(p !== undefined && { p }), ...(sub !== undefined && { sub }) };
}

/** As it stands in the store, without its number. */
export async function createRow(
  db: Executor,
  { idTag, action, token, proof, origin, now }: Incoming,
  state: ActionRow['state'],
): Promise<Omit<ActionRow, 'seq'>> {
  const { type, statementId } = action;
  const payload = await namedByFirst(db, idTag, action.payload);
  return {
    id_tag: idTag,
    statement_id: statementId,
    action_id: await tokenToActionId(token),
    iss: payload.iss,
    nonce: origin === 'own' ? (payload._ ?? null) : null,
    type: payload.t,
    key: type.key?.(payload) ?? null,
    visibility: visibilityOf(action),
    iat: payload.iat,
    token,
    proof: proof === undefined ? null : JSON.stringify(proof),
    proof_asked_at: 0,
    origin,
    state,
    received_at: now,
    ...referencesOf(payload),
  };
}

/** Files of an action from outside that are fetched unasked. */
const mostFetched = 8;

/** Files of our own are here already, or on their way from the device. Nothing is fetched for who is no contact, or unknown. */
async function attachmentsOf(trx: Executor, { idTag, action, origin, now }: Incoming) {
  const { payload, statementId, type } = action;
  const attached = payload.a ?? [];
  if (attached.length === 0 || type.raw) return [];
  const own = origin === 'own';
  const wanted = own || isContact(await readRelation(trx, idTag, payload.iss));
  return (own ? attached : attached.slice(0, wanted ? mostFetched : 0)).map((file_id) => ({
    id_tag: idTag,
    statement_id: statementId,
    file_id,
    owner: payload.iss,
    state: own ? ('stored' as const) : ('waiting' as const),
    tries: 0,
    next_at: now,
  }));
}
