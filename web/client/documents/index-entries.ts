import * as v from 'valibot';
import * as Y from 'yjs';
import { INDEX_ID, isDocumentId } from './document-id.ts';
import { parseLinks } from './links.ts';
import { TAG } from './tags.ts';

/** Version of the document schema that a new document begins with. */
export const SCHEMA = 1;

/** The greatest version that this build edits; a document of a greater one is shown, not edited. */
export const NEWEST_SCHEMA = 2;

/** One document, file or folder in the index of a space, as it was written. Times are milliseconds since 1970. */
export interface IndexEntry {
  id: string;
  title: string;
  excerpt: string;
  /** `text`, `file`, `folder`, `sealed`, or what a later version added. */
  type: string;
  schema: number;
  created: number;
  edited: number;
  trashed?: number | undefined;
  /** Id of its folder; empty at the top. It may name what is not there: see `resolvePlaces`. */
  parent: string;
  /** When it was put there; of several moves the one that stands latest. */
  moved: number;
  mime?: string | undefined;
  /** Bytes of the original. */
  size?: number | undefined;
  file?: string | undefined;
  descriptor?: string | undefined;
  /** The `file` that the relay has acknowledged, as a device noted. */
  stored?: string | undefined;
  sealed?: string | undefined;
  vault?: string | undefined;
  /** Id tag of whose document it is, when it is not ours (SPEC J7); what it may be used for here, and since when no more. */
  owner?: string | undefined;
  level?: string | undefined;
  ended?: number | undefined;
  /** Up to when shares count no more for `level`: its owner's relay itself said then what it is. */
  heard?: number | undefined;
  /** Since when it is a favourite, and since when it is a template (SPEC J8). */
  favourite?: number | undefined;
  template?: number | undefined;
  /** Fields `tag:<name>`, in the order of their code units; absent without one. */
  tags?: string[] | undefined;
  /** Documents that its text links to (SPEC J13); absent without one. */
  links?: string[] | undefined;
  /** Devices (last 8 characters of their did) that promise to keep a copy: fields `kept:<device>`. */
  kept: string[];
}

/** What is set when a text document enters the index. */
export type NewEntry = Pick<IndexEntry, 'id' | 'title' | 'excerpt'> & { parent?: string };

/** Values of the flat fields of an entry; undefined takes a field away. */
export type EntryFields = Record<string, string | number | undefined>;

/** Fields `kept:<device>` say since when a device promises to keep a copy. */
export const KEPT = 'kept:';

/** The last millisecond that a `Date` can hold. */
const LATEST = 8.64e15;

const text = v.fallback(v.string(), '');
const perhaps = v.fallback(v.optional(v.string()), undefined);
const moment = v.pipe(v.number(), v.minValue(0), v.maxValue(LATEST));
const time = v.fallback(moment, 0);
const entryShape = v.object({
  title: text,
  excerpt: text,
  type: v.fallback(v.string(), 'text'),
  schema: v.fallback(v.number(), SCHEMA),
  created: time,
  edited: time,
  trashed: v.fallback(v.optional(moment), undefined),
  parent: text,
  moved: time,
  mime: perhaps,
  size: v.fallback(v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), undefined),
  file: perhaps,
  descriptor: perhaps,
  stored: perhaps,
  sealed: perhaps,
  vault: perhaps,
  owner: perhaps,
  level: perhaps,
  ended: v.fallback(v.optional(moment), undefined),
  heard: v.fallback(v.optional(moment), undefined),
  favourite: v.fallback(v.optional(moment), undefined),
  template: v.fallback(v.optional(moment), undefined),
});

/** The map of an index: id → entry. */
export function entriesOf(doc: Y.Doc): Y.Map<Y.Map<unknown>> {
  return doc.getMap<Y.Map<unknown>>('documents');
}

/** The fields of one entry, to change; undefined when it is not there. */
export function entryFields(doc: Y.Doc, id: string): Y.Map<unknown> | undefined {
  const fields = entriesOf(doc).get(id);
  return fields instanceof Y.Map && isEntryId(id) ? fields : undefined;
}

/** One entry; fields that another device left out or filled wrongly get a default. */
export function readEntry(doc: Y.Doc, id: string): IndexEntry | undefined {
  const fields = entryFields(doc, id)?.toJSON();
  if (fields === undefined) return undefined;
  const entry = v.parse(entryShape, fields);
  const tags = namedFields(fields, TAG);
  const links = parseLinks(fields['links']);
  return {
    id,
    ...entry,
    edited: Math.max(entry.edited, entry.created),
    ...(tags.length > 0 && { tags }),
    ...(links.length > 0 && { links }),
    kept: namedFields(fields, KEPT),
  };
}

/** What stands behind the prefix in the names of fields that hold a time, in order. */
function namedFields(fields: Record<string, unknown>, prefix: string): string[] {
  const names = Object.keys(fields).filter((name) => name.startsWith(prefix) && v.is(moment, fields[name]));
  return names
    .map((name) => name.slice(prefix.length))
    .filter((name) => name !== '')
    .sort();
}

export function readEntries(doc: Y.Doc): IndexEntry[] {
  return [...entriesOf(doc).keys()].map((id) => readEntry(doc, id)).filter((entry) => entry !== undefined);
}

/** Enters documents that are not in the index yet; one transaction, so one row for sync. */
export function enterDocuments(doc: Y.Doc, entries: NewEntry[], now: number): void {
  doc.transact(() => {
    for (const { id, title, excerpt, parent } of entries) {
      const place = parent === undefined ? {} : { parent, moved: now };
      addEntry(doc, id, { title, excerpt, type: 'text', created: now, edited: now, ...place });
    }
  });
}

/** Adds one entry, unless the id is taken; inside a transaction of the caller. */
export function addEntry(doc: Y.Doc, id: string, fields: EntryFields): void {
  const entries = entriesOf(doc);
  if (entries.has(id)) return;
  const set = Object.entries({ schema: SCHEMA, ...fields }).filter(([, value]) => value !== undefined);
  entries.set(id, new Y.Map<unknown>(set));
}

/** Sets the given fields of an entry, and only those that differ. Does nothing for an unknown id. */
export function updateEntry(doc: Y.Doc, id: string, changes: EntryFields): void {
  const entry = entryFields(doc, id);
  if (entry !== undefined) doc.transact(() => setFields(entry, changes));
}

/** The same, inside a transaction of the caller. */
export function setFields(entry: Y.Map<unknown>, changes: EntryFields): void {
  for (const [name, value] of Object.entries(changes)) {
    if (entry.get(name) === value) continue;
    if (value === undefined) entry.delete(name);
    else entry.set(name, value);
  }
}

/** A `moved` that no move known so far has reached. */
export function nextMove(doc: Y.Doc, now: number): number {
  let last = now - 1;
  for (const id of entriesOf(doc).keys()) {
    const moved = entryFields(doc, id)?.get('moved');
    if (v.is(moment, moved)) last = Math.max(last, moved);
  }
  return Math.min(last + 1, LATEST);
}

function isEntryId(id: string): boolean {
  return isDocumentId(id) && id !== INDEX_ID;
}
