import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import { typeEdits } from '../lines/edits.ts';
import { openIdleDevices } from '../lines/idle-devices.ts';
import type { DocumentServer } from '../lines/line.ts';
import { openPeer } from '../lines/peers.ts';
import { alternate, type Row, type Samples } from '../row.ts';

/** Documents with a connection each that are added in a round; a first round is thrown away. `IDLE=32` for a quick look. */
const many = Number(process.env.IDLE ?? 160);
const rounds = 2;
/** How long a server may take to come to rest, in milliseconds. */
const rest = 1_500;
const collecting = { NODE_OPTIONS: `--import=${new URL('../collect.ts', import.meta.url).href}` };

/** Bytes that a process has in memory, when it has thrown away what it does not use. */
async function readMemory(pid: number): Promise<number> {
  for (let i = 0; i < 3; i++) {
    process.kill(pid, 'SIGWINCH');
    await pause(rest / 3);
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

type OpenMore = () => Promise<void>;

/** @returns opens as many again, and tells kilobytes for each */
async function openIdle(pid: number, openMore: OpenMore): Promise<() => Promise<number>> {
  let before = await readMemory(pid);
  return async () => {
    await openMore();
    const after = await readMemory(pid);
    const each = (after - before) / many / 1024;
    before = after;
    return each;
  };
}

const writeSome = (): Uint8Array => typeEdits(new Y.Doc(), 1)[0]!;

function openDocuments(server: DocumentServer): OpenMore {
  return async () => {
    for (let i = 0; i < many; i++) {
      const line = await server.open(await server.create(), 0, { heard: () => undefined });
      line.send(writeSome());
    }
  };
}

async function measure(peer: 'hocuspocus' | 'memory'): Promise<Samples> {
  const ours = await openIdleDevices(collecting);
  const theirs = await openPeer(peer, collecting);
  const openOurs = async (): Promise<void> => {
    for (let i = 0; i < many; i++) await ours.open(writeSome());
  };
  try {
    return await alternate(
      rounds,
      await openIdle(ours.pid, openOurs),
      await openIdle(theirs.pid(), openDocuments(theirs)),
    );
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
  }
}

const common = {
  what: `${many} more documents, each with one edit and one connection that rests: memory of the server for each`,
  ours: 'our relay over `/ws/sync`: a socket of a device, and rows that lie on the disk',
  unit: 'kB',
  target: { atMost: 0.55 },
  needsPeers: true,
  spent:
    'after a collection the heap of the relay holds 11.5 kB more for each (300 sockets), y-websocket 9 with its document: 4.5 are what ws and Node keep of a socket, 3 our functions and timers, the rest its device, its row and code that became warm; nothing of the request is left; bytes outside of the heap do not grow, so that the other half is pages that the engine and malloc took while each edit was told to every socket that is there, up to 480 of them: the first 160 cost 55 kB each, the second 29, the third 23, and a bare server of ws grows by 18.6 for each of the first 400 and by 2.5 for the last 400 of 1600. A device has all of its documents over one socket; over `/ws/crdt`, one socket a document as with the others, at most 64 documents and 40 sockets of one person are open at once, so that 160 cannot be measured there: the first dozen takes 31 MB, which are the thread that reads them, the third 36 kB each',
} as const;

export const idleMemory: readonly Row[] = [
  {
    ...common,
    name: 'idle-memory',
    theirs: 'the server of y-websocket in memory',
    measure: () => measure('memory'),
  },
  {
    ...common,
    name: 'idle-memory-hocuspocus',
    theirs: 'hocuspocus with SQLite, which keeps a document in memory while it is open',
    measure: () => measure('hocuspocus'),
  },
];
