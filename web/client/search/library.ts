import type { Database, DocumentRow } from '../store/database.ts';
import { followQuery } from '../store/live-query.ts';
import { foundToHits, hasTag, type Hit, listedToHit } from './hits.ts';
import type { ReadText } from './read-text.ts';
import { createSearchIndex } from './search-index.ts';
import {
  actionsToThings,
  documentKey,
  formatIndexed,
  type OpenedEntry,
  openedToThings,
  peopleToThings,
  rowsToThings,
  type Self,
  type Thing,
  type Things,
  wordTypes,
} from './things.ts';

/** What is looked for, and among what. */
export interface Query {
  words: string;
  among: 'all' | 'people' | 'tags';
  limit: number;
}

export interface LibraryOptions {
  db: Database;
  readers: ReadonlyMap<string, ReadText>;
  /** Milliseconds since 1970. */
  now: () => number;
  onState: () => void;
  /** The rows of the tree changed. */
  onRows: (rows: readonly DocumentRow[]) => void;
}

/** All that can be found on this device, in memory. It is put together when somebody looks for something first, the newest first. */
export interface Library {
  find(query: Query): Promise<Hit[]>;
  /** Words of these documents changed in the table `texts`. */
  reread(ids: readonly string[]): void;
  setSelf(self: Self): void;
  /** All sealed entries that are open on this device now. */
  setOpened(entries: readonly OpenedEntry[]): void;
  /** How many things are to be put in yet. */
  left(): number;
  /** Why tables could not be read. */
  failure(): string | undefined;
  /** Resolves when everything known is in. */
  settled(): Promise<void>;
  close(): void;
}

type Source = 'tree' | 'sealed' | 'people' | 'actions';
/** By the first letter of a key. */
const sourceOf: Readonly<Record<string, Source>> = { d: 'tree', s: 'sealed', p: 'people', a: 'actions' };
const month = 30 * 86_400_000;
/** So many milliseconds the index works before it lets a question in. */
const slice = 24;

export function openLibrary(options: LibraryOptions): Library {
  const { db, readers, now, onState } = options;
  const sources = new Map<Source, Things>();
  const find = (key: string): Thing | undefined => sources.get(sourceOf[key.charAt(0)] ?? 'tree')?.get(key);
  const index = createSearchIndex((key) => weigh(find(key), now()));
  const waiting = new Set<string>();
  let wanted = false;
  let failure: string | undefined;
  let running: Promise<void> | undefined;
  let closed = false;
  let self: Self = { idTag: '', name: '' };
  const fail = (error: unknown): void => {
    failure = error instanceof Error ? error.message : String(error);
    onState();
  };

  async function putSome(): Promise<void> {
    const keys = [...waiting].slice(0, 50);
    const things = keys.map((key) => [key, find(key)] as const);
    const unread = things.flatMap(([, thing]) => (thing && thing.text === undefined ? [thing.id] : []));
    const texts = new Map((await db.texts.bulkGet(unread)).map((row) => [row?.id, row?.text]));
    const began = now();
    for (const [key, thing] of things) {
      if (now() - began > slice) return;
      waiting.delete(key);
      if (thing === undefined) continue;
      const { title, tags } = thing;
      index.put(key, { title, tags: tags.join(' '), text: thing.text ?? texts.get(thing.id) ?? '' });
    }
  }
  async function fill(): Promise<void> {
    while (waiting.size > 0 && !closed) {
      await putSome();
      onState();
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  const start = (): void => {
    if (!wanted || closed || waiting.size === 0) return;
    running ??= fill()
      .catch(fail)
      .finally(() => (running = undefined));
  };
  const replace = (source: Source, next: Things): void => {
    const before = sources.get(source) ?? new Map<string, Thing>();
    sources.set(source, next);
    for (const key of before.keys()) {
      if (next.has(key)) continue;
      index.remove(key);
      waiting.delete(key);
    }
    const changed = [...next].filter(([key, thing]) => !isSame(before.get(key), thing));
    for (const [key] of changed.sort(([, a], [, b]) => b.at - a.at)) waiting.add(key);
    onState();
    start();
  };
  const sayings = createSayings(db, () => self, { replace, fail });
  const rows = followQuery(() => db.documents.toArray()).subscribe({
    next: (all) => {
      failure = undefined;
      replace(
        'tree',
        rowsToThings(all, (type) => readers.has(type)),
      );
      options.onRows(all);
    },
    error: fail,
  });

  return {
    async find({ words, among, limit }) {
      wanted = true;
      start();
      if (among === 'tags') return listTagged(sources.get('tree') ?? new Map(), words, limit);
      if (among === 'people' && words.trim() === '')
        return [...(sources.get('people') ?? [])]
          .slice(0, limit)
          .map(([key, one]) => listedToHit(key, one, ''));
      const only = among === 'people' ? (key: string) => key.startsWith('p:') : undefined;
      return foundToHits(db, index.find(words, { limit, only }), find);
    },
    reread(ids) {
      for (const key of ids.map(documentKey)) if (sources.get('tree')?.has(key)) waiting.add(key);
      start();
    },
    setSelf(next) {
      self = next;
      sayings.reread();
    },
    setOpened: (entries) => replace('sealed', openedToThings(entries)),
    left: () => waiting.size,
    failure: () => failure,
    async settled() {
      while (running) await running;
    },
    close() {
      closed = true;
      rows.unsubscribe();
      sayings.close();
    },
  };
}

/** Follows what was said, and by whom. */
function createSayings(
  db: Database,
  self: () => Self,
  { replace, fail }: { replace: (source: Source, things: Things) => void; fail: (error: unknown) => void },
): { reread(): void; close(): void } {
  const read = async () => ({
    actions: await db.actions.where('type').anyOf(wordTypes).toArray(),
    people: await db.people.toArray(),
  });
  let last: Awaited<ReturnType<typeof read>> = { actions: [], people: [] };
  const show = (): void => {
    replace('people', peopleToThings(last.people.filter(({ blocked }) => blocked === 0)));
    replace('actions', actionsToThings(last.actions, last.people, self()));
  };
  const next = (rows: typeof last): void => {
    last = rows;
    show();
  };
  const subscription = followQuery(read).subscribe({ next, error: fail });
  return { reread: show, close: () => subscription.unsubscribe() };
}

function isSame(before: Thing | undefined, thing: Thing): boolean {
  return before !== undefined && formatIndexed(before) === formatIndexed(thing);
}

/** What was edited lately is more likely meant, and people more than what they said. */
function weigh(thing: Thing | undefined, now: number): number {
  if (thing === undefined) return 1;
  if (thing.kind === 'person') return 2;
  const fresh = 1 + 0.6 * 2 ** (-Math.max(0, now - thing.at) / month);
  return thing.kind === 'document' || thing.kind === 'file' || thing.kind === 'folder' ? fresh : 0.7 * fresh;
}

function listTagged(things: Things, words: string, limit: number): Hit[] {
  return [...things]
    .filter(([, thing]) => hasTag(thing, words))
    .sort(([, a], [, b]) => b.at - a.at)
    .slice(0, limit)
    .map(([key, thing]) => listedToHit(key, thing, ''));
}
