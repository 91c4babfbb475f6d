import { createStore, reconcile } from 'solid-js/store';
import type { Actions } from '../client/actions/actions.ts';
import type { Feed, FeedEntry } from '../client/actions/feed.ts';

/** Who vouches for a statement, in the terms the reader is shown. Times are milliseconds. */
export type Proof =
  | { kind: 'device'; device: string; until: number; entry: number }
  | { kind: 'pending' }
  /** The relay said it, as a device had told it to. */
  | { kind: 'order'; order: 'connect' | 'approve' | 'vouch' }
  /** Only relays say this. */
  | { kind: 'relay' }
  | { kind: 'unproven' }
  /** Could not be fetched now. */
  | { kind: 'unavailable'; message: string }
  | { kind: 'failed'; message: string };

type Sayings =
  | 'post'
  | 'comment'
  | 'react'
  | 'unreact'
  | 'repost'
  | 'unrepost'
  | 'remove'
  | 'approve'
  | 'retry'
  | 'discard';

/** What Feed can do; given by the client once this space is claimed. Rejections carry a message for people. */
export interface FeedSource extends Pick<Actions, Sayings> {
  /** The bytes of a picture; undefined while they have not arrived. */
  readPicture(id: string): Promise<Blob | undefined>;
  /** Gathers so many more of the older posts. */
  showOlder(): void;
  /** Checks and tells the proof of a post or comment. */
  readProof(id: string): Promise<Proof>;
}

interface FeedState {
  entries: FeedEntry[];
  /** How many more there are. */
  older: number;
  source: FeedSource | undefined;
}

const [feed, setFeed] = createStore<FeedState>({ entries: [], older: 0, source: undefined });
export { feed };

/** Gives Feed its actions (undefined takes them away). */
export function provideFeed(source: FeedSource | undefined): void {
  setFeed('source', () => source);
}

/** Replaces the list, newest first; equal ids keep their place on the screen. */
export function showFeed({ entries, older }: Feed): void {
  setFeed('entries', reconcile(entries, { key: 'id' }));
  setFeed('older', older);
}
