import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { routes } from '../../shared/routes.ts';
import { startPeer } from '../peer.ts';
import { timeAtOnce } from '../raw-es384.ts';
import { openBenchRelay } from '../relay.ts';
import { alternate, type Row, type Samples } from '../row.ts';

const connections = 16;
/** `TEXTS=16 npm run bench -- solid` for a quick look. */
const texts = Number(process.env.TEXTS ?? 160);
const rounds = 5;

/** Texts of 1 KiB, none of which was there before. */
const createTexts = (): Buffer[] =>
  Array.from({ length: texts }, () => Buffer.from(randomBytes(512).toString('hex')));

/** Puts texts on a Community Solid Server. */
interface Pod {
  put(name: string, body: Buffer): Promise<void>;
  close(): Promise<void>;
}

async function openPod(): Promise<Pod> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-solid-'));
  const socketPath = join(folder, 'socket');
  const peer = await startPeer('solid', { DATA_FOLDER: join(folder, 'pod'), SOCKET_PATH: socketPath });
  const pool = new Pool('http://localhost', { connections, socketPath });
  const headers = { 'content-type': 'text/plain' };
  return {
    async put(name, body) {
      const answer = await pool.request({ path: `/${name}`, method: 'PUT', headers, body });
      const said = await answer.body.text();
      if (answer.statusCode !== 201) throw new Error(`the server refused ${name}: ${said}`);
    },
    async close() {
      await pool.destroy();
      await peer.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function measure(): Promise<Samples> {
  const pod = await openPod();
  const relay = await openBenchRelay();
  const ours = async (): Promise<number> => {
    const took = await timeAtOnce(createTexts(), connections, async (body) => {
      const id = formatBlobId(createHash('sha256').update(body).digest());
      const { status, text } = await relay.device.ask(`${routes.blobs}/${id}`, 'PUT', body);
      if (status !== 201) throw new Error(`the upload was refused: ${text}`);
    });
    return took / texts;
  };
  let written = 0;
  const theirs = async (): Promise<number> =>
    (await timeAtOnce(createTexts(), connections, (body) => pod.put(`text-${written++}.txt`, body))) / texts;
  try {
    await relay.device.accessToken();
    return await alternate(rounds, ours, theirs);
  } finally {
    await Promise.all([relay.close(), pod.close()]);
  }
}

export const solidRow: Row = {
  name: 'solid',
  what: `${texts} new texts of 1 KiB, one in a request, ${connections} requests at once`,
  ours: 'a relay in a process of its own: PUT /api/blobs/<id>, which like the PUT of a pod leaves a file that others can read by its address; access token checked, hashed, on the disk (fsync), counted',
  theirs:
    'Community Solid Server with its file backend in a process of its own, over a Unix socket: PUT; everybody may do everything, and nothing waits for the disk. To see the order of magnitude',
  unit: 'ms/text',
  target: { atMost: 1 },
  needsPeers: true,
  measure,
};
