import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type IdleServer, openIdleDevices } from '../lines/idle-devices.ts';
import type { Line } from '../lines/line.ts';
import { openPeer } from '../lines/peers.ts';
import { traceToUpdates } from '../lines/seeded.ts';
import { alternate, type Row, type Samples } from '../row.ts';
import { createTrace } from '../trace.ts';

/** Documents with a connection each. `IDLE=32` for a quick look. */
const many = Number(process.env.IDLE ?? 320);
/** So many are opened and closed before, so that the code has run. */
const before = 40;
const edits = 1_000;
const rounds = 3;
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

/** A page of each document, as one update. */
function writePages(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, seed) => traceToUpdates(createTrace(seed, edits), edits)[0]!);
}

async function openIdlePeer(peer: 'hocuspocus' | 'memory'): Promise<IdleServer> {
  const server = await openPeer(peer, collecting);
  return {
    pid: server.pid,
    async open(updates) {
      const lines: Line[] = [];
      for (const update of updates) {
        const line = await server.open(await server.create(), 0, { heard: () => undefined });
        line.send(update);
        lines.push(line);
      }
      return async () => {
        for (const line of lines) await line.close();
      };
    },
    close: server.close,
  };
}

/** @returns kilobytes for each, of a server that was begun for this */
async function measureSide(start: () => Promise<IdleServer>): Promise<number> {
  const server = await start();
  try {
    const end = await server.open(writePages(before));
    await end();
    const empty = await readMemory(server.pid());
    await server.open(writePages(many));
    return ((await readMemory(server.pid())) - empty) / many / 1024;
  } finally {
    await server.close();
  }
}

const measure = (peer: 'hocuspocus' | 'memory'): Promise<Samples> =>
  alternate(
    rounds,
    () => measureSide(() => openIdleDevices(collecting, many)),
    () => measureSide(() => openIdlePeer(peer)),
  );

const common = {
  what: `${many} documents of ${edits} edits of the trace, and a connection for each that rests: memory of the server for each`,
  ours: 'our relay over `/ws/sync`: devices that have what is there, with 16 sockets each; the rows lie on the disk. With documents of one letter ours takes 9 kB, y-websocket 7, hocuspocus 39',
  unit: 'kB',
  target: { atMost: 0.55 },
  needsPeers: true,
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
