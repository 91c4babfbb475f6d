import { baseType, type Effects, isEnd } from '../../shared/action/define.ts';
import { forgetAttachments } from '../files/release.ts';
import { findAction, listAbout, listUndecided, updateState } from '../store/actions.ts';
import type { Executor } from '../store/database.ts';
import { saveRelation } from '../store/relations.ts';
import type { Incoming } from './record.ts';

/** All that follows from an action that was taken or sent, but for what is said then; the caller holds the transaction. */
export async function carryOut(
  trx: Executor,
  incoming: Incoming,
  effects: Effects | undefined,
): Promise<void> {
  const { idTag } = incoming;
  const { relation, deletes, removes } = effects ?? {};
  if (relation) await saveRelation(trx, idTag, relation.idTag, relation);
  if (deletes !== undefined) await remove(trx, idTag, deletes);
  if (removes) await putOut(trx, incoming, removes);
  if (incoming.origin === 'own') await settle(trx, incoming);
}

/** SPEC R6: it stays as a row that says so, and what it attached is let go. */
async function remove(trx: Executor, idTag: string, actionId: string): Promise<void> {
  const row = await findAction(trx, idTag, actionId);
  if (!row || row.state === 'deleted') return;
  await updateState(trx, row, 'deleted');
  await forgetAttachments(trx, row);
}

/** SPEC M3: what somebody said about being in, and what others said for it, is over. */
async function putOut(
  trx: Executor,
  { idTag, action }: Incoming,
  { container, idTag: who }: NonNullable<Effects['removes']>,
): Promise<void> {
  const of = { column: 'subject' as const, actionId: container, types: ['SUBS', 'INVT'] };
  for (const row of await listAbout(trx, idTag, of)) {
    const isTheirs = baseType(row.type) === 'SUBS' ? row.iss === who : row.aud === who;
    // What was here before was said before, even if it is dated ahead.
    const saidAt = Math.min(row.iat, Math.floor(row.received_at / 1000));
    if (isTheirs && !isEnd({ t: row.type }) && saidAt <= action.payload.iat)
      await updateState(trx, row, 'deleted');
  }
}

/** What waited for a decision of the identity and has it now. */
async function settle(trx: Executor, { idTag, action }: Incoming): Promise<void> {
  const { t, aud, sub } = action.payload;
  const decided =
    baseType(t) === 'CONN' && aud !== undefined
      ? await listUndecided(trx, idTag, { type: 'CONN', iss: aud })
      : baseType(t) === 'SUBS' && sub !== undefined
        ? await listUndecided(trx, idTag, { type: 'INVT', subject: sub })
        : [];
  for (const row of decided) await updateState(trx, row, 'active');
}
