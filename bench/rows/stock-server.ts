import { parentPort } from 'node:worker_threads';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocketServer } from 'ws';
import { readSyncMessage, writeSyncStep1 } from 'y-protocols/sync';
import * as Y from 'yjs';

/** What y-websocket's own server does, in memory: one socket a document, step 1 and step 2 both ways. It keeps nothing on a disk. */
const documents = new Map<string, Y.Doc>();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === 'object' ? address?.port : undefined);
});

server.on('connection', (connection, request) => {
  const name = request.url ?? '';
  const doc = documents.get(name) ?? new Y.Doc();
  documents.set(name, doc);
  connection.on('message', (data: Buffer) => {
    const decoder = decoding.createDecoder(new Uint8Array(data));
    decoding.readVarUint(decoder);
    const answer = encoding.createEncoder();
    encoding.writeVarUint(answer, 0);
    readSyncMessage(decoder, answer, doc, connection);
    if (encoding.length(answer) > 1) connection.send(encoding.toUint8Array(answer));
  });
  const first = encoding.createEncoder();
  encoding.writeVarUint(first, 0);
  writeSyncStep1(first, doc);
  connection.send(encoding.toUint8Array(first));
});
