import * as Y from 'yjs';
import type { Handed, HandedChange, HandedFields } from '../../../shared/api/quarantine.ts';
import { readKeyId } from '../../../shared/file/sealed-entry.ts';
import { INDEX_ID, isDocumentId } from '../documents/document-id.ts';
import { entriesOf } from '../documents/index-entries.ts';
import { type AnyType, shows } from '../history/visible.ts';
import { folderKeysOf } from '../sealed/folder-keys.ts';
import type { Known } from '../sync/known.ts';

/** Fields that a person sets, and that others are told; what else stands in an entry follows from its document, file or from what was said. */
const told = /^(title|type|parent|trashed|favourite|template|vault|sealed|tag:.+)$/;
/** Longer ones no interface of ours writes. */
const longest = 64 * 1024;

export type FolderKeyField = NonNullable<Handed<'changes'>['keys']>[number];

/** What an index has and the relay is not known to hold. */
export interface UnsentIndex {
  readonly changes: ReadonlyMap<string, HandedChange>;
  /** Entries that name another file, or name one for the first time. */
  readonly files: ReadonlySet<string>;
  readonly keys: readonly FolderKeyField[];
}

/** The edits of the index that only this device has, as far as they still stand: what somebody else set since is not among them. */
export function readUnsentIndex(index: Y.Doc, known: Known): UnsentIndex {
  const changes = new Map<string, HandedChange>();
  const files = new Set<string>();
  for (const [id, item] of itemsOf(entriesOf(index))) {
    if (!isDocumentId(id) || id === INDEX_ID) continue;
    if (item.deleted) {
      if (isHeld(item, known)) changes.set(id, { id, gone: true, fields: {} });
      continue;
    }
    const fields = item.content instanceof Y.ContentType ? item.content.type : undefined;
    if (!(fields instanceof Y.Map)) continue;
    const added = !shows(known, item.id.client, lastClock(item));
    const change = readChange(id, fields as Y.Map<unknown>, { known, added });
    if (change) changes.set(id, change);
    const file = (fields as AnyType)._map.get('file');
    if (file && !file.deleted && !shows(known, file.id.client, lastClock(file))) files.add(id);
  }
  return { changes, files, keys: readKeys(index, known) };
}

function itemsOf(type: AnyType): [string, Y.Item][] {
  return [...type._map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Yjs joins what one device set after each other: the last is what stands. */
function lastClock({ id, length }: Y.Item): number {
  return id.clock + length - 1;
}

/** Whether the relay has what was taken away here, and not that it was. */
function isHeld(item: Y.Item, known: Known): boolean {
  return shows(known, item.id.client, lastClock(item));
}

interface Reading {
  readonly known: Known;
  readonly added: boolean;
}

function readChange(id: string, entry: Y.Map<unknown>, { known, added }: Reading): HandedChange | undefined {
  const fields: HandedFields = {};
  for (const [name, item] of itemsOf(entry)) {
    if (!told.test(name) || name.length > 64) continue;
    const value = item.deleted ? null : toValue(entry.get(name));
    if (value === undefined) continue;
    const isOwn = item.deleted ? isHeld(item, known) : !shows(known, item.id.client, lastClock(item));
    if (added ? !item.deleted : isOwn) fields[name] = value;
  }
  // The words of a text document say its title, and are handed over themselves.
  if (!added && (entry.get('type') ?? 'text') === 'text') delete fields['title'];
  if (added) return { id, added: true, fields };
  return Object.keys(fields).length === 0 ? undefined : { id, fields };
}

function toValue(value: unknown): string | number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && value.length <= longest ? value : undefined;
}

function readKeys(index: Y.Doc, known: Known): FolderKeyField[] {
  const map = folderKeysOf(index);
  return itemsOf(map).flatMap(([name, item]) => {
    const value = item.deleted ? undefined : map.get(name);
    const isOwn = !shows(known, item.id.client, lastClock(item));
    return isOwn && typeof value === 'string' ? [{ name, value }] : [];
  });
}

/** The keys under which something is sealed, of those that nobody else has. */
export function keysOf(sealed: string, keys: readonly FolderKeyField[]): FolderKeyField[] {
  const kid = readKeyId(sealed);
  return keys.filter(({ name }) => name.split(':')[1] === kid);
}
