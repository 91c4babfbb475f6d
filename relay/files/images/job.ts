import * as v from 'valibot';

/** A picture that is looked at: whether it is what its descriptor says. */
const checkSchema = v.object({
  kind: v.literal('check'),
  file: v.string(),
  /** As descriptors name them. */
  format: v.string(),
  width: v.number(),
  height: v.number(),
  /** An original may carry its camera's metadata and is not decoded; a rendition may not and is. */
  original: v.boolean(),
});

/** Renditions that are made of one picture. */
const renderSchema = v.object({
  kind: v.literal('render'),
  file: v.string(),
  /** `edge`: of the square that it fits in, in pixels, or is cut to; `to`: the file that is written. */
  sizes: v.array(v.object({ name: v.string(), edge: v.number(), crop: v.boolean(), to: v.string() })),
});

export const jobSchema = v.variant('kind', [checkSchema, renderSchema]);
export type Job = v.InferOutput<typeof jobSchema>;

const madeSchema = v.object({ name: v.string(), file: v.string(), width: v.number(), height: v.number() });
export type Made = v.InferOutput<typeof madeSchema>;

/** What the child process says: that it can begin, or how a job ended. `refused`: why, to follow "the picture …". */
export const saidSchema = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('done'), made: v.array(madeSchema) }),
  v.object({ kind: v.literal('refused'), why: v.string() }),
  v.object({ kind: v.literal('unreadable'), why: v.string() }),
]);
export type Said = v.InferOutput<typeof saidSchema>;
/** How a job ended. `broken`: the process ended over it, or had to be ended. */
export type Reply = Exclude<Said, { kind: 'ready' }> | { readonly kind: 'broken' };

/** Most pixels of a picture that is opened: what the largest cameras of today make. */
export const mostPixels = 128 * 1024 * 1024;
/** Most bytes of a decoded picture: all of those pixels with four samples of eight bits. */
export const mostBytes = 4 * mostPixels;
