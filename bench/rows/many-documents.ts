import * as Y from 'yjs';
import { openDevices } from '../lines/devices.ts';
import { lastClock, typeEdits } from '../lines/edits.ts';
import type { DocumentServer, Line } from '../lines/line.ts';
import { openPeer } from '../lines/peers.ts';
import { alternate, type Row, type Samples } from '../row.ts';

const documents = 50;
/** Each device writes so many characters at once, and the next ones when it has read those of the other. */
const burst = 10;
const turns = 8;
const rounds = 5;

/** One document on two devices. */
interface Pair {
  /** Types what is sent in the next run: to type is not the work of a server, and the same for all of them. */
  type(): void;
  /** Resolves when both have read all that the other wrote. */
  run(): Promise<void>;
}

async function openPair(server: DocumentServer): Promise<Pair> {
  const doc = await server.create();
  const authors = [new Y.Doc(), new Y.Doc()] as const;
  const read = [0, 0];
  let noticed = (): void => undefined;
  const openSide = (me: 0 | 1): Promise<Line> =>
    server.open(doc, me, {
      heard(update) {
        const other = authors[1 - me]!;
        read[me] = Math.max(read[me]!, lastClock(update, other.clientID));
        noticed();
      },
    });
  const lines = [await openSide(0), await openSide(1)] as const;
  let typed: (readonly Uint8Array[][])[] = [];
  let goal = 0;
  const turn = async (updates: readonly Uint8Array[][]): Promise<void> => {
    const all = Promise.withResolvers<void>();
    goal += burst;
    noticed = () => read.every((clock) => clock >= goal) && all.resolve();
    lines.forEach((line, me) => updates[me]!.forEach((update) => line.send(update)));
    await all.promise;
  };
  return {
    type() {
      typed = Array.from({ length: turns }, () => authors.map((author) => typeEdits(author, burst)));
    },
    async run() {
      for (const updates of typed) await turn(updates);
    },
  };
}

/** @returns updates per second, each delivered to the other device */
async function openAll(server: DocumentServer): Promise<() => Promise<number>> {
  const pairs: Pair[] = [];
  for (let i = 0; i < documents; i++) pairs.push(await openPair(server));
  return async () => {
    for (const pair of pairs) pair.type();
    const began = performance.now();
    await Promise.all(pairs.map((pair) => pair.run()));
    return (documents * 2 * burst * turns * 1000) / (performance.now() - began);
  };
}

async function measure(peer: 'hocuspocus' | 'memory'): Promise<Samples> {
  const servers = await Promise.all([openDevices(), openPeer(peer)]);
  try {
    return await alternate(rounds, await openAll(servers[0]), await openAll(servers[1]));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

const common = {
  what: `${documents} documents on 2 devices, both send in each of them ${burst} characters at once, typed before the clock begins, and the next ones when those of the other are there: updates per second, counted by clock`,
  ours: 'our relay over `/ws/sync`: one socket a device, signed, checked by relay and reader, on its way to the disk',
  unit: 'updates/s',
  target: { atLeast: 1.8 },
  needsPeers: true,
  spent:
    'for 8000 updates the relay takes 60 to 80 ms of processor time and the client 85, where y-websocket takes 280 and 210, hocuspocus 400 and 200; what is left is the way there and back eight times, each with a signature that is made, checked by the relay and checked by the reader',
} as const;

export const manyDocuments: readonly Row[] = [
  {
    ...common,
    name: 'many-documents',
    theirs: 'hocuspocus with SQLite, one socket a document and device',
    measure: () => measure('hocuspocus'),
  },
  {
    ...common,
    name: 'many-documents-memory',
    theirs: 'the server of y-websocket in memory, one socket a document and device',
    measure: () => measure('memory'),
  },
];
