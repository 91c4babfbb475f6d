import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { createRandomId } from '../../shared/bytes.ts';
import { randomBytes } from '../../relay/identity/webcrypto.ts';
import { startPeer } from '../peer.ts';
import type { DocumentServer, Ears, Line } from './line.ts';
import { openHocuspocusLine, openStockLine } from './stock.ts';

interface Peer {
  readonly file: string;
  readonly environment: (folder: string) => Readonly<Record<string, string>>;
  readonly open: (port: number, doc: string, ears: Ears) => Promise<Line>;
}

const openOverStock: Peer['open'] = (port, doc, ears) =>
  openStockLine(new WebSocket(`ws://127.0.0.1:${port}/${doc}`), ears);

const peers = {
  /** hocuspocus with documents in SQLite. */
  hocuspocus: {
    file: 'hocuspocus',
    environment: (folder) => ({ DATA_FILE: join(folder, 'documents.db') }),
    open: (port, doc, ears) => openHocuspocusLine(new WebSocket(`ws://127.0.0.1:${port}`), doc, ears),
  },
  /** The server of y-websocket, in memory. */
  memory: { file: 'websocket-server', environment: () => ({}), open: openOverStock },
  /** The server of y-websocket with y-leveldb. */
  leveldb: {
    file: 'websocket-server',
    environment: (folder) => ({ YPERSISTENCE: join(folder, 'documents') }),
    open: openOverStock,
  },
} satisfies Readonly<Record<string, Peer>>;

/** @param environment is added to that of the process */
export async function openPeer(
  name: keyof typeof peers,
  environment: Readonly<Record<string, string>> = {},
): Promise<DocumentServer> {
  const peer: Peer = peers[name];
  const folder = await mkdtemp(join(tmpdir(), 'islet-peer-'));
  const start = () => startPeer(peer.file, { ...environment, ...peer.environment(folder) });
  let running = await start();
  return {
    pid: () => running.pid,
    create: () => Promise.resolve(createRandomId(randomBytes)),
    open: (doc, _, ears) => peer.open(running.port, doc, ears),
    async restart(signal) {
      await running.kill(signal);
      running = await start();
    },
    async close() {
      await running.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
