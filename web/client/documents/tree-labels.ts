import type * as Y from 'yjs';
import { IsletError } from '../../../shared/errors.ts';
import type { DocumentRow } from '../store/database.ts';
import { type EntryFields, readEntry } from './index-entries.ts';
import { formatLinks } from './links.ts';
import { TAG, cleanTag, knownTag } from './tags.ts';
import { type Undo, addEntries, changeEntries } from './tree-changes.ts';
import type { TreeReading } from './tree-reading.ts';

/** What people hang on entries to find them again (SPEC J8). Each is one transaction of the index, with the way back. */
export interface TreeLabels {
  setFavourite(ids: readonly string[], on: boolean): Undo;
  /** Makes documents templates, or takes that back. */
  setTemplate(ids: readonly string[], on: boolean): Undo;
  /**
   * Gives entries a tag, or takes it from them; what is sealed is passed over. A tag that is there already in other letters is taken as it is
   * there. @throws IsletError E-VAL-INVALID when nothing is left of the tag, or all is sealed
   */
  setTag(ids: readonly string[], tag: string, on: boolean): Undo;
  /** Enters a copy of an entry under a new id, beside it: what it is, its title and tags, and none of what others granted. */
  enterCopy(id: string, copy: string, fields?: EntryFields): Undo;
}

export interface LabelOptions {
  index: Y.Doc;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Later than every move that is known. */
  nextMove: () => number;
}

export function createLabels(
  { index, now, nextMove }: LabelOptions,
  { get, below }: TreeReading,
): TreeLabels {
  const present = (ids: readonly string[]): DocumentRow[] => ids.flatMap((id) => get(id) ?? []);
  /** Only of entries where it is otherwise, so that taking it back leaves the others alone. */
  const setAll = (rows: readonly DocumentRow[], name: string, on: boolean, has: Has): Undo =>
    changeEntries(
      index,
      new Map(
        rows.filter((row) => has(row) !== on).map(({ id }) => [id, { [name]: on ? now() : undefined }]),
      ),
    );
  return {
    setFavourite: (ids, on) =>
      setAll(present(ids), 'favourite', on, ({ favourite }) => favourite !== undefined),
    setTemplate: (ids, on) => setAll(present(ids), 'template', on, ({ template }) => template !== undefined),
    setTag(ids, text, on) {
      const rows = present(ids).filter(({ sealed }) => sealed === undefined);
      const known = new Set(below('').flatMap(({ tags }) => tags ?? []));
      const tag = known.has(text) ? text : knownTag(cleanTag(text), known);
      if (tag === '' || rows.length === 0) refuse(tag === '' ? 'empty-name' : 'sealed-tag', text);
      return setAll(rows, TAG + tag, on, ({ tags }) => tags?.includes(tag) ?? false);
    },
    enterCopy(id, copy, fields = {}) {
      const row = get(id);
      const parent = row?.trashed === 0 ? row.parent : '';
      const at = now();
      const { title = '', excerpt = '', type = 'text', mime, tags = [] } = row ?? {};
      const labels = Object.fromEntries(tags.map((tag) => [TAG + tag, at]));
      const { size, file, descriptor, stored, links = [] } = readEntry(index, id) ?? {};
      const held = { size, file, descriptor, stored, links: formatLinks(links) };
      const entry = { title, excerpt, type, mime, ...held, ...labels, created: at, edited: at, parent };
      const isEmpty = (each: string): boolean => below(each).length === 0;
      return addEntries(index, new Map([[copy, { ...entry, moved: nextMove(), ...fields }]]), isEmpty);
    },
  };
}

type Has = (row: DocumentRow) => boolean;

/** The fields that take all tags from an entry, as when it is sealed. */
export function withoutTags({ tags = [] }: Pick<DocumentRow, 'tags'>): EntryFields {
  return Object.fromEntries(tags.map((tag) => [TAG + tag, undefined]));
}

const refusals = {
  'empty-name': 'A tag needs at least one character.',
  'sealed-tag': 'What is sealed has no tags: they would not be sealed.',
} as const;

function refuse(reason: keyof typeof refusals, value: unknown): never {
  throw new IsletError('E-VAL-INVALID', refusals[reason], value, { reason });
}
