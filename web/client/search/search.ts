import type { Hit } from './hits.ts';
import type { Query } from './library.ts';
import type { SearchAnswer, SearchRequest } from './search-messages.ts';
import type { SearchState } from './searcher.ts';
import type { OpenedEntry, Self } from './things.ts';

export type { Excerpt } from './excerpt.ts';
export type { Hit } from './hits.ts';
export type { Query } from './library.ts';
export type { SearchState } from './searcher.ts';
export type { OpenedEntry, Self, ThingKind } from './things.ts';

/** Search as a page has it: all work is done in a worker. */
export interface Search {
  /** What is found, the best first; undefined when something else was asked meanwhile. Rejects in words. */
  find(query: Query): Promise<Hit[] | undefined>;
  changed(id: string): void;
  setSelf(self: Self): void;
  setOpened(entries: readonly OpenedEntry[]): void;
  close(): void;
}

/** The part of a `Worker` that is needed. */
export type SearchWorker = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

interface Asked {
  query: Query;
  done: (hits: Hit[] | undefined) => void;
  failed: (error: Error) => void;
}

/** @param names of the database, and how the names of documents' own databases begin */
export function openSearch(
  worker: SearchWorker,
  names: { database: string; prefix: string },
  onState: (state: SearchState) => void,
): Search {
  const tell = (request: SearchRequest): void => worker.postMessage(request);
  let number = 0;
  /** What the worker works on, and the last that was asked since: the worker is never behind the person. */
  let running: Asked | undefined;
  let next: Asked | undefined;
  const ask = (asked: Asked): void => {
    running = asked;
    number += 1;
    tell({ kind: 'find', number, query: asked.query });
  };
  const settle = (end: (asked: Asked) => void): void => {
    if (running) end(running);
    running = undefined;
    const asked = next;
    next = undefined;
    if (asked) ask(asked);
  };
  worker.onmessage = ({ data }: MessageEvent<SearchAnswer>) => {
    if (data.kind === 'state') onState(data.state);
    else if (data.number !== number) return;
    else if (data.kind === 'found') settle(({ done }) => done(data.hits));
    else settle(({ failed }) => failed(new Error(data.message)));
  };
  worker.onerror = (event) => {
    const message = event.message || 'The worker of the search ended.';
    onState({ left: 0, unread: 0, failure: message });
    settle(({ failed }) => failed(new Error(message)));
  };
  tell({ kind: 'open', ...names });
  return {
    find: (query) =>
      new Promise((done, failed) => {
        const asked = { query, done, failed };
        if (running === undefined) return ask(asked);
        next?.done(undefined);
        next = asked;
      }),
    changed: (id) => tell({ kind: 'changed', id }),
    setSelf: (self) => tell({ kind: 'self', self }),
    setOpened: (entries) => tell({ kind: 'opened', entries }),
    close: () => worker.terminate(),
  };
}
