import { parseToken } from './parse.ts';
import type { Approval } from './approval.ts';
import { keepTwin, pursue } from './pursue.ts';
import { type Accepted, createTake, type TakeParts } from './take.ts';

/**
 * Takes one token from outside as SPEC R4 says; it is durable when this returns.
 * @param approval what brought it and stands by it
 * @throws IsletError: E-NET-FAILED and E-SYS-UNAVAIL are temporary, every other code is final
 */
export type AcceptOne = (text: string, approval?: Approval) => Promise<Accepted>;

export function createAcceptOne(parts: TakeParts): AcceptOne {
  const { db, idTag, now } = parts;
  const take = createTake(parts);
  return async (text, approval) => {
    const action = await parseToken(text);
    const start = { tenant: idTag, now: Math.floor(now() / 1000), action, approved: approval !== undefined };
    const early = await pursue(start, { db, parts, approval, until: 'context' });
    if ('verdict' in early) {
      if (early.verdict === 'known') await keepTwin(db, early.found);
      return { status: early.verdict, answers: [] };
    }
    // While it waited for a key, or waits for its turn, much may change.
    const { seen: _seen, relation: _relation, waits: _waits, ...lasting } = early.found;
    return take({ found: lasting, approval });
  };
}
