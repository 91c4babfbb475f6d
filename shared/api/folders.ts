import * as v from 'valibot';

/** `PATCH folders/:id`: most changes and most bytes of a request. */
export const folderLimits = { changes: 500, body: 1024 * 1024 } as const;

/** A document, file or folder of the index. */
const entryId = v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{24}$/, 'not a document'));

/** One entry with its flat fields, as they stand in the index. */
const entrySchema = v.object({
  id: entryId,
  fields: v.record(v.string(), v.union([v.string(), v.number()])),
});
export type FolderEntry = v.InferOutput<typeof entrySchema>;

/** `GET folders/:id`, for a device limited to this folder (SPEC C14): `folder` is absent once it is deleted for good. */
export const folderListSchema = v.object({
  folder: v.optional(entrySchema),
  /** What lies in it, at any depth, the trash included. */
  entries: v.array(entrySchema),
});
export type FolderList = v.InferOutput<typeof folderListSchema>;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Milliseconds since 1970; the last one that a `Date` can hold. */
const moment = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));

/** The flat fields that a device with one folder may write (SPEC C15). */
const writable: Readonly<Record<string, v.GenericSchema>> = {
  ...{ title: text(1000), excerpt: text(2000), links: text(65_536), mime: text(200) },
  ...{ file: text(200), descriptor: text(16_384), stored: text(200), size: count, schema: count },
  /** What is sealed is no business of such a device. */
  type: v.pipe(v.string(), v.regex(/^(?!sealed$)[a-z][a-z0-9-]{0,39}$/, 'not a type')),
  ...{ created: moment, edited: moment, moved: moment, trashed: moment, favourite: moment, template: moment },
  parent: entryId,
};
/** Fields `tag:<name>` and `kept:<device>` hold since when. */
const named = /^(tag|kept):.{1,200}$/su;

function isWritten(name: string, value: string | number | null): boolean {
  const schema = Object.hasOwn(writable, name) ? writable[name] : named.test(name) ? moment : undefined;
  if (value === null) return schema !== undefined && name !== 'parent';
  return schema !== undefined && v.is(schema, value);
}

/** Null takes a field away. */
const fieldsSchema = v.pipe(
  v.record(v.string(), v.nullable(v.union([v.string(), v.number()]))),
  v.check(
    (fields) => Object.entries(fields).every(([name, value]) => isWritten(name, value)),
    'a field that is not written so',
  ),
);

/** `PATCH folders/:id`. Answers as `GET` does, once the change is on the disk. */
export const folderPatchSchema = v.strictObject({
  changes: v.pipe(
    v.array(v.unknown()),
    v.minLength(1),
    v.maxLength(folderLimits.changes),
    v.array(v.strictObject({ id: entryId, fields: fieldsSchema })),
  ),
});
export type FolderPatch = v.InferOutput<typeof folderPatchSchema>;
export type FolderChange = FolderPatch['changes'][number];
