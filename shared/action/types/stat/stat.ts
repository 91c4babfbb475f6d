import * as v from 'valibot';
import { type ActionType, contentOwner } from '../../define.ts';
import { toReaders } from '../../rules.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** `r`: `total`, then code and count of each reaction: `3,L2,V1`. `c` comments, `ct` time of the newest one, `rp` reposts. */
export const statSchema = v.looseObject({
  r: v.optional(v.pipe(v.string(), v.regex(/^\d{1,9}(,[A-Z]\d{1,9}){0,20}$/, 'not a count of reactions'))),
  c: v.optional(count),
  ct: v.optional(count),
  rp: v.optional(count),
});

/** How often an action was answered. */
interface Counts {
  /** By the type of reaction, `REACT:LIKE`. */
  readonly reactions: ReadonlyMap<string, number>;
  readonly comments: number;
  /** Seconds since 1970, 0 when there is none. */
  readonly newest: number;
  readonly reposts: number;
}

/** SPEC R8: the letter of each kind of reaction, in the order in which they are told. */
const letters = { LIKE: 'L', LOVE: 'V', LAUGH: 'H', WOW: 'W', SAD: 'S', ANGRY: 'A' } as const;

/** `c` of a STAT (SPEC R8). */
export function formatCounts({
  reactions,
  comments,
  newest,
  reposts,
}: Counts): v.InferOutput<typeof statSchema> {
  const kinds = Object.entries(letters).flatMap(([kind, letter]) => {
    // A reaction that names no kind is a like.
    const plain = kind === 'LIKE' ? (reactions.get('REACT') ?? 0) : 0;
    const many = (reactions.get(`REACT:${kind}`) ?? 0) + plain;
    return many > 0 ? [{ letter, many }] : [];
  });
  const total = kinds.reduce((sum, { many }) => sum + many, 0);
  const r = [String(total), ...kinds.map(({ letter, many }) => `${letter}${many}`)].join(',');
  return { r, c: comments, ...(newest > 0 && { ct: newest }), rp: reposts };
}

/** The owner of the action that `p` names tells how often it was answered. */
export const stat: ActionType = {
  type: 'STAT',
  subtypes: [],
  voice: 'relay',
  fields: { c: 'required', p: 'required', a: 'forbidden', aud: 'optional', sub: 'optional' },
  content: statSchema,
  fromStrangers: (_payload, { about }) => about !== undefined,
  key: ({ p, iss }) => `STAT:${iss}:${p}`,
  recipients: (payload, context) =>
    context.about ? toReaders({ ...payload, v: context.about.visibility }, context) : [],
  refusal: ({ iss }, { about }) => {
    if (!about) return 'what it counts is not known here';
    return contentOwner(about.payload) === iss ? undefined : 'it counts what belongs to somebody else';
  },
};
