import { createEffect, createRoot, createSignal, on, type Accessor } from 'solid-js';
import type { Variant } from '../../shared/file/descriptor.ts';
import { readVariants } from '../client/files/variants.ts';
import type { Files } from '../client/files/files.ts';
import type { Database, DocumentRow } from '../client/store/database.ts';
import { database } from './documents.ts';
import { openFiles } from './files-client.ts';
import { showFollowed } from './followed.ts';
import { identityState } from './identity.ts';
import { openText } from './text-app.ts';

/**
 * One entry of the tree: a document, file or folder. Of a sealed one that this device can open, title, mime, size and variants are
 * the opened ones.
 */
export interface FileItem extends DocumentRow {
  /** None of folders and documents. */
  readonly variants: readonly Variant[];
  /** Sealed, and this device has no key for it (yet). */
  readonly locked: boolean;
}

const [items, setItems] = createSignal<ReadonlyMap<string, FileItem>>(new Map());
const [ready, setReady] = createSignal(false);
const [failure, setFailure] = createSignal<unknown>();
let started = false;

/** Everything in the tree by id, the trash included. */
export function itemsById(): ReadonlyMap<string, FileItem> {
  start();
  const error = failure();
  if (error !== undefined) throw error;
  return items();
}

/** Whether the tree has been read once. */
export const filesReady: Accessor<boolean> = () => {
  start();
  return ready();
};

function start(): void {
  if (started) return;
  started = true;
  Promise.all([openFiles(), openText(), database()]).then(([files, { documents }, db]) => {
    const refresh = createReader(files, db);
    documents.tree.onChange(refresh);
    // Who this is decides what can be opened.
    createRoot(() => createEffect(on(() => identityState.identity.kind, refresh)));
    refresh();
  }, setFailure);
}

/** Publishes the rows as they are now; changes that come together are shown together. */
function createReader(files: Files, db: Database): () => void {
  const made = new WeakMap<DocumentRow, FileItem>();
  let waiting = false;
  let running: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    await Promise.resolve();
    waiting = false;
    const rows = files.tree.below('');
    const unread = rows.filter((row) => !made.has(row));
    for (const row of unread)
      if (row.sealed === undefined) made.set(row, { ...row, variants: readVariants(row), locked: false });
    publish(rows);
    const sealed = unread.filter((row) => row.sealed !== undefined);
    if (sealed.length > 0 && files.account) {
      for (const [i, item] of (await files.account.vaults.reveal(sealed)).entries())
        made.set(sealed[i]!, { ...item, variants: item.variants ?? [] });
      publish(rows);
    }
  }
  function publish(rows: readonly DocumentRow[]): void {
    setItems(new Map(rows.flatMap((row) => (made.has(row) ? [[row.id, made.get(row)!] as const] : []))));
    setReady(true);
  }
  const refresh = (): void => {
    if (waiting) return;
    waiting = true;
    running = running.then(read).catch((error: unknown) => void setFailure(error));
  };
  watchKeys(db, () => {
    for (const row of files.tree.below('')) if (made.get(row)?.locked === true) made.delete(row);
    refresh();
  });
  return refresh;
}

/** Calls back when keys of sealed folders came in. */
function watchKeys(db: Database, changed: () => void): void {
  showFollowed(() => db.folderKeys.toCollection().primaryKeys(), changed);
}
