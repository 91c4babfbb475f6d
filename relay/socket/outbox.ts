import type { WebSocket } from 'ws';
import { formatRelayFrame, frameTarget, type RelayFrame } from '../../shared/sync/frame.ts';

/** What one connection is told, in its order: lists that came up within one turn of the event loop leave as one frame. */
export interface Outbox {
  /** Resolves when the frame has left, or the connection is gone. */
  send(frame: RelayFrame): Promise<void>;
  /** Bytes that have not left yet, about. */
  backlog(): number;
  /** Hands over at once what waits; before the connection is closed. */
  flush(): void;
}

interface Waiting {
  frame: RelayFrame;
  size: number;
  readonly left: (() => void)[];
}

export function createOutbox(
  connection: Pick<WebSocket, 'readyState' | 'OPEN' | 'bufferedAmount' | 'send'>,
): Outbox {
  let waiting: Waiting[] = [];
  let turn: NodeJS.Immediate | undefined;

  const flush = (): void => {
    clearImmediate(turn);
    turn = undefined;
    const now = waiting;
    waiting = [];
    for (const { frame, left } of now) {
      const done = (): void => left.forEach((resolve) => resolve());
      if (connection.readyState !== connection.OPEN) done();
      // An error here also closes the socket, which is what ends the membership.
      else connection.send(formatRelayFrame(frame), done);
    }
  };
  return {
    send: (frame) =>
      new Promise((resolve) => {
        const size = sizeOf(frame);
        const last = waiting.at(-1);
        const joined = last && last.size + size <= frameTarget ? join(last.frame, frame) : undefined;
        if (last && joined) {
          last.frame = joined;
          last.size += size;
          last.left.push(resolve);
        } else waiting.push({ frame, size, left: [resolve] });
        turn ??= setImmediate(flush);
      }),
    backlog: () => connection.bufferedAmount + waiting.reduce((sum, { size }) => sum + size, 0),
    flush,
  };
}

/** Two lists of the same kind as one; undefined when they are not. */
function join(first: RelayFrame, second: RelayFrame): RelayFrame | undefined {
  if (first.kind === 'rows' && second.kind === 'rows')
    return { kind: 'rows', batches: [...first.batches, ...second.batches] };
  if (first.kind === 'provisional' && second.kind === 'provisional')
    return { kind: 'provisional', batches: [...first.batches, ...second.batches] };
  return undefined;
}

function sizeOf(frame: RelayFrame): number {
  if (frame.kind === 'rows') return frame.batches.reduce((sum, { batch }) => sum + bytesOf(batch), 0);
  if (frame.kind === 'provisional') return frame.batches.reduce((sum, batch) => sum + bytesOf(batch), 0);
  return frame.kind === 'awareness' ? frame.states.length : 0;
}

function bytesOf({ rows }: { rows: readonly { update: Uint8Array }[] }): number {
  return rows.reduce((sum, { update }) => sum + update.length, 0);
}
