import { createEffect, createRoot, createSignal } from 'solid-js';
import { storeName } from '../client/documents/stored-updates.ts';
import {
  type Hit,
  type OpenedEntry,
  openSearch as openWorker,
  type Query,
  type Search,
  type SearchState,
  type SearchWorker,
} from '../client/search/search.ts';
import { storageName } from '../client/spaces.ts';
import type { Database } from '../client/store/database.ts';
import { database } from './documents.ts';
import { itemsById } from './file-items.ts';
import { identityState } from './identity.ts';
import { createLive } from './live.ts';
import { openText } from './text-app.ts';
import { companions } from './text-panels.ts';

export type { Hit } from '../client/search/search.ts';

const [searchState, setSearchState] = createSignal<SearchState>({ left: 0, unread: 0 });
export { searchState };

/** A document that is written in is read again after this many milliseconds without another letter. */
const pause = 800;
let search: Search | undefined;

/** Starts the search of this page, once: from then on it follows what is written. `makeWorker` is called at most once. */
export function startSearch(makeWorker: () => SearchWorker): void {
  if (search) return;
  const names = { database: storageName('islet'), prefix: storeName('') };
  const started = openWorker(makeWorker(), names, setSearchState);
  search = started;
  openText().then(
    ({ documents }) => {
      const timers = new Map<string, ReturnType<typeof setTimeout>>();
      documents.onLocalUpdate((id) => {
        clearTimeout(timers.get(id));
        timers.set(
          id,
          setTimeout(() => {
            timers.delete(id);
            started.changed(id);
          }, pause),
        );
      });
    },
    // What keeps documents from opening is said where the words are.
    () => undefined,
  );
  createRoot(() => {
    createEffect(() => {
      const { identity } = identityState;
      if (identity.kind === 'claimed') started.setSelf({ idTag: identity.idTag, name: identity.name });
    });
    followSealed(started);
  });
}

/** Hands in what this device can open of sealed folders, as long as it can. */
function followSealed(started: Search): void {
  const sealed = createLive<Database, number>(
    database(),
    (db) => db.documents.where('type').equals('sealed').count(),
    0,
  );
  // The tree is held in memory only where there is something to open.
  createEffect(() => {
    if (sealed() > 0) started.setOpened(openedEntries());
  });
}

function openedEntries(): OpenedEntry[] {
  return [...itemsById().values()]
    .filter((item) => item.sealed !== undefined && !item.locked && item.trashed === 0)
    .map(({ id, title, edited, parent, type, mime }) => ({
      ...{ id, title, edited, parent, mime },
      isFolder: type === 'folder',
    }));
}

/** What is found, the best first; undefined when something else was asked meanwhile. Rejects in words. */
export async function find(query: Query): Promise<Hit[] | undefined> {
  return search?.find(query);
}

/** Brings the words into view once the document is on the screen, when its editor can. */
export function showInDocument(id: string, words: string): void {
  createRoot((dispose) => {
    // Somebody who went elsewhere meanwhile wants to stay there.
    const end = setTimeout(dispose, 10_000);
    createEffect(() => {
      const beside = companions();
      if (beside?.id !== id) return;
      beside.find.search({ query: words, matchCase: false, wholeWord: false });
      beside.find.end();
      clearTimeout(end);
      queueMicrotask(dispose);
    });
  });
}
