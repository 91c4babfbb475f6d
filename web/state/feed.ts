import { createStore, reconcile } from 'solid-js/store';

export type Delivery = 'waiting' | 'sent' | 'delivered' | 'refused';

/** Who vouches for a statement, in the terms the reader is shown. Times are milliseconds. */
export type Proof =
  | { kind: 'device'; device: string; until: number; entry: number }
  | { kind: 'pending'; device: string }
  | { kind: 'unproven' }
  /** Could not be fetched now. */
  | { kind: 'unavailable'; message: string }
  | { kind: 'failed'; message: string };

export interface FeedComment {
  id: string;
  /** Id tag. */
  author: string;
  name: string;
  text: string;
  at: number;
  state: Delivery;
  /** Why it was refused. */
  reason?: string;
}

export interface Picture {
  /** What `readPicture` is asked for. */
  id: string;
  width?: number;
  height?: number;
}

export interface FeedPost extends FeedComment {
  pictures: Picture[];
  /** One a person; `text` is empty. */
  likes: FeedComment[];
  liked: boolean;
  comments: FeedComment[];
}

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
