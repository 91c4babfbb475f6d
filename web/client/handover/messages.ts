import * as v from 'valibot';

/** What one page tells the other while a space goes from one address of the app to another. */
const mark = { islet: v.literal('handover') };
const piece = v.object({
  kind: v.picklist(['document', 'rows', 'blob']),
  /** Id of the document, name of the table, or what the bytes are. */
  name: v.pipe(v.string(), v.maxLength(2000)),
  bytes: v.instance(Blob),
  /** `b1~` and SHA-256 of the bytes, as of a blob. */
  hash: v.string(),
});

export type Piece = v.InferOutput<typeof piece>;

const fromNew = v.variant('t', [
  v.object({ ...mark, t: v.literal('here') }),
  v.object({ ...mark, t: v.literal('take') }),
  v.object({ ...mark, t: v.literal('refuse') }),
  v.object({ ...mark, t: v.literal('got'), n: v.number() }),
  v.object({ ...mark, t: v.literal('done') }),
  v.object({ ...mark, t: v.literal('failed'), message: v.string() }),
]);

const fromOld = v.variant('t', [
  v.object({
    ...mark,
    t: v.literal('offer'),
    name: v.string(),
    idTag: v.optional(v.string()),
    entries: v.number(),
    pieces: v.number(),
  }),
  v.object({ ...mark, t: v.literal('piece'), n: v.number(), piece }),
  v.object({ ...mark, t: v.literal('end'), count: v.number(), digest: v.string() }),
  v.object({ ...mark, t: v.literal('failed'), message: v.string() }),
]);

export type FromNew = v.InferOutput<typeof fromNew>;
export type FromOld = v.InferOutput<typeof fromOld>;
export type Offer = Extract<FromOld, { t: 'offer' }>;

/** Undefined for whatever else a window may hear. */
export function readFromNew(data: unknown): FromNew | undefined {
  const parsed = v.safeParse(fromNew, data);
  return parsed.success ? parsed.output : undefined;
}

/** The same, at the other end. */
export function readFromOld(data: unknown): FromOld | undefined {
  const parsed = v.safeParse(fromOld, data);
  return parsed.success ? parsed.output : undefined;
}

/** The origin of another address of the app, as a person types it; undefined when nothing may be sent there. */
export function parseAppOrigin(text: string, own: string): string | undefined {
  const typed = /^https?:\/\//i.test(text.trim()) ? text.trim() : `https://${text.trim()}`;
  if (!URL.canParse(typed)) return undefined;
  const { origin, protocol, hostname } = new URL(typed);
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  if (origin === own || (protocol !== 'https:' && !isLocal)) return undefined;
  return origin;
}

/** One hash over all pieces in their order: none is missing, none was put in. */
export async function digestOf(
  hashes: readonly string[],
  hash: (bytes: Blob) => Promise<string>,
): Promise<string> {
  return hash(new Blob([hashes.join('\n')]));
}
