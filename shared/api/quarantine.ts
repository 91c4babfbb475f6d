import * as v from 'valibot';

/** In bytes, and counts: of one item as it is sent, and of all that waits for an identity. */
export const quarantineLimits = { item: 24 * 1024 * 1024, all: 256 * 1024 * 1024, items: 1000 } as const;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));

/** What a lost device has and nobody else (SPEC X10). */
export const itemSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('document'),
    doc: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{24}$/, 'not a document')),
    title: text(255),
    /** As in the index. */
    type: text(40),
    /** All that the device holds of it: a Yjs update (v1), base64url. */
    update: v.pipe(v.string(), v.regex(/^[\w-]+$/, 'not bytes')),
  }),
  v.strictObject({
    kind: v.literal('draft'),
    /** The `_` of the statement. */
    nonce: text(40),
    t: text(40),
    text: text(256 * 1024),
    /** To whom, or about what. */
    to: v.optional(text(200)),
    /** Seconds since 1970, as the device says. */
    written: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
]);
export type QuarantineItem = v.InferOutput<typeof itemSchema>;

const described = {
  id: v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'not an item')),
  /** Name of the device. */
  device: v.string(),
  /** Milliseconds, the relay's clock. */
  receivedAt: v.number(),
};

/** `POST quarantine`, by an assertion of a lost device in the place of an access token; takes `itemSchema`. The same again is the same. */
export const handedSchema = v.object({ id: described.id });

/** `GET quarantine`, for devices that write documents. `size` in bytes. */
export const quarantineListSchema = v.object({
  items: v.array(
    v.object({ ...described, kind: v.picklist(['document', 'draft']), title: v.string(), size: v.number() }),
  ),
});
export type Waiting = v.InferOutput<typeof quarantineListSchema>['items'][number];

/** `GET quarantine/:id`; `DELETE` forgets it. */
export const quarantinedSchema = v.object({ ...described, item: itemSchema });
