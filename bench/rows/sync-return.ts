import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { readSyncMessage, writeSyncStep1 } from 'y-protocols/sync';
import * as Y from 'yjs';
import { nonce, type TestDevice } from '../../relay/test/device.ts';
import type { PublicJwk } from '../../shared/identity/did.ts';
import { type Cursor, parseRelayFrame, type RelayFrame } from '../../shared/sync/frame.ts';
import { emptyChain, nextChain, verifyBatch } from '../../shared/sync/row.ts';
import { openBenchRelay } from '../relay.ts';
import { alternate, type Row, type Samples } from '../row.ts';

/** `RETURN_UNTOUCHED=0 npm run bench -- sync-return` shows that ours does not depend on them. */
const untouched = Number(process.env.RETURN_UNTOUCHED ?? 10_000);
const changedHere = 1_000;
const changedThere = 1_000;
const rounds = 3;
const batchRows = 500;
/** Sockets that a browser has open side by side to one place, and then some. */
const sideBySide = 32;

const idOf = (i: number): string => String(i).padStart(24, 'd');

function editOf(i: number): Uint8Array {
  const doc = new Y.Doc();
  doc
    .getText('content')
    .insert(0, `an edit of document ${i}, of about the length of a sentence that somebody wrote`);
  return Y.encodeStateAsUpdate(doc);
}

/** Sends rows of documents, and waits until the relay has them on its disk. */
async function push(device: TestDevice, ids: readonly number[], cursor: Cursor): Promise<Cursor> {
  const session = nonce();
  const socket = await device.sync(session, cursor);
  const place = await follow(socket.connection, device, cursor);
  for (let first = 0; first < ids.length; first += batchRows) {
    const rows = ids.slice(first, first + batchRows).map((i) => [idOf(i), editOf(i)] as const);
    socket.send({ kind: 'push', batches: [await device.batch(session, first, rows)] });
  }
  let last = place;
  if (ids.length > 0)
    await new Promise<void>((resolve) =>
      socket.connection.on('message', (data: Buffer) => {
        const frame = parseRelayFrame(new Uint8Array(data));
        if (frame.kind === 'committed') last = { ...last, seq: frame.seq, chain: frame.chain };
        if (frame.kind === 'ack' && frame.acked === ids.length - 1) resolve();
      }),
    );
  socket.close();
  return last;
}

/** Reads what is behind the cursor, and checks every signature and the chain, as a device does. */
function follow(connection: WebSocket, { relay }: TestDevice, from: Cursor): Promise<Cursor> {
  let cursor = from;
  const take = async (frame: RelayFrame): Promise<boolean> => {
    if (frame.kind === 'welcome')
      cursor = frame.match ? { ...cursor, log: frame.log } : { log: frame.log, seq: 0, chain: emptyChain };
    if (frame.kind === 'rows')
      for (const { batch, seq, chain } of frame.batches) {
        await verifyBatch(relay.idTag, batch, known.get(batch.device)!);
        if ((await nextChain(cursor.chain, relay.idTag, batch)) !== chain)
          throw new Error('the chain does not fit');
        cursor = { ...cursor, seq, chain };
      }
    return frame.kind === 'current';
  };
  return new Promise((resolve, reject) => {
    let taking: Promise<unknown> = Promise.resolve();
    connection.on('message', (data: Buffer) => {
      const frame = parseRelayFrame(new Uint8Array(data));
      taking = taking.then(async () => (await take(frame)) && resolve(cursor)).catch(reject);
    });
  });
}

/** Public keys of the devices that write. */
const known = new Map<string, PublicJwk>();

/** One document over the stock protocol: step 1 and step 2 both ways. */
async function openStock(port: number, i: number, isChanged: boolean): Promise<void> {
  const doc = new Y.Doc();
  if (isChanged) Y.applyUpdate(doc, editOf(i));
  const connection = new WebSocket(`ws://127.0.0.1:${port}/${idOf(i)}`);
  const steps = new Set<number>();
  // Listened to from the beginning: the server speaks first.
  const both = new Promise<void>((resolve) =>
    connection.on('message', (data: Buffer) => {
      const decoder = decoding.createDecoder(new Uint8Array(data));
      decoding.readVarUint(decoder);
      const answer = encoding.createEncoder();
      encoding.writeVarUint(answer, 0);
      steps.add(readSyncMessage(decoder, answer, doc, connection));
      if (encoding.length(answer) > 1) connection.send(encoding.toUint8Array(answer));
      // Both: theirs came, and what was asked for was sent.
      if (steps.size === 2) resolve();
    }),
  );
  await once(connection, 'open');
  const first = encoding.createEncoder();
  encoding.writeVarUint(first, 0);
  writeSyncStep1(first, doc);
  connection.send(encoding.toUint8Array(first));
  await both;
  connection.close();
  await once(connection, 'close');
}

async function measure(): Promise<Samples> {
  const bench = await openBenchRelay();
  const away = bench.device;
  const other = await away.enrolSecond();
  for (const { keys } of [away, other]) known.set(keys.did, keys.jwk);
  const worker = new Worker(new URL('stock-server.ts', import.meta.url));
  const [port] = (await once(worker, 'message')) as [number];
  const numbers = (count: number, from: number) => Array.from({ length: count }, (_, i) => from + i);
  const all = untouched + changedHere + changedThere;
  let stood = await push(other, numbers(all, 0), { log: '', seq: 0, chain: '' });
  stood = await push(away, [], stood);
  let theirs = stood;
  const ours = async (): Promise<number> => {
    theirs = await push(other, numbers(changedThere, changedHere), theirs);
    const began = performance.now();
    stood = await push(away, numbers(changedHere, 0), stood);
    return performance.now() - began;
  };
  const stock = async (): Promise<number> => {
    const began = performance.now();
    const waiting = numbers(all, 0);
    const work = async (): Promise<void> => {
      for (let i = waiting.shift(); i !== undefined; i = waiting.shift())
        await openStock(port, i, i < changedHere);
    };
    await Promise.all(Array.from({ length: sideBySide }, work));
    return performance.now() - began;
  };
  try {
    return await alternate(rounds, ours, stock);
  } finally {
    await worker.terminate();
    await bench.close();
  }
}

/** A device that comes back after a week. */
export const syncReturn: Row = {
  name: 'sync-return',
  what: `a device comes back: ${changedHere} documents were changed on it, ${changedThere} elsewhere, ${untouched} by nobody; until both sides have all, ours on the disk`,
  ours: 'cursor and rows over one socket, every signature checked',
  theirs: 'each document over the stock protocol, with a server that keeps all in memory',
  unit: 'ms',
  target: { atMost: 0.1 },
  measure,
};
