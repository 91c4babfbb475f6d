import { once } from 'node:events';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { WebSocket } from 'ws';
import { equalBytes } from '../../shared/bytes.ts';
import { formatRoomFrame, parseRoomFrame, type RoomFrame } from '../../shared/sync/room-frame.ts';
import { closeSocket, type Ears, type Line } from './line.ts';

/** The state vector of an empty document. */
const nothing = new Uint8Array([0]);

/** Opens a document in the framing of y-websocket. What comes back to its sender is said to be kept. */
export async function openStockLine(connection: WebSocket, ears: Ears): Promise<Line> {
  const under: Uint8Array[] = [];
  let acked = 0;
  const opened = Promise.withResolvers<void>();
  const hear = (frame: RoomFrame | undefined): void => {
    if (frame?.kind === 'step2') {
      ears.heard(frame.update);
      opened.resolve();
    }
    if (frame?.kind !== 'update') return;
    const [first] = under;
    if (!first || !equalBytes(first, frame.update)) return ears.heard(frame.update);
    under.shift();
    ears.acked?.(++acked);
  };
  connection.on('message', (bytes: Buffer) => hear(parseRoomFrame(new Uint8Array(bytes))));
  connection.on('error', opened.reject);
  connection.on('close', () => opened.reject(new Error('the server closed the document')));
  await once(connection, 'open');
  connection.send(formatRoomFrame({ kind: 'step1', vector: nothing }));
  await opened.promise;
  return {
    send(update) {
      if (ears.acked) under.push(update);
      connection.send(formatRoomFrame({ kind: 'update', update }));
    },
    close: () => closeSocket(connection),
  };
}

/** Kinds of messages of hocuspocus. */
const kinds = { sync: 0, auth: 2, status: 8 } as const;
const sync = { step1: 0, step2: 1, update: 2 } as const;

/** Opens a document in the framing of hocuspocus, whose messages begin with the name of the document. */
export async function openHocuspocusLine(connection: WebSocket, doc: string, ears: Ears): Promise<Line> {
  let acked = 0;
  const opened = Promise.withResolvers<void>();
  const say = (kind: number, write: (encoder: encoding.Encoder) => void): void => {
    const encoder = encoding.createEncoder();
    encoding.writeVarString(encoder, doc);
    encoding.writeVarUint(encoder, kind);
    write(encoder);
    connection.send(encoding.toUint8Array(encoder));
  };
  const saySync = (kind: number, bytes: Uint8Array): void =>
    say(kinds.sync, (encoder) => {
      encoding.writeVarUint(encoder, kind);
      encoding.writeVarUint8Array(encoder, bytes);
    });
  connection.on('message', (bytes: Buffer) => {
    const decoder = decoding.createDecoder(new Uint8Array(bytes));
    decoding.readVarString(decoder);
    const kind = decoding.readVarUint(decoder);
    if (kind === kinds.status) return ears.acked?.(++acked);
    if (kind !== kinds.sync) return;
    const step = decoding.readVarUint(decoder);
    if (step === sync.step1) return;
    ears.heard(decoding.readVarUint8Array(decoder));
    if (step === sync.step2) opened.resolve();
  });
  connection.on('error', opened.reject);
  connection.on('close', () => opened.reject(new Error('the server closed the document')));
  await once(connection, 'open');
  say(kinds.auth, (encoder) => {
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, '');
    encoding.writeVarString(encoder, '');
  });
  saySync(sync.step1, nothing);
  await opened.promise;
  return { send: (update) => saySync(sync.update, update), close: () => closeSocket(connection) };
}
