import { INDEX_ID } from '../documents/document-id.ts';
import type { Outgoing } from './outgoing.ts';
import type { Scope } from './scope.ts';
import type { SyncSocket } from './socket.ts';
import type { SyncState } from './sync-state.ts';

/** One socket, from its opening to its end. What was not acknowledged over it is compared again over the next. */
export interface Talk {
  readonly socket: SyncSocket;
  /** Who speaks over it. */
  readonly did: string;
  readonly outgoing: Outgoing;
  /** Rows that others wrote and that were read over it; undefined before the relay has answered. */
  read?: number;
  /** Rows that were ahead when it was opened; 0 while that is not known, undefined before it was asked. */
  ahead?: number | undefined;
  /** The relay's rows were read: from now on edits are sent as they happen. */
  live: boolean;
  /** Everything that was edited before has been compared with what the relay holds. */
  compared: boolean;
}

/** Where no socket is open, or before it has answered. */
export interface Away {
  /** Ids of documents with edits that the relay may lack. */
  readonly unsent: readonly string[];
  /** Milliseconds since 1970. */
  readonly since: number;
  /** When the oldest of these edits was made. */
  readonly oldest: number | undefined;
  /** Rows of a log of which the titles and the latest texts are being read, before the socket opens (SPEC S18). */
  readonly first: number | undefined;
  /** Of a device that has not all documents. */
  readonly scope: Scope | undefined;
  /** The relay had everything when it was last heard of. */
  readonly sent: boolean;
}

/** What the relay is known to hold; undefined when that is everything. */
export function talkToState(talk: Talk | undefined, away: Away): SyncState | undefined {
  const { since, oldest, first, scope, sent } = away;
  const dirty = countDocuments(away.unsent);
  if (!talk && first !== undefined) return { kind: 'reading', rows: 0, of: first, oldest };
  if (!talk?.live && talk?.read === undefined)
    return { kind: 'offline', dirty, since, oldest, sent: sent && dirty === 0 };
  if (!talk.live) {
    const rows = talk.read ?? 0;
    return { kind: 'reading', rows, ...(talk.ahead && { of: Math.max(talk.ahead, rows) }), oldest };
  }
  const rows = talk.outgoing.rows();
  if (rows > 0 || !talk.compared || scope?.waiting)
    return { kind: 'sending', rows: Math.max(rows, 1), oldest };
  if (!scope || scope.left.length === 0) return undefined;
  const message = `What was written here is not in the folder of this device any more: ${scope.left.join(', ')}`;
  return { kind: 'attention', message, left: scope.left };
}

/** As a person counts them: the list, in which each edit of a document is dated, counts only where nothing else was edited. */
function countDocuments(ids: readonly string[]): number {
  return ids.length > 1 && ids.includes(INDEX_ID) ? ids.length - 1 : ids.length;
}
