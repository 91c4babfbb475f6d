import { assertAddressed, assertMayReceive } from '../../shared/action/accept.ts';
import { aboutReference, type ParsedAction, supersedes, type Upsert } from '../../shared/action/action.ts';
import { isContact, isEnd, type ReceivingContext, type Relation } from '../../shared/action/define.ts';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';

/** `known`: it was here already; `superseded`: a later one is; `passed`: handed on and not kept. None of these has an effect. */
export type Verdict = 'stored' | 'known' | 'superseded' | 'passed';

/** What has been found out about a token so far; members are absent until somebody looked. */
export interface Findings {
  readonly tenant: IdTag;
  /** Seconds since 1970. */
  readonly now: number;
  readonly action: ParsedAction;
  /** It came with an action that was taken and stands by it (SPEC R7). */
  readonly approved: boolean;
  /** `twin`: the same statement came with another signature. */
  readonly seen?: 'no' | 'same' | 'twin';
  /** It lies here since it came along with something, and was not taken so far. */
  readonly waits?: boolean;
  readonly relation?: Relation;
  /** The signature is of a key that the issuer lists. */
  readonly isSigned?: true;
  readonly context?: ReceivingContext;
  /** The stored one with the same database key; null when there is none. */
  readonly rival?: Upsert | null;
}

/** What is to be looked up next, or what becomes of the token. */
export type Next =
  { readonly ask: 'seen' | 'relation' | 'isSigned' | 'context' | 'rival' } | { readonly verdict: Verdict };

/**
 * SPEC R4: the whole order in which a token from outside is judged, what is cheap before what is costly: whatever can be refused
 * without asking anybody is refused before anybody is asked. Pure; who calls it looks up what it asks for and calls it again.
 * @throws IsletError with the reason of a refusal
 */
export function decideNext(found: Findings): Next {
  const { action, approved } = found;
  if (found.seen === undefined) return { ask: 'seen' };
  if (found.seen === 'same') return { verdict: 'known' };
  if (found.seen === 'no') assertForUs(found);
  if (found.relation === undefined) return { ask: 'relation' };
  if (found.relation.blocked)
    throw new IsletError('E-ACTION-PERMISSION', 'its issuer is not wanted here', action.payload.iss);
  if (!found.isSigned) return { ask: 'isSigned' };
  if (found.seen === 'twin') return { verdict: 'known' };
  if (found.context === undefined) return { ask: 'context' };
  assertPermitted(action, { ...found.context, approved });
  if (action.type.passing) return { verdict: 'passed' };
  if (found.rival === undefined) return { ask: 'rival' };
  const own = { iat: action.payload.iat, statementId: action.statementId };
  if (found.rival && supersedes(found.rival, own)) return { verdict: 'superseded' };
  return { verdict: 'stored' };
}

/** What can be said without looking anything up. */
function assertForUs({ action, ...found }: Findings): void {
  if (action.payload.t === 'PROXY')
    throw new IsletError('E-ACTION-TYPE', 'it is shown for an access token and goes to no inbox');
  assertAddressed(action, found);
  // Nothing remembers what is not kept: who has an old one could show it again.
  if (action.type.passing && action.payload.iat < found.now - longestPassing)
    throw new IsletError('E-TOKEN-TIME', 'it passed long ago', action.payload.iat);
}

/** In seconds. */
const longestPassing = 300;

/** SPEC R2, R5. */
function assertPermitted(action: ParsedAction, context: ReceivingContext): void {
  try {
    assertMayReceive(action, context);
  } catch (error) {
    if (mayStillCome(action, context))
      throw new IsletError('E-SYS-UNAVAIL', 'what it is about has not arrived yet', error);
    throw error;
  }
}

/** SPEC R5: what it is about may still be on its way. */
function mayStillCome({ payload }: ParsedAction, { about, relation }: ReceivingContext): boolean {
  const isMissing = about === undefined && aboutReference(payload) !== undefined;
  return isMissing && !relation.blocked && (isContact(relation) || isEnd(payload));
}
