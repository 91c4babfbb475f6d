import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { fileCreatedSchema, routes } from '../../shared/routes.ts';
import { type Client, openClient, type Target } from '../download.ts';
import { openFileServer, peer } from '../peer-nginx.ts';
import { type BenchRelay, openBenchRelay } from '../relay.ts';
import { alternate, type Row, type Samples } from '../row.ts';

const size = 1024 * 1024;
const connections = 4;
/** Downloads of a connection in a round; every fourth is a range of half the blob. */
const downloads = 40;
const rounds = 15;

/** An open file of one blob. @returns its path */
async function bring({ device }: BenchRelay, bytes: Buffer): Promise<string> {
  const blob = formatBlobId(createHash('sha256').update(bytes).digest());
  await device.ask(`${routes.blobs}/${blob}`, 'PUT', bytes);
  const variant = { name: 'raw.orig', blob, format: 'bin', size, width: 0, height: 0 };
  const file = { contentType: 'application/octet-stream', fileName: 'blob', visibility: 'P' };
  const answer = await device.ask(routes.files, 'POST', { ...file, descriptor: formatDescriptor([variant]) });
  const { data } = v.parse(v.object({ data: fileCreatedSchema }), answer.json());
  return `${routes.files}/${data.fileId}`;
}

/** Microseconds a download. */
async function timed(clients: readonly Client[], target: Target): Promise<number> {
  const began = performance.now();
  const run = async (client: Client) => {
    for (let i = 0; i < downloads; i++) {
      const isPart = i % 4 === 3;
      const {
        status,
        etag,
        size: got,
      } = await client.get(target, isPart ? `${size / 2}-${size - 1}` : undefined);
      if (status !== (isPart ? 206 : 200) || got !== (isPart ? size / 2 : size) || !etag)
        throw new Error(`an answer of another kind: ${status}, ${got} bytes`);
    }
  };
  await Promise.all(clients.map(run));
  return ((performance.now() - began) * 1000) / (downloads * clients.length);
}

async function measure(): Promise<Samples> {
  const bytes = randomBytes(size);
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-files-'));
  await writeFile(join(folder, 'blob'), bytes);
  const relay = await openBenchRelay();
  const server = await openFileServer(folder);
  const clients: Client[] = [];
  const connect = async (port: number) => {
    const opened = await Promise.all(Array.from({ length: connections }, () => openClient(port)));
    clients.push(...opened);
    return opened;
  };
  try {
    const path = await bring(relay, bytes);
    const [ours, theirs] = [await connect(relay.port), await connect(server.port)];
    return await alternate(
      rounds,
      () => timed(ours, { host: relay.host, path }),
      () => timed(theirs, { host: 'localhost', path: '/blob' }),
    );
  } finally {
    for (const client of clients) client.close();
    await Promise.all([relay.close(), server.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

export const blobDownload: Row = {
  name: 'blob-download',
  what: `${downloads} downloads of 1 MiB on each of ${connections} connections, every fourth a range of half of it`,
  ours: 'a relay in a process of its own: GET /api/files/<id> of an open file, hashed before it is served first',
  theirs: peer
    ? 'nginx, one worker, sendfile, the same bytes as a file'
    : 'a stream of node:http (no nginx here)',
  unit: 'µs/download',
  target: { atMost: 2 },
  measure,
};
