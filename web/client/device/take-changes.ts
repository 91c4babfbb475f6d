import type * as Y from 'yjs';
import type { Handed, HandedChange } from '../../../shared/api/quarantine.ts';
import { IsletError } from '../../../shared/errors.ts';
import { TAG } from '../documents/tags.ts';
import type { Tree } from '../documents/tree.ts';
import { hasBytes } from '../files/variants.ts';
import { folderKeysOf } from '../sealed/folder-keys.ts';
import type { DocumentRow } from '../store/database.ts';
import type { FolderKeyField } from './unsent-index.ts';

/** What an edit of the index does. */
export type ChangeKind =
  | 'added'
  | 'gone'
  | 'renamed'
  | 'moved'
  | 'trashed'
  | 'restored'
  | 'tagged'
  | 'untagged'
  | 'favourite'
  | 'unfavourite'
  | 'template'
  | 'untemplate';

/** One edit that would change something here, as a person sees it. */
export interface ShownChange {
  /** Names it when it is chosen. */
  readonly key: string;
  readonly kind: ChangeKind;
  /** What it is about; empty for what is sealed. */
  readonly title: string;
  /** Type of the entry. */
  readonly type: string;
  /** The new name, folder (empty for the top) or tag. */
  readonly to?: string;
}

export interface ChangeParts {
  index: Y.Doc;
  tree: Tree;
}

/** An edit with what taking it does. */
interface Step extends ShownChange {
  readonly id: string;
  readonly act: () => unknown;
}

/** What of the edits is not so here already. */
export function showChanges(item: Handed<'changes'>, { tree }: ChangeParts): ShownChange[] {
  return listSteps(item, tree).map(({ id: _id, act: _act, ...shown }) => shown);
}

/**
 * Makes the chosen edits, all when none are named, as new ones.
 * @returns how many cannot be made by now
 */
export function takeChanges(
  item: Handed<'changes'>,
  { index, tree }: ChangeParts,
  chosen?: ReadonlySet<string>,
): number {
  let left = 0;
  setKeys(index, item.keys ?? []);
  for (const { key, act } of listSteps(item, tree)) {
    if (chosen && !chosen.has(key)) continue;
    try {
      act();
    } catch (error) {
      // Its folder is gone, or lies below it by now: the others can still be made.
      if (!(error instanceof IsletError)) throw error;
      left++;
    }
  }
  return left;
}

/** Those that nobody has; what a device states of a key is looked at where it is used. */
export function setKeys(index: Y.Doc, keys: readonly FolderKeyField[]): void {
  const map = folderKeysOf(index);
  index.transact(() => {
    for (const { name, value } of keys) if (!map.has(name)) map.set(name, value);
  });
}

/** Tags, star and template of an entry that is new. */
export function setMarks(tree: Tree, id: string, fields: HandedChange['fields'] = {}): void {
  for (const [name, value] of Object.entries(fields))
    if (value !== null && isMark(name)) markStep(tree, id, { name, isOn: true }).act();
}

function isMark(name: string): boolean {
  return name === 'favourite' || name === 'template' || (name.startsWith(TAG) && name.length > TAG.length);
}

function listSteps({ changes }: Handed<'changes'>, tree: Tree): Step[] {
  const added = new Map(changes.filter((change) => change.added).map((change) => [change.id, change]));
  const nameOf = (id: string): string | undefined => {
    const { title = added.get(id)?.fields['title'] } = tree.get(id) ?? {};
    return id === '' ? '' : typeof title === 'string' ? title : undefined;
  };
  const steps = changes.flatMap((change) => {
    const row = tree.get(change.id);
    // What somebody deleted for good since is not changed any more.
    if (!row) return change.added ? addStep(change, tree) : [];
    if (change.gone) return goneStep(row, tree);
    const fields = Object.entries(change.fields);
    return fields.flatMap(([name, value]) => fieldStep(row, { name, value, nameOf }, tree));
  });
  const depths = new Map(steps.map(({ id }) => [id, depthOf(id, added)]));
  return steps.sort((a, b) => orderOf(a) - orderOf(b) || depths.get(a.id)! - depths.get(b.id)!);
}

/** How many new folders an entry lies in: those come before it. */
function depthOf(id: string, added: ReadonlyMap<string, HandedChange>): number {
  const way = new Set<string>();
  for (let at: unknown = id; typeof at === 'string' && !way.has(at) && added.has(at);) {
    way.add(at);
    at = added.get(at)?.fields['parent'];
  }
  return way.size;
}

function orderOf({ kind }: Step): number {
  return kind === 'added' ? 0 : kind === 'gone' || kind === 'trashed' ? 2 : 1;
}

function addStep({ id, fields }: HandedChange, tree: Tree): Step[] {
  const { title: name, type: of, parent: place, vault, sealed } = fields;
  const title = typeof name === 'string' ? name : '';
  const type = typeof of === 'string' ? of : 'text';
  // A file without its bytes is nothing.
  if (hasBytes({ type })) return [];
  const sealing = { ...(vault != null && { vault: '1' }), ...(typeof sealed === 'string' && { sealed }) };
  const act = (): void => {
    const parent = typeof place === 'string' ? place : '';
    tree.enterFiles([{ id, title, parent, fields: { type, excerpt: '', ...sealing } }]);
    setMarks(tree, id, fields);
  };
  return [{ key: id, id, kind: 'added', title, type, act }];
}

/** What was deleted for good there goes to the trash here: a person decides about the rest. */
function goneStep({ id, title, type, trashed }: DocumentRow, tree: Tree): Step[] {
  if (trashed === 1) return [];
  return [{ key: id, id, kind: 'gone', title, type, act: () => tree.trash([id]) }];
}

interface Field {
  readonly name: string;
  readonly value: string | number | null;
  /** Undefined for a folder that is not here. */
  readonly nameOf: (id: string) => string | undefined;
}

function fieldStep(row: DocumentRow, { name, value, nameOf }: Field, tree: Tree): Step[] {
  const { id, title, type } = row;
  const step = (kind: ChangeKind, act: () => unknown, to?: string): Step[] => [
    { key: `${id} ${name}`, id, kind, title, type, act, ...(to !== undefined && { to }) },
  ];
  if (name === 'trashed') {
    if ((value !== null) === (row.trashed === 1)) return [];
    return value === null
      ? step('restored', () => tree.restore([id]))
      : step('trashed', () => tree.trash([id]));
  }
  if (isMark(name)) {
    const isOn = value !== null;
    if (row.sealed !== undefined || hasMark(row, name) === isOn) return [];
    const { kind, act, to } = markStep(tree, id, { name, isOn });
    return step(kind, act, to);
  }
  if (typeof value !== 'string') return [];
  if (name === 'parent' && value !== row.parent && nameOf(value) !== undefined)
    return step('moved', () => tree.move([id], value), nameOf(value));
  if (name === 'title' && value !== title && row.sealed === undefined)
    return step('renamed', () => tree.rename(id, value), value);
  if (name === 'sealed' && row.sealed !== undefined && value !== row.sealed)
    return step('renamed', () => tree.setFields(id, { sealed: value }), '');
  return [];
}

function hasMark({ favourite, template, tags = [] }: DocumentRow, name: string): boolean {
  if (name === 'favourite') return favourite !== undefined;
  return name === 'template' ? template !== undefined : tags.includes(name.slice(TAG.length));
}

function markStep(
  tree: Tree,
  id: string,
  { name, isOn }: { name: string; isOn: boolean },
): { kind: ChangeKind; act: () => unknown; to?: string } {
  if (name === 'favourite')
    return { kind: isOn ? 'favourite' : 'unfavourite', act: () => tree.setFavourite([id], isOn) };
  if (name === 'template')
    return { kind: isOn ? 'template' : 'untemplate', act: () => tree.setTemplate([id], isOn) };
  const tag = name.slice(TAG.length);
  return { kind: isOn ? 'tagged' : 'untagged', to: tag, act: () => tree.setTag([id], tag, isOn) };
}
