import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { findStatement, insertTwin } from '../store/actions.ts';
import type { Executor } from '../store/database.ts';
import { readRelation } from '../store/relations.ts';
import type { Approval } from './approval.ts';
import { readReceivingContext } from './contexts.ts';
import { decideNext, type Findings, type Next } from './decide.ts';
import type { Verify } from './keys.ts';
import { tokenToActionId } from './parse.ts';
import { findRival } from './record.ts';

type Ask = Extract<Next, { ask: unknown }>['ask'];

export interface Pursuit {
  /** Where it is looked up. */
  readonly db: Executor;
  readonly parts: { readonly idTag: IdTag; readonly verify: Verify };
  readonly approval: Approval | undefined;
  /** Stops when this would be looked up. */
  readonly until?: Ask;
}

/** Looks up what the decision asks for, until there is a verdict. @throws IsletError with the reason of a refusal */
export async function pursue(start: Findings, pursuit: Pursuit) {
  let found = start;
  for (;;) {
    const next = decideNext(found);
    if ('verdict' in next) return { found, verdict: next.verdict };
    if (next.ask === pursuit.until) return { found };
    found = { ...found, ...(await lookUp(next.ask, found, pursuit)) };
  }
}

async function lookUp(
  ask: Ask,
  { action, relation }: Findings,
  { db, parts: { idTag, verify }, approval }: Pursuit,
): Promise<Partial<Findings>> {
  const { iss } = action.payload;
  switch (ask) {
    case 'seen': {
      const row = await findStatement(db, { idTag, iss, statementId: action.statementId });
      if (!row || row.state === 'waiting') return { seen: 'no', waits: row !== undefined };
      return { seen: row.token === action.token.text ? 'same' : 'twin' };
    }
    case 'relation':
      return { relation: await readRelation(db, idTag, iss) };
    case 'isSigned':
      await verify(action).catch(refuseAddress);
      return { isSigned: true };
    case 'context': {
      const context = await readReceivingContext(db, idTag, action, approval !== undefined, relation);
      return { context: { ...context, container: context.container ?? approval?.container } };
    }
    case 'rival': {
      const row = await findRival(db, idTag, action);
      return { rival: row ? { iat: row.iat, statementId: row.statement_id } : null };
    }
  }
}

/** An issuer whose host may not be asked can never be verified. */
function refuseAddress(error: unknown): never {
  if (error instanceof IsletError && error.code === 'E-NET-ADDRESS')
    throw new IsletError('E-KEY-UNKNOWN', error.message, error.value);
  throw error;
}

/** SPEC I3: who names a statement by another copy of its token is understood. */
export async function keepTwin(db: Executor, { tenant, action, seen }: Findings): Promise<void> {
  if (seen !== 'twin') return;
  const { payload, statementId, token } = action;
  const action_id = await tokenToActionId(token.text);
  await insertTwin(db, { id_tag: tenant, action_id, iss: payload.iss, statement_id: statementId });
}
