import { type ParsedAction, parseAction } from '../../shared/action/action.ts';
import type { ReceivingContext } from '../../shared/action/define.ts';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { actionId } from '../../shared/token/compact.ts';
import type { Lock } from '../identity/lock.ts';
import { deleteWaiting, findStatement, insertTwin } from '../store/actions.ts';
import { readRelation } from '../store/relations.ts';
import { type AnswerParts, prepareAnswers } from './answers.ts';
import type { Approval } from './approval.ts';
import { readReceivingContext } from './contexts.ts';
import { decideNext, type Findings, type Next, type Verdict } from './decide.ts';
import type { Verify } from './keys.ts';
import { type OwnAction, recordOwn, type SaidAction } from './own.ts';
import { findRival, recordAction, type StoredAction } from './record.ts';

export interface AcceptParts extends AnswerParts {
  readonly idTag: IdTag;
  readonly verify: Verify;
  /** One decision at a time about an identity's actions. */
  readonly lock: Lock;
  /** Something from outside was stored; `recounts`: the action whose counts have changed by it. */
  readonly received: (stored: StoredAction, recounts: string | undefined) => void;
  /** The relay answered under a standing order. */
  readonly said: (said: SaidAction) => void;
  /** It passes by: devices that are there are told. */
  readonly passed: (action: ParsedAction) => void;
}

/** What became of a token. */
export interface Accepted {
  readonly status: Verdict;
  /** Tokens of what the relay answered at once. */
  readonly answers: readonly string[];
}

/**
 * Takes one token from outside as SPEC R4 says; it is durable when this returns.
 * @param approval what brought it and stands by it
 * @throws IsletError: E-NET-FAILED and E-SYS-UNAVAIL are temporary, every other code is final
 */
export type AcceptOne = (text: string, approval?: Approval) => Promise<Accepted>;

export function createAcceptOne(parts: AcceptParts): AcceptOne {
  const { idTag, lock, now } = parts;
  return async (text, approval) => {
    const action = await parseAction(text);
    const start = { tenant: idTag, now: Math.floor(now() / 1000), action, approved: approval !== undefined };
    const early = await pursue(start, { parts, approval, until: 'context' });
    if ('verdict' in early) {
      await finish(early, parts);
      return { status: early.verdict, answers: [] };
    }
    return lock(async () => {
      // While it waited for the lock, or for a key, much may have changed.
      const { seen: _seen, relation: _relation, ...lasting } = early.found;
      const end = await pursue(lasting, { parts, approval });
      if (!('verdict' in end)) throw new Error('a decision without end');
      await finish(end, parts);
      if (end.verdict !== 'stored') return { status: end.verdict, answers: [] };
      return store(action, end.found.context!, parts);
    });
  };
}

type Ask = Extract<Next, { ask: unknown }>['ask'];

interface Pursuit {
  readonly parts: AcceptParts;
  readonly approval: Approval | undefined;
  /** Stops when this would be looked up. */
  readonly until?: Ask;
}

/** Looks up what the decision asks for, until there is a verdict. */
async function pursue(start: Findings, pursuit: Pursuit) {
  let found = start;
  for (;;) {
    const next = decideNext(found);
    if ('verdict' in next) return { found, verdict: next.verdict };
    if (next.ask === pursuit.until) return { found };
    found = { ...found, ...(await lookUp(next.ask, found.action, pursuit)) };
  }
}

async function lookUp(
  ask: Ask,
  action: ParsedAction,
  { parts: { db, idTag, verify }, approval }: Pursuit,
): Promise<Partial<Findings>> {
  const { iss } = action.payload;
  switch (ask) {
    case 'seen': {
      const row = await findStatement(db, { idTag, iss, statementId: action.statementId });
      if (!row || row.state === 'waiting') return { seen: 'no' };
      return { seen: row.token === action.token.text ? 'same' : 'twin' };
    }
    case 'relation':
      return { relation: await readRelation(db, idTag, iss) };
    case 'isSigned':
      await verify(action).catch(refuseAddress);
      return { isSigned: true };
    case 'context': {
      const context = await readReceivingContext(db, idTag, action, approval !== undefined);
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

/** What is not stored may still leave something behind. */
async function finish(
  { found, verdict }: { readonly found: Findings; readonly verdict?: Verdict },
  { db, idTag, passed }: AcceptParts,
): Promise<void> {
  const { payload, statementId, token } = found.action;
  if (verdict === 'passed') passed(found.action);
  if (verdict !== 'known' || found.seen !== 'twin') return;
  // SPEC I3: who names the statement by this copy of its token is understood.
  const action_id = await actionId(token.text);
  await insertTwin(db, { id_tag: idTag, action_id, iss: payload.iss, statement_id: statementId });
}

/** The action, what follows from it, and what is answered under standing orders: one transaction. */
async function store(action: ParsedAction, context: ReceivingContext, parts: AcceptParts): Promise<Accepted> {
  const { db, idTag, now, received, said } = parts;
  const answers = await prepareAnswers(action, context, parts);
  const effects = action.type.whenReceived?.(action.payload, context);
  const token = action.token.text;
  const incoming = { idTag, action, token, proof: undefined, origin: 'received' as const, now: now() };
  const done = await db.transaction().execute(async (trx) => {
    await deleteWaiting(trx, idTag, action);
    const stored = await recordAction(trx, incoming, effects);
    const spoken: SaidAction[] = [];
    for (const answer of answers) spoken.push(await recordOwn(trx, idTag, answer, now()));
    return { stored, spoken };
  });
  received(done.stored, effects?.recounts);
  done.spoken.forEach(said);
  return { status: 'stored', answers: answers.map((answer: OwnAction) => answer.token) };
}
