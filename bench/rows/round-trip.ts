import * as Y from 'yjs';
import { openDevices } from '../lines/devices.ts';
import type { DocumentServer } from '../lines/line.ts';
import { openPeer } from '../lines/peers.ts';
import { openRooms } from '../lines/rooms.ts';
import { alternate, quantile, type Row, type Samples } from '../row.ts';

const rounds = 5;
const editsOfRound = 150;

/** Milliseconds from an edit of A until B has it in its document, and until A was told that it is kept. */
interface Trip {
  readonly seen: number;
  readonly acked: number;
}

/** Two people in one document. @returns makes one edit, and waits for both */
async function openTrip(server: DocumentServer, isAcked: boolean): Promise<() => Promise<Trip>> {
  const doc = await server.create();
  const [here, there] = [new Y.Doc(), new Y.Doc()];
  let onSeen = (): void => undefined;
  let onAcked = (): void => undefined;
  const remote = 'remote';
  const line = await server.open(doc, 0, {
    heard: (update) => Y.applyUpdate(here, update, remote),
    ...(isAcked && { acked: () => onAcked() }),
  });
  await server.open(doc, 1, {
    heard(update) {
      Y.applyUpdate(there, update);
      onSeen();
    },
  });
  here.on('update', (update: Uint8Array, origin) => {
    if (origin !== remote) line.send(update);
  });
  const [text, seenText] = [here.getText('text'), there.getText('text')];
  return async () => {
    const [seen, acked] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
    const began = performance.now();
    const length = text.length + 1;
    onSeen = () => seenText.length === length && seen.resolve(performance.now() - began);
    onAcked = () => acked.resolve(performance.now() - began);
    text.insert(length - 1, 'x');
    return { seen: await seen.promise, acked: isAcked ? await acked.promise : 0 };
  };
}

interface Sides {
  readonly ours: () => Promise<DocumentServer>;
  readonly theirs: () => Promise<DocumentServer>;
  readonly of: keyof Trip;
  /** Whether theirs says that it has an edit. */
  readonly areAcked?: boolean;
}

async function measure({ ours, theirs, of, areAcked = true }: Sides): Promise<Samples> {
  const servers = await Promise.all([ours(), theirs()]);
  try {
    const trips = [await openTrip(servers[0], true), await openTrip(servers[1], areAcked)] as const;
    const run = (trip: () => Promise<Trip>) => async () => {
      const times: number[] = [];
      for (let i = 0; i < editsOfRound; i++) times.push((await trip())[of]);
      return quantile(times, 0.5);
    };
    return await alternate(rounds, run(trips[0]), run(trips[1]));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

const hocuspocus = () => openPeer('hocuspocus');
const rooms = () => openRooms();
const common = { unit: 'ms', needsPeers: true } as const;
const room =
  'our relay over `/ws/crdt`: the update is judged in a thread of its own, passed on, signed, and committed';

export const roundTrips: readonly Row[] = [
  {
    ...common,
    name: 'round-trip',
    what: `one edit of A until B has it in its document, both over the same kind of socket with plain updates; p50 of ${editsOfRound} edits a round, the next one when this one is on the disk`,
    ours: room,
    theirs: 'hocuspocus with SQLite, which stores it seconds later',
    target: { atMost: 1 },
    spent:
      'the way to the thread that reads what strangers send and back, two switches of threads that they do without',
    measure: () => measure({ ours: rooms, theirs: hocuspocus, of: 'seen' }),
  },
  {
    ...common,
    name: 'round-trip-acked',
    what: 'the same edit until A is told that it is kept',
    ours: 'our relay: told when the commit is on the disk',
    theirs: 'hocuspocus with SQLite: told when it is in memory',
    target: { atMost: 1 },
    spent:
      'one ES384 signature of the identity key and one commit that waits for the disk, which they do not wait for',
    measure: () => measure({ ours: rooms, theirs: hocuspocus, of: 'acked' }),
  },
  {
    ...common,
    name: 'round-trip-signed',
    what: 'one edit of a device until another device of the same person has it, checked',
    ours: 'our relay over `/ws/sync`, as the app does: one ES384 signature, checked by the relay and by the other device before it is shown',
    theirs: 'hocuspocus with SQLite, where nobody signs',
    target: { atMost: 1 },
    spent:
      'three ES384 operations one after the other, each of which takes longer than their whole round trip',
    measure: () => measure({ ours: () => openDevices(), theirs: hocuspocus, of: 'seen' }),
  },
  {
    ...common,
    name: 'round-trip-memory',
    what: 'one edit of A until B has it, against a server that keeps nothing',
    ours: room,
    theirs: 'the server of y-websocket, in memory',
    target: { atMost: 1.5 },
    spent: 'the way to the thread that reads what strangers send and back',
    measure: () => measure({ ours: rooms, theirs: () => openPeer('memory'), of: 'seen', areAcked: false }),
  },
];
