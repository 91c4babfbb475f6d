import type * as Y from 'yjs';
import { type Description, describeText, hasContent } from './describe.ts';
import { SCHEMA, enterDocuments, readEntry, updateEntry } from './index-entries.ts';
import { formatLinks, readLinks } from './links.ts';

const PAUSE = 600;
/** Least time between two notes of the hour of an edit in the index, which every device receives. */
const EDITED_EVERY = 20_000;

/** Keeps a document's entry in the index true while it is edited in this tab. */
export interface Describer {
  edited(doc: string): void;
  /** Writes what is waiting, at once. Synchronous, for the moment the page goes away. */
  flush(doc?: string): void;
}

/** Reads what lists show of a document that is no text document; without a title the entry keeps its own. */
export type Describe = (doc: Y.Doc) => Partial<Description>;

/** `find` gives an open document; `index` is the open index; `others` describe by the type of the entry. */
export function createDescriber(
  index: Y.Doc,
  find: (id: string) => Y.Doc | undefined,
  now: () => number,
  others: ReadonlyMap<string, Describe> = new Map(),
): Describer {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** Titles as last read from each text, so that a title given by hand stays until the heading changes. */
  const derived = new Map<string, string>();

  const enter = (id: string, doc: Y.Doc): void => {
    const described = describeText(doc);
    derived.set(id, described.title);
    const meta = doc.getMap('meta');
    doc.transact(() => {
      // The editor may have raised it already.
      if (!meta.has('schema')) meta.set('schema', SCHEMA);
      if (!meta.has('type')) meta.set('type', 'text');
    });
    enterDocuments(index, [{ id, ...described }], now());
  };
  const describe = (id: string): void => {
    clearTimeout(timers.get(id));
    timers.delete(id);
    const doc = find(id);
    const entry = readEntry(index, id);
    if (doc === undefined || entry === undefined) return;
    const { title, excerpt } = (others.get(entry.type) ?? describeText)(doc);
    const at = now();
    updateEntry(index, id, {
      excerpt,
      ...(entry.type === 'text' && { links: formatLinks(readLinks(doc)) }),
      ...(title === undefined || derived.get(id) === title ? {} : { title }),
      ...(at - entry.edited < EDITED_EVERY ? {} : { edited: at }),
    });
    if (title !== undefined) derived.set(id, title);
  };

  return {
    edited(id) {
      const doc = find(id);
      if (doc === undefined) return;
      const entry = readEntry(index, id);
      if (entry === undefined && hasContent(doc)) enter(id, doc);
      // A file's or folder's id in the address of a document describes nothing.
      if (entry?.type !== 'text' && !others.has(entry?.type ?? '')) return;
      if (!timers.has(id)) timers.set(id, setTimeout(describe, PAUSE, id));
    },
    flush(id) {
      if (id !== undefined) {
        if (timers.has(id)) describe(id);
        return;
      }
      for (const waiting of [...timers.keys()]) describe(waiting);
    },
  };
}
