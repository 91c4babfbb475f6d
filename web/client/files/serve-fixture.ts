import 'fake-indexeddb/auto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { blobId, fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../../shared/file/descriptor.ts';
import { readEntry } from '../documents/index-entries.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import {
  adding,
  addSealed,
  addVault,
  append,
  createDevice,
  type TestDevice,
  textFile,
} from '../sealed/sealed-fixture.ts';
import { findBlob } from './blob-source.ts';
import { parseRange } from './byte-range.ts';
import { formatFileUrl } from './file-url.ts';
import { type FileSources, serveFile } from './serve.ts';

export const picture = 'P'.repeat(24);
export const letter = 'L'.repeat(24);
const vault = 'V'.repeat(24);

type Place = 'here' | 'relay' | 'nowhere';

export interface TestFiles {
  readonly device: TestDevice;
  /** What is at the relay, by blob id. */
  readonly remote: Map<string, Uint8Array>;
  /** What was asked of it. */
  readonly asked: { range: string | undefined; bytes: number }[];
  sources(where?: { away: boolean }): FileSources;
  /** As the service worker is asked. */
  get(id: string, variant: string, options?: { range?: string; download?: boolean }): Promise<Response>;
  /** Enters the plain file `picture` of one variant `vis.orig`. */
  addPlain(bytes: Bytes, at: Place, row?: { title?: string; mime?: string }): Promise<string>;
  /** Enters the sealed film `letter` of one variant `vid.orig`; gives the id of its ciphertext. */
  addFilm(bytes: Bytes, at: Place): Promise<string>;
  close(): Promise<void>;
}

type Bytes = Uint8Array<ArrayBuffer>;

export const bytesOf = async (response: Response): Promise<Buffer> =>
  Buffer.from(await response.arrayBuffer());

export function counted(size: number): Bytes {
  return Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 9)) & 255);
}

/** A relay's answers to requests for blobs, over HTTP; nothing of ours is replaced. */
async function listen({ remote, asked }: Pick<TestFiles, 'remote' | 'asked'>) {
  const server = createServer((request, response) => {
    const bytes = remote.get(decodeURIComponent(request.url?.split('/').at(-1) ?? ''));
    if (!bytes) return void response.writeHead(404).end('{}');
    const range = parseRange(request.headers.range ?? '', bytes.length);
    const part = typeof range === 'object' ? bytes.subarray(range.start, range.end + 1) : bytes;
    asked.push({ range: request.headers.range, bytes: part.length });
    response.writeHead(range === undefined ? 200 : 206).end(part);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const close = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  return { origin: `http://127.0.0.1:${address.port}`, close };
}

/** A device with files, and what stands for its relay. */
export async function openTestFiles(): Promise<TestFiles> {
  const remote: TestFiles['remote'] = new Map();
  const asked: TestFiles['asked'] = [];
  const [device, { origin, close }] = await Promise.all([createDevice(), listen({ remote, asked })]);
  const { db, vaults } = device;

  const put = async (id: string, blob: Blob, at: Place): Promise<void> => {
    if (at === 'relay') remote.set(id, new Uint8Array(await blob.arrayBuffer()));
    if (at === 'here') await db.blobs.put({ id, bytes: blob, type: '', size: blob.size, uploaded: 0 });
  };
  const sources: TestFiles['sources'] = ({ away } = { away: false }) => ({
    entry: (id) => db.documents.get(id),
    open: vaults.open,
    source: (blob, size, whole) =>
      findBlob(
        { db, api: away ? undefined : createRelayApi(origin), now: () => 5000 },
        { blob, size, whole },
      ),
  });

  return {
    ...{ device, remote, asked, sources },
    get: (id, variant, { range, download = false } = {}) => {
      const url = `http://localhost${formatFileUrl(id, variant, { download })}`;
      return serveFile(new Request(url, range === undefined ? {} : { headers: { range } }), sources());
    },
    addPlain: async (bytes, at, row = {}) => {
      const blob = await blobId(bytes);
      const descriptor = formatDescriptor([
        { name: 'vis.orig', blob, format: 'png', size: bytes.length, width: 1, height: 1 },
      ]);
      const fields = { title: 'sea.png', mime: 'image/png', size: bytes.length, ...row };
      await db.documents.put({
        ...{
          id: picture,
          excerpt: '',
          type: 'file',
          parent: '',
          kept: [],
          created: 1,
          edited: 1,
          trashed: 0,
        },
        ...{ descriptor, file: await fileId(descriptor), ...fields },
      });
      await put(blob, new Blob([bytes]), at);
      return blob;
    },
    addFilm: async (bytes, at) => {
      await append(undefined, device, adding(device), [device]);
      await addVault(device, vault);
      const plain = textFile('film.webm', '');
      const variants = plain.variants.map((variant) => ({ ...variant, name: 'vid.orig', format: 'webm' }));
      const blobs = new Map([['vid.orig', new Blob([bytes])]]);
      const film = { ...plain, mime: 'video/webm', size: bytes.length, variants, blobs };
      await addSealed(device, vault, letter, film);
      const entry = readEntry(device.index, letter);
      if (!entry) throw new Error('the film was not entered');
      await db.documents.put({ ...entry, trashed: 0 });
      const [sealed] = [...device.blobs];
      if (!sealed) throw new Error('the film has no bytes');
      await put(sealed[0], sealed[1], at);
      return sealed[0];
    },
    close: async () => {
      device.close();
      await close();
    },
  };
}
