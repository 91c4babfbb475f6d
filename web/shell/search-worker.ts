import { board } from '../apps/board/model.ts';
import { whiteboard } from '../apps/whiteboard/model.ts';
import { readDocumentText, readRichText } from '../client/search/read-text.ts';
import type { SearchRequest } from '../client/search/search-messages.ts';
import { serveSearch } from '../client/search/serve-search.ts';

/** How the words of each type of document are read, away from the page's thread. */
const readers = new Map([
  ['text', readDocumentText],
  ['quill', readRichText],
  ['board', board.searchText],
  ['whiteboard', whiteboard.searchText],
]);

const hear = serveSearch(readers, (message) => postMessage(message));
addEventListener('message', ({ data }: MessageEvent<SearchRequest>) => hear(data));
