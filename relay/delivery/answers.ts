import * as v from 'valibot';
import { parseJson } from '../../shared/parse.ts';
import { errorSchema } from '../../shared/routes.ts';
import type { Answer } from '../identity/safe-fetch.ts';
import { parseRetryAfter } from './backoff.ts';

/** What came of one try. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** `quarantined`: we give up, not the neighbour. */
  | { readonly kind: 'refused' | 'quarantined'; readonly reason: string }
  /** The neighbour demands proof of work: so many `A` at the end of the token; undefined when it did not say how many. */
  | { readonly kind: 'work'; readonly reason: string; readonly letters: number | undefined }
  /** It was given up so that others could go on: no fault of the neighbour's, as far as is known. */
  | { readonly kind: 'cut' }
  | Later;

export interface Later {
  readonly kind: 'later';
  readonly reason: string;
  /** False: the neighbour itself is away. */
  readonly reached: boolean;
  /** It wants to be left alone altogether. */
  readonly rest: boolean;
  /** Milliseconds, when the neighbour said so. */
  readonly after?: number | undefined;
}

/** Statuses that ask for another try, whatever stands in the body. */
const passing = [408, 425, 429];
/** A proxy in front of a neighbour says that it is not there. */
const nobodyHome = [502, 504];

/** A key that is new may not have come round yet: so often is it told again, after so many milliseconds at least. */
const unknownKey = { code: 'E-KEY-UNKNOWN', tries: 3, after: 12_000 };

/**
 * SPEC Q1: delivered is 2xx with JSON; refused is 4xx with JSON; anything else is tried again. `tries` in vain went before.
 */
export function judge({ status, headers, bytes }: Answer, now: number, tries = 0): Outcome {
  const after = parseRetryAfter(headers['retry-after'], now);
  const reached = !nobodyHome.includes(status);
  const again: Later = { kind: 'later', reason: `answered ${status}`, reached, rest: status === 429, after };
  const body = readJsonBody(bytes);
  if (body === undefined) return again;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status < 400 || status >= 500 || passing.includes(status)) return again;
  const reason = readReason(body) ?? `answered ${status}`;
  if (reason.startsWith(`${unknownKey.code}:`) && tries < unknownKey.tries)
    return { ...again, reason, after: Math.max(after ?? 0, unknownKey.after) };
  return status === 428 ? { kind: 'work', reason, letters: readLetters(body) } : { kind: 'refused', reason };
}

function readJsonBody(bytes: Buffer): { readonly json: unknown } | undefined {
  try {
    return { json: parseJson(v.unknown(), bytes.toString('utf8')) };
  } catch {
    return undefined;
  }
}

function readReason({ json }: { json: unknown }): string | undefined {
  const parsed = v.safeParse(errorSchema, json);
  return parsed.success
    ? `${parsed.output.error.code}: ${parsed.output.error.message}`.slice(0, 300)
    : undefined;
}

const lettersSchema = v.object({ error: v.object({ details: v.object({ required: v.number() }) }) });

/** Stock nodes say it in words, `token must end with 'AA'`, or as `details.required`. */
function readLetters({ json }: { json: unknown }): number | undefined {
  const told = v.safeParse(lettersSchema, json);
  if (told.success) return told.output.error.details.required;
  return /must end with '(A+)'/.exec(readReason({ json }) ?? '')?.[1]?.length;
}
