import { setTimeout as rest } from 'node:timers/promises';
import * as Y from 'yjs';
import { openDevices } from '../lines/devices.ts';
import type { DocumentServer } from '../lines/line.ts';
import { openPeer } from '../lines/peers.ts';
import { openRooms } from '../lines/rooms.ts';
import { openRawCommits } from '../raw-commits.ts';
import { createRawEs384 } from '../raw-es384.ts';
import { alternate, quantile, type Row, type Samples } from '../row.ts';

const rounds = 5;
const editsOfRound = 150;
/**
 * Milliseconds between two edits, for both sides. Ours waits for the disk after each, and one that does not would be measured
 * with everything at hand still: nobody types within the millisecond in which the last key came back.
 */
const pause = 5;

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

/** @returns the median time of a round of trips */
async function runTrips(trip: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < editsOfRound; i++) {
    times.push(await trip());
    await rest(pause);
  }
  return quantile(times, 0.5);
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
    const run = (trip: () => Promise<Trip>) => () => runTrips(async () => (await trip())[of]);
    return await alternate(rounds, run(trips[0]), run(trips[1]));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

/** As long as the signed bytes of one edit, about. */
const signed = Buffer.from('x'.repeat(220));

/** Against what none can do without who signs, and who waits for the disk, one after the other in this process. */
async function measureLimit(ours: () => Promise<DocumentServer>, of: keyof Trip): Promise<Samples> {
  const [server, commits, raw] = [await ours(), await openRawCommits(), createRawEs384()];
  const work = {
    async acked() {
      commits.commit((await raw.sign(signed)).toString('latin1'));
    },
    async seen() {
      const signature = await raw.sign(signed);
      await raw.verify(signed, signature);
      await raw.verify(signed, signature);
    },
  };
  const time = async (): Promise<number> => {
    const began = performance.now();
    await work[of]();
    return performance.now() - began;
  };
  try {
    const trip = await openTrip(server, true);
    return await alternate(
      rounds,
      () => runTrips(async () => (await trip())[of]),
      () => runTrips(time),
    );
  } finally {
    await Promise.all([server.close(), commits.close()]);
  }
}

const hocuspocus = () => openPeer('hocuspocus');
const rooms = () => openRooms();
const common = { unit: 'ms', needsPeers: true } as const;
const room =
  'our relay over `/ws/crdt`: a small update of a device is passed on at once, judged in a thread of its own, signed, and committed';

/** Where the time of the first two goes. */
const passedOn =
  'the relay takes 0.1 ms from the frame to the last byte of what it passes on, most of it writing to the socket (on a loaded machine); the rest are the sockets and the client, which are the same for both';

export const roundTrips: readonly Row[] = [
  {
    ...common,
    name: 'round-trip',
    what: `one edit of A until B has it in its document, both over the same kind of socket with plain updates; p50 of ${editsOfRound} edits a round, the next one ${pause} ms after this one is there and its author was told that it is kept. Without this rest, which ours has at the disk and theirs has not, ours took 1.2 to 1.7 times as long as theirs on a loaded machine`,
    ours: room,
    theirs: 'hocuspocus with SQLite, which stores it seconds later',
    target: { atMost: 1 },
    spent: passedOn,
    measure: () => measure({ ours: rooms, theirs: hocuspocus, of: 'seen' }),
  },
  {
    ...common,
    name: 'round-trip-memory',
    what: 'the same edit until B has it, against a server that keeps nothing',
    ours: room,
    theirs: 'the server of y-websocket, in memory',
    target: { atMost: 1.5 },
    spent: passedOn,
    measure: () => measure({ ours: rooms, theirs: () => openPeer('memory'), of: 'seen', areAcked: false }),
  },
  {
    ...common,
    name: 'round-trip-acked',
    what: 'the same edit until A is told that it is kept',
    ours: 'our relay: told when the commit is on the disk',
    theirs:
      'one ES384 signature and one commit on the disk (SQLite, FULL), in this process. hocuspocus, which does neither, tells it when it is in memory: after a twelfth of our time',
    target: { atMost: 2 },
    spent:
      'of 4.8 ms on a loaded machine 0.8 are the way to the thread that judges and back, 1.9 the signature with its hash, 0.9 numbering and three hashes of the chain, 1.1 the commit',
    measure: () => measureLimit(rooms, 'acked'),
  },
  {
    ...common,
    name: 'round-trip-signed',
    what: 'one edit of a device until another device of the same person has it, checked',
    ours: 'our relay over `/ws/sync`, as the app does: one ES384 signature, checked by the relay and by the other device before it is shown',
    theirs:
      'the signature and the two checks alone, one after the other in this process. With hocuspocus, where nobody signs, the other has it after a twentieth of our time',
    target: { atMost: 2 },
    spent:
      'of 5.7 ms on a loaded machine 1.3 are the signature, 0.6 looking anew at what the device may do, 1.3 the check of the relay, 1.5 that of the other device, the rest frames and sockets',
    measure: () => measureLimit(() => openDevices(), 'seen'),
  },
];
