import { once } from 'node:events';
import { WebSocket } from 'ws';

/** One document over one connection, in the protocol of its server. */
export interface Line {
  /** An edit of this side: one Yjs update (v1). */
  send(update: Uint8Array): void;
  close(): Promise<void>;
}

/** What is done with what a server says. */
export interface Ears {
  /** Others wrote this: one update, or several that the server merged; what the document had comes first. */
  readonly heard: (update: Uint8Array) => void;
  /** So many edits of this side are kept, by the server's word. */
  readonly acked?: (count: number) => void;
}

/** A server over which documents are edited, in a process of its own, with a folder that outlives it. */
export interface DocumentServer {
  readonly pid: () => number;
  /** A document that can be opened. */
  create(): Promise<string>;
  /**
   * Resolves when what the document has was heard.
   * @param who number of the person or device that opens it, from 0
   */
  open(doc: string, who: number, ears: Ears): Promise<Line>;
  /** Ends the process, and begins it anew in the same folder. */
  restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Ends the process, and removes the folder. */
  close(): Promise<void>;
}

export async function closeSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const closed = once(socket, 'close');
  socket.terminate();
  await closed;
}
