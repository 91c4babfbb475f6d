import { aboutReference, type ParsedAction, parseAction } from '../../shared/action/action.ts';
import type { HeldAction, RelationEffect } from '../../shared/action/define.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { actionId } from '../../shared/token/compact.ts';
import { findAction, findByKey, insertAction, supersedeAction } from '../store/actions.ts';
import type { Executor } from '../store/database.ts';
import { insertAttachments } from '../store/files.ts';
import { findRelation, saveRelation } from '../store/relations.ts';
import type { ActionRow } from '../store/tables.ts';

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

/** The stored row that an action would take the place of, or that holds against it. */
export function findRival(
  db: Executor,
  idTag: IdTag,
  { type, payload }: ParsedAction,
): Promise<ActionRow | undefined> {
  const key = type.key?.(payload);
  return key === undefined ? Promise.resolve(undefined) : findByKey(db, idTag, key);
}

/** The action that this one is about, when the tenant holds it. */
export async function findAbout(
  db: Executor,
  idTag: IdTag,
  { payload }: ParsedAction,
): Promise<HeldAction | undefined> {
  const reference = aboutReference(payload);
  const row = reference === undefined ? undefined : await findAction(db, idTag, reference);
  if (!row) return undefined;
  return { actionId: row.action_id, payload: (await parseAction(row.token)).payload };
}

/** Row, what it supersedes, relations and attachments; the caller holds the transaction. @returns id and number */
export async function recordAction(
  trx: Executor,
  incoming: Incoming,
  effect: RelationEffect | undefined,
): Promise<{ actionId: string; seq: number }> {
  const { idTag, action, token, proof, origin, now } = incoming;
  const { payload, type, statementId } = action;
  const rival = await findRival(trx, idTag, action);
  if (rival) await supersedeAction(trx, rival);
  const id = await actionId(token);
  const seq = await insertAction(trx, {
    id_tag: idTag,
    statement_id: statementId,
    action_id: id,
    iss: payload.iss,
    nonce: origin === 'own' ? (payload._ ?? null) : null,
    type: payload.t,
    key: type.key?.(payload) ?? null,
    visibility: payload.v ?? 'F',
    iat: payload.iat,
    token,
    proof: proof === undefined ? null : JSON.stringify(proof),
    proof_asked_at: 0,
    origin,
    state: 'active',
    received_at: now,
  });
  if (effect) await saveRelation(trx, idTag, effect.idTag, effect);
  await insertAttachments(trx, await attachmentsOf(trx, incoming));
  return { actionId: id, seq };
}

/** Files of an action from outside that are fetched unasked. */
const mostFetched = 8;

/** Files of our own are here already, or on their way from the device. Nothing is fetched for who is not followed. */
async function attachmentsOf(trx: Executor, { idTag, action, origin, now }: Incoming) {
  const { payload, statementId } = action;
  const attached = payload.a ?? [];
  const own = origin === 'own';
  const following = own || (await findRelation(trx, idTag, payload.iss))?.following === 1;
  return (own ? attached : attached.slice(0, following ? mostFetched : 0)).map((file_id) => ({
    id_tag: idTag,
    statement_id: statementId,
    file_id,
    owner: payload.iss,
    state: own ? ('stored' as const) : ('waiting' as const),
    tries: 0,
    next_at: now,
  }));
}
