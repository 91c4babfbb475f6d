import * as v from 'valibot';
import { limits } from '../routes.ts';

const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const headSchema = v.object({
  head: v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'not a hash')),
  length: v.pipe(seq, v.minValue(1)),
});

/**
 * `GET pinned`, for devices of a neighbour: the device log of theirs that this relay has seen (SPEC L13); null when it saw none. `offered`:
 * what it was shown since, when that does not fit and nobody has accepted it.
 */
export const pinnedSchema = v.object({ pinned: v.nullable(headSchema), offered: v.optional(headSchema) });
export type Witnessed = v.InferOutput<typeof pinnedSchema>;

/** `GET heard?after=<seq>`, for devices of a neighbour: what this relay took in their name, in the order it came (SPEC F4). */
export const heardSchema = v.object({
  items: v.pipe(
    v.array(v.object({ actionId: v.string(), token: v.pipe(v.string(), v.maxLength(limits.body)) })),
    v.maxLength(200),
  ),
  /** Ask again with this. */
  next: seq,
  more: v.boolean(),
});
export type Heard = v.InferOutput<typeof heardSchema>;
