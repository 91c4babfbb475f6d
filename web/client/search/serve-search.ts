import { openDatabase } from '../store/database.ts';
import type { ReadText } from './read-text.ts';
import type { SearchAnswer, SearchRequest } from './search-messages.ts';
import { openSearcher, type Searcher, type SearchState } from './searcher.ts';

/** The worker's side of a search: answers requests in the order in which they come. */
export function serveSearch(
  readers: ReadonlyMap<string, ReadText>,
  answer: (message: SearchAnswer) => void,
): (request: SearchRequest) => void {
  const tellState = throttle((state: SearchState) => answer({ kind: 'state', state }));
  let opening: Promise<Searcher> | undefined;
  const open = async (database: string, prefix: string): Promise<Searcher> => {
    const db = await openDatabase(database);
    return openSearcher({ db, prefix, readers, now: () => Date.now(), onState: tellState });
  };
  const hear = async (request: SearchRequest): Promise<void> => {
    if (request.kind === 'open') opening = open(request.database, request.prefix);
    const searcher = await opening;
    if (request.kind === 'changed') searcher?.changed(request.id);
    if (request.kind === 'self') searcher?.setSelf(request.self);
    if (request.kind === 'opened') searcher?.setOpened(request.entries);
    if (request.kind !== 'find' || searcher === undefined) return;
    answer({ kind: 'found', number: request.number, hits: await searcher.find(request.query) });
  };
  return (request) =>
    void hear(request).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (request.kind === 'find') answer({ kind: 'failed', number: request.number, message });
      else answer({ kind: 'state', state: { left: 0, unread: 0, failure: message } });
    });
}

/** At most ten times a second, and always the last. */
function throttle(tell: (state: SearchState) => void): (state: SearchState) => void {
  let last: SearchState | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = (): void => {
    timer = undefined;
    if (last === undefined) return;
    tell(last);
    last = undefined;
    timer = setTimeout(again, 100);
  };
  return (state) => {
    last = state;
    if (timer === undefined) again();
  };
}
