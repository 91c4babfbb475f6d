import type { Cursor } from '../../../shared/sync/frame.ts';

export interface ScopeListener {
  /** What is covered, waits or stays may be something else than before. */
  onChange(): void;
  /** The relay could not be asked, or refused. */
  onFailure(error: unknown): void;
}

/** What sync asks on a device that has not all documents (SPEC C15); web/client/folder answers. */
export interface Scope {
  /** Whether rows of a document may be pushed. Never those of the index. */
  covers(doc: string): boolean;
  /** Something waits for the relay that is no row. */
  readonly waiting: boolean;
  /** Titles of what is not in the folder any more and has words that were not sent. */
  readonly left: readonly string[];
  /** A socket opens and reads the log from there. */
  reads(cursor: Cursor): void;
  /** The relay told rows of these by their hash alone. */
  withheld(docs: ReadonlySet<string>): Promise<void>;
  /** Over a new socket, before anything is pushed. @throws RelayUnreachable, IsletError */
  refresh(): Promise<void>;
  /** The relay says that there is something new. */
  ask(): void;
  /** The index of this device was changed by a person. */
  changed(): void;
  /** One listener; returns its end, after which nothing is asked any more. */
  listen(listener: ScopeListener): () => void;
}
