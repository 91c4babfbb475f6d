import type { Database } from '../store/database.ts';
import { followQuery } from '../store/live-query.ts';
import type { Hit } from './hits.ts';
import { type Library, openLibrary, type Query } from './library.ts';
import type { ReadText } from './read-text.ts';
import { keepTexts, type Texts } from './texts.ts';

/** How far the search knows what is here. */
export interface SearchState {
  /** Documents whose words are not read yet, and things that are not in the index yet. */
  left: number;
  /** Why something cannot be found, in words; of several documents that of one. */
  failure?: string;
  /** So many documents cannot be read. */
  unread: number;
}

export interface SearcherOptions {
  db: Database;
  /** How the names of the documents' own databases begin. */
  prefix: string;
  readers: ReadonlyMap<string, ReadText>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Defaults to the browser's Web Locks. */
  locks?: Pick<LockManager, 'request' | 'query'> | undefined;
  onState?: (state: SearchState) => void;
}

/** Search over what this device holds; one in each tab, and one of all tabs reads the documents. */
export interface Searcher extends Pick<Library, 'setSelf' | 'setOpened'> {
  find(query: Query): Promise<Hit[]>;
  /** The document may have changed. */
  changed(id: string): void;
  state(): SearchState;
  /** Resolves when this tab has read and entered all that it knows of. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function openSearcher(options: SearcherOptions): Searcher {
  const { db, now, readers } = options;
  const locks = options.locks ?? globalThis.navigator?.locks;
  const leaving = new AbortController();
  const others = new BroadcastChannel(`${db.name}-texts`);
  let texts: Texts | undefined;
  let reading: string | undefined;
  let rows: Parameters<Texts['follow']>[0] | undefined;
  const state = (): SearchState => {
    const unread = texts?.failures() ?? new Map<string, string>();
    const failure = reading ?? library.failure() ?? [...unread.values()][0];
    const left = (texts?.left() ?? 0) + library.left();
    return { left, unread: unread.size, ...(failure !== undefined && { failure }) };
  };
  const onState = (): void => options.onState?.(state());
  const library = openLibrary({
    ...{ db, readers, now, onState },
    onRows: (all) => {
      rows = all;
      texts?.follow(all);
    },
  });
  others.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (Array.isArray(data)) library.reread(data.filter((id): id is string => typeof id === 'string'));
  };
  const fail = (error: unknown): void => {
    reading = error instanceof Error ? error.message : String(error);
    onState();
  };
  const tell = (ids: readonly string[]): void => {
    library.reread(ids);
    if (!leaving.signal.aborted) others.postMessage(ids);
  };

  async function lead(): Promise<void> {
    const openNow = async (): Promise<string[]> => openDocuments(await locks.query(), db.name);
    texts = await keepTexts({ ...options, openNow, onRead: tell, onState });
    if (rows) texts.follow(rows);
    const ask = (id: string): void => texts?.ask(id);
    // What came for an open document may be applied and gone from there before it is seen.
    const passed = (): void => void openNow().then((ids) => ids.forEach(ask), fail);
    const stop = followPending(db, { ask, passed, fail });
    if (!leaving.signal.aborted)
      await new Promise<void>((resolve) => leaving.signal.addEventListener('abort', () => resolve()));
    stop();
    await texts.close();
  }
  const led = locks
    .request(`${db.name}-search`, { signal: leaving.signal }, lead)
    .catch((error: unknown) => (leaving.signal.aborted ? undefined : fail(error)));

  return {
    find: library.find,
    setSelf: library.setSelf,
    setOpened: library.setOpened,
    changed: (id) => texts?.ask(id),
    state,
    async settled() {
      await texts?.settled();
      await library.settled();
    },
    async close() {
      leaving.abort();
      await led;
      library.close();
      others.close();
    },
  };
}

/** Ids of the documents that some tab has open: their locks are `doc:<id>`, behind the name of the space. */
function openDocuments({ held = [] }: LockManagerSnapshot, database: string): string[] {
  const space = /^[0-9a-z]{8}~/.exec(database)?.[0] ?? '';
  return held.flatMap(({ name = '' }) =>
    name.startsWith(`${space}doc:`) ? [name.slice(`${space}doc:`.length)] : [],
  );
}

/** Hears of rows of other devices that wait in documents nobody has open. Returns its end. */
function followPending(
  db: Database,
  { ask, passed, fail }: { ask: (id: string) => void; passed: () => void; fail: (error: unknown) => void },
): () => void {
  let before = new Map<string, number>();
  const subscription = followQuery(async () => {
    const last = new Map<string, number>();
    await db.pending
      .orderBy('doc')
      .eachKey((doc, { primaryKey }) => last.set(String(doc), Number(primaryKey)));
    return last;
  }).subscribe({
    next: (last) => {
      for (const [id, row] of last) if (before.get(id) !== row) ask(id);
      before = last;
      passed();
    },
    error: fail,
  });
  return () => subscription.unsubscribe();
}
