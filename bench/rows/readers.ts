import * as Y from 'yjs';
import { lastClock, typeEdits } from '../lines/edits.ts';
import type { DocumentServer } from '../lines/line.ts';
import { openPeer } from '../lines/peers.ts';
import { openRooms } from '../lines/rooms.ts';
import { alternate, type Row, type Samples } from '../row.ts';

const readers = 50;
const edits = 2_000;
const rounds = 5;

/** One who writes and many who read. @returns sends a burst; updates delivered per second */
async function openReaders(server: DocumentServer): Promise<() => Promise<number>> {
  const doc = await server.create();
  const author = new Y.Doc();
  const clocks = new Array<number>(readers).fill(0);
  let goal = Infinity;
  let done = (): void => undefined;
  for (let i = 0; i < readers; i++)
    await server.open(doc, i + 1, {
      heard(update) {
        clocks[i] = Math.max(clocks[i]!, lastClock(update, author.clientID));
        if (clocks[i]! >= goal && clocks.every((clock) => clock >= goal)) done();
      },
    });
  const line = await server.open(doc, 0, { heard: () => undefined });
  return async () => {
    const updates = typeEdits(author, edits);
    const all = Promise.withResolvers<void>();
    [goal, done] = [author.getText('text').length, all.resolve];
    const began = performance.now();
    for (const update of updates) line.send(update);
    await all.promise;
    return (edits * readers * 1000) / (performance.now() - began);
  };
}

async function measure(): Promise<Samples> {
  const servers = await Promise.all([openRooms(), openPeer('hocuspocus')]);
  try {
    return await alternate(rounds, await openReaders(servers[0]), await openReaders(servers[1]));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

export const readersRow: Row = {
  name: 'readers',
  what: `1 writes ${edits} characters, ${readers} read: updates delivered per second, counted by the clock of the author, since both merge what came together`,
  ours: 'our relay over `/ws/crdt`, every update judged in a thread and on its way to the disk',
  theirs: 'hocuspocus with SQLite',
  unit: 'updates/s',
  target: { atLeast: 1 },
  needsPeers: true,
  measure,
};
