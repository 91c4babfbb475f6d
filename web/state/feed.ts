import { createStore, reconcile } from 'solid-js/store';
import type { CommentView, PostView } from '../client/actions/feed.ts';

/** What the feed shows, as the client builds it. */
export type FeedComment = CommentView;
export type FeedPost = PostView;
export type Picture = PostView['pictures'][number];

/** Who vouches for a statement, in the terms the reader is shown. Times are milliseconds. */
export type Proof =
  | { kind: 'device'; device: string; until: number; entry: number }
  | { kind: 'pending' }
  | { kind: 'unproven' }
  /** Could not be fetched now. */
  | { kind: 'unavailable'; message: string }
  | { kind: 'failed'; message: string };

/** What Feed can do; given by the client once this space is claimed. Rejections carry a message for people. */
export interface FeedSource {
  post(draft: { text: string; picture?: File }): Promise<void>;
  comment(postId: string, text: string): Promise<void>;
  setLike(postId: string, liked: boolean): Promise<void>;
  /** Sends a refused action again. */
  retry(id: string): Promise<void>;
  /** The bytes of a picture; undefined while they have not arrived. */
  readPicture(id: string): Promise<Blob | undefined>;
  /** Checks and tells the proof of a post or comment. */
  readProof(id: string): Promise<Proof>;
}

const [feed, setFeed] = createStore<{ posts: FeedPost[]; source: FeedSource | undefined }>({
  posts: [],
  source: undefined,
});
export { feed };

/** Gives Feed its actions (undefined takes them away). */
export function provideFeed(source: FeedSource | undefined): void {
  setFeed('source', () => source);
}

/** Replaces the list, newest first; equal ids keep their place on the screen. */
export function setPosts(posts: FeedPost[]): void {
  setFeed('posts', reconcile(posts, { key: 'id' }));
}
