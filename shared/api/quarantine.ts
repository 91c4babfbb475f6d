import * as v from 'valibot';
import { blobIdSchema, fileIdSchema } from '../file/blob-id.ts';
import { idTagSchema } from '../identity/id-tag.ts';

/** In bytes, and counts: of one item as it is sent, of all that waits for an identity, and of the bytes that come with these. */
export const quarantineLimits = {
  item: 24 * 1024 * 1024,
  all: 256 * 1024 * 1024,
  items: 5000,
  bytes: 4 * 1024 * 1024 * 1024,
  changes: 1000,
} as const;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entryId = v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{24}$/, 'not a document'));

/** Fields of an entry of the index as the device has them; null where it took one away. */
const fieldsSchema = v.pipe(
  v.record(text(64), v.union([text(64 * 1024), v.pipe(v.number(), v.finite()), v.null()])),
  v.check((fields) => Object.keys(fields).length <= 200, 'too many fields'),
);
export type HandedFields = v.InferOutput<typeof fieldsSchema>;

/** Folder keys and wraps of the index (SPEC E6, E7), without which nobody opens what is sealed under them. */
const keysSchema = v.optional(
  v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{24}:[\w-]{22}(:\w{8})?$/, 'not a folder key')),
        value: text(8192),
      }),
    ),
    v.maxLength(1000),
  ),
);

/** Bytes that belong to an item and come after it, each named by its hash. */
const bytesSchema = v.optional(
  v.pipe(v.array(v.strictObject({ blob: blobIdSchema, size: count })), v.maxLength(1000)),
);

const documentSchema = v.strictObject({
  kind: v.literal('document'),
  doc: entryId,
  title: text(255),
  /** As in the index. */
  type: text(40),
  /** All that the device holds of it: a Yjs update (v1), base64url. */
  update: v.pipe(v.string(), v.regex(/^[\w-]+$/, 'not bytes')),
  /** Whose document it is, when it is a neighbour's. */
  owner: v.optional(idTagSchema),
  /** Its pictures that the relay may lack. */
  blobs: bytesSchema,
  /** Of an entry that is new: where it stands and how it is marked. */
  fields: v.optional(fieldsSchema),
});

const draftSchema = v.strictObject({
  kind: v.literal('draft'),
  /** The `_` of the statement. */
  nonce: text(40),
  t: text(40),
  text: text(256 * 1024),
  /** To whom, or about what. */
  to: v.optional(text(200)),
  /** Seconds since 1970, as the device says. */
  written: count,
});

const fileSchema = v.strictObject({
  kind: v.literal('file'),
  /** Empty for a sealed one. */
  title: text(255),
  mime: v.optional(text(100)),
  /** Bytes of the original; absent for a sealed one. */
  size: v.optional(count),
  file: fileIdSchema,
  descriptor: text(16_384),
  blobs: bytesSchema,
  /** Its entry, when it has one. */
  entry: v.optional(entryId),
  /** Name, type and keys of a sealed one, which is bound to its entry. */
  sealed: v.optional(text(64 * 1024)),
  keys: keysSchema,
  fields: v.optional(fieldsSchema),
});

/** A picture of a document or post whose words are at the relay already. */
const pictureSchema = v.strictObject({
  kind: v.literal('picture'),
  mime: text(100),
  blobs: v.pipe(v.array(v.strictObject({ blob: blobIdSchema, size: count })), v.length(1)),
});

const changeSchema = v.strictObject({
  id: entryId,
  /** The entry is new, and `fields` is all of it. */
  added: v.optional(v.literal(true)),
  /** It was deleted for good. */
  gone: v.optional(v.literal(true)),
  fields: fieldsSchema,
});
export type HandedChange = v.InferOutput<typeof changeSchema>;

const changesSchema = v.strictObject({
  kind: v.literal('changes'),
  changes: v.pipe(v.array(changeSchema), v.maxLength(quarantineLimits.changes)),
  keys: keysSchema,
});

/** What a lost device has and nobody else (SPEC X10). */
export const itemSchema = v.variant('kind', [
  documentSchema,
  draftSchema,
  fileSchema,
  pictureSchema,
  changesSchema,
]);
export type QuarantineItem = v.InferOutput<typeof itemSchema>;
export type QuarantineKind = QuarantineItem['kind'];
/** One kind of them. */
export type Handed<K extends QuarantineKind> = Extract<QuarantineItem, { kind: K }>;

/** The bytes that come after an item. */
export function bytesOf(item: QuarantineItem): readonly { blob: string; size: number }[] {
  return 'blobs' in item ? (item.blobs ?? []) : [];
}

const described = {
  id: v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'not an item')),
  /** Name of the device. */
  device: v.string(),
  /** Milliseconds, the relay's clock. */
  receivedAt: v.number(),
};

/**
 * `POST quarantine`, by an assertion of a lost device in the place of an access token; takes `itemSchema`. The same again is the same.
 * `POST quarantine/uploads` and `PATCH quarantine/uploads/:id`, by the same, bring bytes that an item of this device names (SPEC W1).
 */
export const handedSchema = v.object({ id: described.id });

/** `GET quarantine`, for devices that write documents. `size`: of the item, with its bytes; `missing`: those that have not come. */
export const quarantineListSchema = v.object({
  items: v.array(
    v.object({
      ...described,
      kind: v.picklist(['document', 'draft', 'file', 'picture', 'changes']),
      title: v.string(),
      size: v.number(),
      missing: v.number(),
      owner: v.optional(v.string()),
      mime: v.optional(v.string()),
    }),
  ),
});
export type Waiting = v.InferOutput<typeof quarantineListSchema>['items'][number];

/** `GET quarantine/:id`; `DELETE` forgets it, with the bytes that nothing else names. */
export const quarantinedSchema = v.object({ ...described, item: itemSchema });
