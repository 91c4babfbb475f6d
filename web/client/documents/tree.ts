import type * as Y from 'yjs';
import type { Random } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { DocumentRow } from '../store/database.ts';
import { createDocumentId } from './document-id.ts';
import { type EntryFields, KEPT, nextMove, readEntry } from './index-entries.ts';
import type { LiveTree } from './live-tree.ts';
import { cleanTitle } from './title.ts';
import { type Undo, addEntries, changeEntries, moveEntries, removeEntries } from './tree-changes.ts';
import { type TreeLabels, createLabels, withoutTags } from './tree-labels.ts';
import { type TreeReading, createTreeReading } from './tree-reading.ts';

export type { Undo } from './tree-changes.ts';

export interface TreeOptions {
  /** The index, open. */
  index: Y.Doc;
  live: LiveTree;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** A file that enters the tree. */
export interface NewFile {
  /** Made up when absent. */
  id?: string;
  /** It is cleaned, and may end up empty. */
  title: string;
  /** Id of a folder; what is not there (any more) counts as the top. */
  parent: string;
  /** `mime`, `size`, `file`, `descriptor`, …; `type` is `file` unless it stands here. */
  fields: EntryFields;
}

/** Why a change is refused: `details.reason` of the error, so that the interface can say it in its language. */
const refusals = {
  'empty-name': 'A name needs at least one character.',
  document: 'A document is called by its first words: change them.',
  sealed: 'What is sealed is renamed by sealing its name anew.',
  'below-itself': 'A folder cannot be put into itself or below itself.',
  gone: 'It is not there any more.',
  'in-trash': 'That folder is in the trash.',
  border: 'What goes into or out of a sealed folder is sealed anew.',
} as const;
export type TreeRefusal = keyof typeof refusals;

/** What was deleted for good. */
export interface Purged {
  entries: DocumentRow[];
  /** Each `f1~` that no entry names any more: its bytes may go. */
  files: string[];
}

/**
 * The documents, files and folders of a space as one tree, and the changes to it: each one transaction of the index, with
 * the way back where there is one. A refusal is an IsletError E-VAL-INVALID in words for people, with `details: {reason: TreeRefusal}`, and changes nothing.
 */
export interface Tree extends TreeReading, TreeLabels {
  /** Makes a folder, under `id` when given; `fields` (`vault`, `sealed`) make it a sealed one or one inside a sealed one. */
  createFolder(
    title: string,
    parent: string,
    more?: { id?: string; fields?: EntryFields },
  ): { id: string; undo: Undo };
  /** Enters any number of files at once. Taking it back leaves their bytes to the caller. */
  enterFiles(files: readonly NewFile[]): { ids: string[]; undo: Undo };
  /** Not for text documents, which are called by their words, nor for what is sealed. */
  rename(id: string, title: string): Undo;
  /** Moves entries with all below them; not into themselves, nor over the border of a sealed folder. */
  move(ids: readonly string[], parent: string): Undo;
  /** Sets any fields of an entry; with `parent` it is a move too, also over the border of a sealed folder. */
  setFields(id: string, fields: EntryFields): Undo;
  trash(ids: readonly string[]): Undo;
  /** Takes entries out of the trash; to the top when their folder is gone or stays there. */
  restore(ids: readonly string[]): Undo;
  /** Deletes entries and all below them for good. */
  purge(ids: readonly string[]): Purged;
  /** A device (last 8 characters of its did) promises to keep copies, or takes that back. */
  setKept(ids: readonly string[], device: string, kept: boolean): Undo;
}

/** The tree of an open index. Inside a transaction of the caller it is read as it was before that transaction. */
export function openTree(options: TreeOptions): Tree {
  const { index, now } = options;
  const reading = createTreeReading(options.live);
  return {
    ...reading,
    ...createEntering(options, reading),
    ...createMoving(options, reading),
    ...createChanging(options, reading),
    ...createLabels({ index, now, nextMove: () => nextMove(index, now()) }, reading),
  };
}

function createEntering(
  { index, now, random }: TreeOptions,
  { get, below, vaultOf }: TreeReading,
): Pick<Tree, 'createFolder' | 'enterFiles'> {
  const isEmpty = (id: string): boolean => below(id).length === 0;
  const enter = (added: ReadonlyMap<string, EntryFields>): Undo => {
    const at = { created: now(), edited: now(), moved: nextMove(index, now()) };
    for (const { sealed, parent } of added.values()) assertSealed(sealed, vaultOf(String(parent)));
    return addEntries(index, new Map([...added].map(([id, fields]) => [id, { ...at, ...fields }])), isEmpty);
  };
  return {
    createFolder(title, parent, { id = createDocumentId(random), fields = {} } = {}) {
      assertFolder(parent, get(parent));
      const name = fields['sealed'] === undefined ? titleOf(title) : '';
      return { id, undo: enter(new Map([[id, { title: name, type: 'folder', parent, ...fields }]])) };
    },
    enterFiles(files) {
      const added = new Map(
        files.map(({ id = createDocumentId(random), title, parent, fields }) => {
          const place = get(parent)?.type === 'folder' ? parent : '';
          return [id, { title: cleanTitle(title), type: 'file', parent: place, ...fields }];
        }),
      );
      return { ids: [...added.keys()], undo: enter(added) };
    },
  };
}

function createMoving(
  { index, now }: TreeOptions,
  { get, path, topmost, vaultOf }: TreeReading,
): Pick<Tree, 'move' | 'setFields' | 'restore'> {
  const isBelow = (folder: string, id: string): boolean => path(folder).some((row) => row.id === id);
  const placeOf = (id: string): string => readEntry(index, id)?.parent ?? '';
  /** Where folders lay in each other, the one shown at the top stays there when another of them leaves. */
  const settleTop = (ids: readonly string[]): void => {
    const tops = new Set(ids.map((id) => path(id)[0]?.id ?? ''));
    const loose = [...tops].filter((id) => get(placeOf(id))?.type === 'folder' && isBelow(placeOf(id), id));
    const moved = nextMove(index, now());
    changeEntries(index, new Map(loose.map((id) => [id, { parent: '', moved }])));
  };
  return {
    move(ids, parent) {
      assertFolder(parent, get(parent));
      const rows = topmost(ids);
      const vault = vaultOf(parent);
      for (const row of rows) {
        if (isBelow(parent, row.id)) refuse('below-itself', row.id);
        if (vaultOf(row.parent) !== vault) refuse('border', row.id);
      }
      const from = new Map(rows.filter((row) => row.parent !== parent).map((row) => [row.id, row.parent]));
      return index.transact(() => {
        settleTop([...from.keys()]);
        return moveEntries(index, { from, to: parent, isBelow }, now);
      });
    },
    setFields(id, fields) {
      const { parent, sealed } = fields;
      const set = sealed === undefined ? fields : { ...withoutTags(get(id) ?? {}), ...fields };
      if (typeof parent !== 'string') return changeEntries(index, new Map([[id, set]]));
      assertFolder(parent, get(parent));
      if (isBelow(parent, id)) refuse('below-itself', id);
      assertSealed('sealed' in fields ? sealed : get(id)?.sealed, vaultOf(parent));
      return changeEntries(index, new Map([[id, { ...set, moved: nextMove(index, now()) }]]));
    },
    restore(ids) {
      const moved = nextMove(index, now());
      const restored = new Set(ids);
      const rows = [...restored].flatMap((id) => get(id) ?? []).filter((row) => row.trashed === 1);
      const staying = rows.map((row): [string, EntryFields] => {
        const back = { trashed: undefined };
        const away = row.parent === '' ? placeOf(row.id) !== '' : isInTrash(row, restored);
        return [row.id, away ? { ...back, parent: '', moved } : back];
      });
      return changeEntries(index, new Map(staying));
    },
  };

  /** Whether the folder of a row is in the trash and stays there. */
  function isInTrash(row: DocumentRow, restored: ReadonlySet<string>): boolean {
    return path(row.parent).some((above) => above.trashedAt !== undefined && !restored.has(above.id));
  }
}

function createChanging(
  { index, live, now }: TreeOptions,
  { get, below, topmost }: TreeReading,
): Pick<Tree, 'rename' | 'trash' | 'purge' | 'setKept'> {
  const setAll = (rows: readonly DocumentRow[], fields: EntryFields): Undo =>
    changeEntries(index, new Map(rows.map(({ id }) => [id, fields])));
  return {
    rename(id, title) {
      const row = get(id);
      if (row === undefined) refuse('gone', id);
      if (row.type === 'text') refuse('document', id);
      if (row.sealed !== undefined) refuse('sealed', id);
      return setAll([row], { title: titleOf(title) });
    },
    trash: (ids) =>
      setAll(
        topmost(ids).filter((row) => row.trashedAt === undefined),
        { trashed: now() },
      ),
    purge(ids) {
      const entries = topmost(ids).flatMap((row) => [row, ...below(row.id)]);
      removeEntries(
        index,
        entries.map(({ id }) => id),
      );
      const files = new Set(entries.flatMap(({ file }) => file ?? []));
      for (const { file } of live.rows().values()) if (file !== undefined) files.delete(file);
      return { entries, files: [...files] };
    },
    setKept: (ids, device, kept) =>
      setAll(
        ids.flatMap((id) => get(id) ?? []),
        { [KEPT + device]: kept ? now() : undefined },
      ),
  };
}

/** @throws IsletError E-VAL-INVALID */
function assertFolder(id: string, row: DocumentRow | undefined): void {
  if (id === '') return;
  if (row?.type !== 'folder') refuse('gone', id);
  if (row.trashed === 1) refuse('in-trash', id);
}

/** Nothing lies in a sealed folder that a relay could read. @throws IsletError E-VAL-INVALID */
function assertSealed(sealed: unknown, vault: DocumentRow | undefined): void {
  if (vault !== undefined && sealed === undefined) refuse('border', vault.id);
}

/** @throws IsletError E-VAL-INVALID */
function titleOf(text: string): string {
  const title = cleanTitle(text);
  if (title === '') refuse('empty-name', text);
  return title;
}

function refuse(reason: TreeRefusal, value: unknown): never {
  throw new IsletError('E-VAL-INVALID', refusals[reason], value, { reason });
}
