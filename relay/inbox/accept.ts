import { assertAddressed, assertMayReceive } from '../../shared/action/accept.ts';
import { aboutReference, type ParsedAction, parseAction, supersedes } from '../../shared/action/action.ts';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Lock } from '../identity/lock.ts';
import { findStatement } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { findRelation } from '../store/relations.ts';
import type { Verify } from './keys.ts';
import { findAbout, findRival, recordAction } from './record.ts';

export interface AcceptParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly verify: Verify;
  readonly lock: Lock;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Something of this issuer was stored. */
  readonly accepted: (iss: IdTag) => void;
}

/** `known`: it was here already; `superseded`: a later one is. Neither has an effect. */
export type Verdict = 'stored' | 'known' | 'superseded';

/**
 * Takes a token from outside, in the order of SPEC R4; it is durable when this returns.
 * @throws IsletError: E-NET-FAILED and E-SYS-UNAVAIL are temporary, every other code is final
 */
export type Accept = (text: string) => Promise<Verdict>;

export function createAccept(parts: AcceptParts): Accept {
  const { db, idTag, verify, lock, now, accepted } = parts;
  return async (text) => {
    const action = await parseAction(text);
    if (await isKnown(db, idTag, action)) return 'known';
    assertAddressed(action, idTag, Math.floor(now() / 1000));
    await verify(action).catch(refuseAddress);
    const verdict = await lock(() => store(action, text, parts));
    if (verdict === 'stored') accepted(action.payload.iss);
    return verdict;
  };
}

async function isKnown(db: Database, idTag: IdTag, { payload, statementId }: ParsedAction): Promise<boolean> {
  return (await findStatement(db, { idTag, iss: payload.iss, statementId })) !== undefined;
}

/** An issuer whose host may not be asked can never be verified. */
function refuseAddress(error: unknown): never {
  if (error instanceof IsletError && error.code === 'E-NET-ADDRESS')
    throw new IsletError('E-KEY-UNKNOWN', error.message, error.value);
  throw error;
}

async function store(action: ParsedAction, token: string, { db, idTag, now }: AcceptParts): Promise<Verdict> {
  if (await isKnown(db, idTag, action)) return 'known';
  await assertPermitted(db, idTag, action);
  const rival = await findRival(db, idTag, action);
  const own = { iat: action.payload.iat, statementId: action.statementId };
  if (rival && supersedes({ iat: rival.iat, statementId: rival.statement_id }, own)) return 'superseded';
  const incoming = { idTag, action, token, proof: undefined, origin: 'received' as const, now: now() };
  const effect = action.type.whenReceived?.(action.payload);
  await db.transaction().execute((trx) => recordAction(trx, incoming, effect));
  return 'stored';
}

/** SPEC R2, R5: from somebody who is followed, what it is about may still be on its way. */
async function assertPermitted(db: Database, idTag: IdTag, action: ParsedAction): Promise<void> {
  const relation = await findRelation(db, idTag, action.payload.iss);
  const following = relation?.following === 1;
  const about = await findAbout(db, idTag, action);
  try {
    assertMayReceive(action, { tenant: idTag, following, about });
  } catch (error) {
    if (following && !about && aboutReference(action.payload) !== undefined)
      throw new IsletError('E-SYS-UNAVAIL', 'what it is about has not arrived yet', error);
    throw error;
  }
}
