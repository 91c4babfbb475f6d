import { once } from 'node:events';
import { applyAwarenessUpdate, Awareness } from 'y-protocols/awareness';
import { type WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { formatRoomFrame, parseRoomFrame } from '../../../shared/sync/room-frame.ts';

/** A relay's side of a room, as stock nodes play it: state at once, an echo of every update that it kept. */
export interface StockRoom {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly address: string;
  /** Updates that came, echoed or not. */
  readonly received: Uint8Array[];
  /** Keeps what comes and says nothing. */
  silent: boolean;
  /** Closes every connection that comes, with this code. */
  refusing: number | undefined;
  /** Lets everybody in, and puts them out with this code after the first word. */
  fickle: number | undefined;
  connections(): number;
  /** Says these bytes to everybody. */
  say(frame: Uint8Array): void;
  /** Cuts all lines. */
  cut(): void;
  close(): Promise<void>;
}

export async function openStockRoom(): Promise<StockRoom> {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  awareness.setLocalState(null);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const room: StockRoom = {
    ...{ doc, awareness, address: `ws://127.0.0.1:${port}/ws/crdt/x`, received: [] },
    silent: false,
    refusing: undefined,
    fickle: undefined,
    connections: () => server.clients.size,
    say: (frame) => server.clients.forEach((client) => client.send(frame)),
    cut: () => server.clients.forEach((client) => client.terminate()),
    async close() {
      room.cut();
      server.close();
      awareness.destroy();
      await once(server, 'close');
    },
  };
  server.on('connection', (client) => {
    if (room.refusing !== undefined) return client.close(room.refusing, 'it was taken back');
    client.send(formatRoomFrame({ kind: 'step1', vector: Y.encodeStateVector(doc) }));
    if (room.fickle !== undefined) return client.close(room.fickle);
    client.on('message', (data: Buffer) => take(new Uint8Array(data), client));
    return undefined;
  });
  function take(bytes: Uint8Array, client: WebSocket): void {
    const frame = parseRoomFrame(bytes);
    if (frame === undefined) return;
    if (frame.kind === 'step1')
      return client.send(
        formatRoomFrame({ kind: 'step2', update: Y.encodeStateAsUpdate(doc, frame.vector) }),
      );
    if (frame.kind === 'awareness') applyAwarenessUpdate(awareness, frame.states, client);
    else {
      room.received.push(frame.update);
      Y.applyUpdate(doc, frame.update, client);
    }
    if (!room.silent) for (const other of server.clients) other.send(bytes);
  }
  return room;
}
