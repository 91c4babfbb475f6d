import * as Y from 'yjs';
import type { Row } from '../../../shared/sync/row.ts';
import { INDEX_ID } from '../documents/document-id.ts';
import { entriesOf } from '../documents/index-entries.ts';
import { createLiveTree } from '../documents/live-tree.ts';
import { FROM_REMOTE } from '../documents/origins.ts';
import type { Database } from '../store/database.ts';

/** SPEC S16: more entries than this, or this share of all and not just a few, wait for a word of a person. */
const most = 20;
const share = 0.3;
const few = 5;
/** What comes within this time counts as one deletion, milliseconds. */
const atOnce = 60_000;

/** Watches rows of the index that came from other devices. */
export interface DeletionGuard {
  /** The rows that may be applied, and those that wait. */
  split(rows: readonly Row[]): { pass: Row[]; held: Row[] };
  /** Whether a row that is not committed yet may be shown. */
  mayShow(row: Row): boolean;
}

/** @param now milliseconds */
export function createDeletionGuard(index: Y.Doc, now: () => number): DeletionGuard {
  let recent = { until: 0, lost: 0, of: 0 };

  const isMass = (rows: readonly Row[], count: boolean): boolean => {
    if (!rows.some(({ update }) => mayDelete(update))) return false;
    const { lost, of } = findLost(
      index,
      rows.map(({ update }) => update),
    );
    const before = recent.until > now() ? recent : { until: now() + atOnce, lost: 0, of };
    const all = before.lost + lost.length;
    const mass = lost.length > 0 && (all > most || (all >= few && all > before.of * share));
    if (count && !mass) recent = { ...before, lost: all };
    return mass;
  };
  return {
    split(rows) {
      const ofIndex = rows.filter(({ doc }) => doc === INDEX_ID);
      if (!isMass(ofIndex, true)) return { pass: [...rows], held: [] };
      const held = new Set(ofIndex.filter(({ update }) => mayDelete(update)));
      return { pass: rows.filter((row) => !held.has(row)), held: [...held] };
    },
    mayShow: (row) => row.doc !== INDEX_ID || !isMass([row], false),
  };
}

/** Cheap, and never false for an update that takes entries away: of those that remain a copy of the index is asked. */
function mayDelete(update: Uint8Array): boolean {
  const { structs, ds } = decode(update);
  const deleted = [...ds.clients.values()].flat().reduce((sum, { len }) => sum + len, 0);
  return (
    deleted >= few || structs.some((struct) => struct instanceof Y.Item && struct.parentSub === 'trashed')
  );
}

function decode(update: Uint8Array): Pick<ReturnType<typeof Y.decodeUpdate>, 'structs' | 'ds'> {
  try {
    return Y.decodeUpdate(update);
  } catch {
    return Y.decodeUpdate(Y.encodeStateAsUpdate(new Y.Doc())); // damaged: it can take nothing away
  }
}

/** Entries that are in the lists now and would not be with these updates, with their titles. */
export function findLost(
  index: Y.Doc,
  updates: readonly Uint8Array[],
): { lost: { id: string; title: string }[]; of: number } {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(index));
  const tree = createLiveTree(copy);
  const before = [...tree.rows().values()].filter(({ trashed }) => trashed === 0);
  for (const update of updates) applyReadable(copy, update);
  const after = tree.rows();
  const lost = before.filter(({ id }) => after.get(id)?.trashed !== 0);
  tree.close();
  copy.destroy();
  return { lost: lost.map(({ id, title }) => ({ id, title })), of: before.length };
}

function applyReadable(doc: Y.Doc, update: Uint8Array): void {
  try {
    Y.applyUpdate(doc, update, FROM_REMOTE);
  } catch {
    return; // damaged: it takes nothing away
  }
}

/** What waits for a word: the entries that would go. */
export async function readHeld(db: Database, index: Y.Doc): Promise<{ id: string; title: string }[]> {
  const rows = await db.held.toArray();
  if (rows.length === 0) return [];
  return findLost(
    index,
    rows.map(({ update }) => update),
  ).lost;
}

interface Deciding {
  db: Database;
  index: { doc: Y.Doc; whenSaved(): Promise<void> };
}

/**
 * Applies what waited. `keep`: what it took away is entered again, as an edit of this device that all others get.
 * @throws Error in words when this device cannot save; then it still waits
 */
export async function decideHeld({ db, index }: Deciding, keep: boolean): Promise<void> {
  const rows = await db.held.toArray();
  const { doc } = index;
  const { lost } = findLost(
    doc,
    rows.map(({ update }) => update),
  );
  const before = new Map(lost.map(({ id }) => [id, fieldsOf(doc, id)]));
  for (const { update } of rows) applyReadable(doc, update);
  if (keep) doc.transact(() => before.forEach((fields, id) => enterAgain(doc, id, fields)));
  await index.whenSaved();
  await db.held.bulkDelete(rows.flatMap(({ id }) => id ?? []));
}

type Fields = ReadonlyMap<string, unknown>;

/** Whatever stands there, also what a later version added. */
function fieldsOf(doc: Y.Doc, id: string): Fields {
  return new Map(Object.entries(entriesOf(doc).get(id)?.toJSON() ?? {}));
}

function enterAgain(doc: Y.Doc, id: string, fields: Fields): void {
  const there = entriesOf(doc).get(id);
  if (there instanceof Y.Map && !fields.has('trashed')) there.delete('trashed');
  if (!(there instanceof Y.Map)) entriesOf(doc).set(id, new Y.Map(fields));
}
