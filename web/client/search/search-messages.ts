import type { Hit } from './hits.ts';
import type { Query } from './library.ts';
import type { SearchState } from './searcher.ts';
import type { OpenedEntry, Self } from './things.ts';

/** What a page says to its worker. */
export type SearchRequest =
  /** First: which database, and how the names of the documents' databases begin. A worker cannot see in which space it is. */
  | { kind: 'open'; database: string; prefix: string }
  | { kind: 'find'; number: number; query: Query }
  | { kind: 'changed'; id: string }
  | { kind: 'self'; self: Self }
  | { kind: 'opened'; entries: readonly OpenedEntry[] };

export type SearchAnswer =
  | { kind: 'found'; number: number; hits: Hit[] }
  | { kind: 'failed'; number: number; message: string }
  | { kind: 'state'; state: SearchState };
