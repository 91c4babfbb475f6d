import * as Y from 'yjs';
import { openDevices } from '../lines/devices.ts';
import type { DocumentServer } from '../lines/line.ts';
import { openPeer } from '../lines/peers.ts';
import { openRooms } from '../lines/rooms.ts';
import type { Row, Samples } from '../row.ts';

/** `KILLS=200 npm run bench -- kill-acked` for as many as it takes to be sure. */
const kills = Number(process.env.KILLS ?? 20);

/** Edits, waits until the server says that it has the edit, and kills it at once. @returns how many of the edits were lost */
async function countLost(server: DocumentServer): Promise<number> {
  let lost = 0;
  for (let i = 0; i < kills; i++) {
    const doc = await server.create();
    const author = new Y.Doc();
    const acked = Promise.withResolvers<void>();
    const line = await server.open(doc, 0, { heard: () => undefined, acked: () => acked.resolve() });
    author.on('update', (update: Uint8Array) => line.send(update));
    author.getText('text').insert(0, `edit ${i}`);
    await acked.promise;
    await server.restart('SIGKILL');
    await line.close();
    const copy = new Y.Doc();
    const again = await server.open(doc, 0, { heard: (update) => Y.applyUpdate(copy, update) });
    if (copy.getText('text').toString() !== `edit ${i}`) lost++;
    await again.close();
  }
  return lost;
}

async function measure(...open: readonly (() => Promise<DocumentServer>)[]): Promise<Samples> {
  const lost: number[] = [];
  for (const one of open) {
    const server = await one();
    try {
      lost.push(await countLost(server));
    } finally {
      await server.close();
    }
  }
  return { ours: lost.slice(0, 1), theirs: lost.slice(1) };
}

const common = {
  what: `a server is killed (-9) right after it said that it has an edit, ${kills} times, and started again: edits that were lost`,
  unit: `of ${kills}`,
  target: { limit: 0 },
  needsPeers: true,
} as const;

export const killAcked: readonly Row[] = [
  {
    ...common,
    name: 'kill-acked',
    ours: 'our relay over `/ws/sync`: `ack`, which the app shows as saved',
    theirs: 'hocuspocus with SQLite: `SyncStatus`, which its provider shows as synced',
    measure: () =>
      measure(
        () => openDevices(),
        () => openPeer('hocuspocus'),
      ),
  },
  {
    ...common,
    name: 'kill-acked-room',
    ours: 'our relay over `/ws/crdt`: the edit comes back to its author',
    theirs: 'the server of y-websocket with y-leveldb: the edit comes back to its author',
    measure: () =>
      measure(
        () => openRooms(),
        () => openPeer('leveldb'),
      ),
  },
];
