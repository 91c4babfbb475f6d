import * as Y from 'yjs';
import type { DocumentServer } from '../lines/line.ts';
import { openPeer } from '../lines/peers.ts';
import { openRooms } from '../lines/rooms.ts';
import { traceToUpdates } from '../lines/seeded.ts';
import { alternate, type Row, type Samples } from '../row.ts';
import { createTrace } from '../trace.ts';

const rounds = 5;
/** As somebody types it between two commits of a busy minute. */
const editsOfUpdate = 500;

/** Writes the document, and leaves it. @returns restarts the server, and tells how long it takes until the text is there */
async function openSeeded(
  server: DocumentServer,
  updates: readonly Uint8Array[],
): Promise<() => Promise<number>> {
  const doc = await server.create();
  const kept = Promise.withResolvers<void>();
  const line = await server.open(doc, 0, {
    heard: () => undefined,
    acked: (count) => count === updates.length && kept.resolve(),
  });
  for (const update of updates) line.send(update);
  await kept.promise;
  await line.close();
  const whole = new Y.Doc();
  for (const update of updates) Y.applyUpdate(whole, update);
  const length = whole.getText('text').length;
  return async () => {
    await server.restart('SIGTERM');
    const copy = new Y.Doc();
    const began = performance.now();
    const opened = await server.open(doc, 0, { heard: (update) => Y.applyUpdate(copy, update) });
    const took = performance.now() - began;
    if (copy.getText('text').length !== length) throw new Error('the text is not there');
    await opened.close();
    return took;
  };
}

async function measure(): Promise<Samples> {
  const updates = traceToUpdates(createTrace(), editsOfUpdate);
  const servers = await Promise.all([openRooms(), openPeer('hocuspocus')]);
  try {
    const [ours, theirs] = [await openSeeded(servers[0], updates), await openSeeded(servers[1], updates)];
    return await alternate(rounds, ours, theirs);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

export const coldOpen: Row = {
  name: 'cold-open',
  what: 'a document of 260,000 edits of one character, of the shape of the editing trace B4, is opened at a server that has just been restarted: until the client has the text in a document of its own',
  ours: 'our relay over `/ws/crdt`, access looked at; the client has its access token from before',
  theirs: 'hocuspocus with SQLite',
  unit: 'ms',
  target: { atMost: 0.4 },
  needsPeers: true,
  spent:
    'the client applies the 243 KB of both sides in some 20 ms; until then the relay uses 40 to 60 ms of processor time, hocuspocus 150 to 250, of which each uses what it finds free',
  measure,
};
