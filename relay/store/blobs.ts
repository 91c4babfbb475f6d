import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { IsletError } from '../../shared/errors.ts';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { createFolder, StorageError, syncFolder } from './database.ts';

/** Content-addressed bytes on the local disk; ids were checked against their grammar before they get here. */
export interface Blobs {
  /** Size in bytes, or undefined when it is not here. */
  size(id: string): Promise<number | undefined>;
  /**
   * Takes the bytes as they come; they are on the disk, under their name, when this returns.
   * @throws IsletError E-BLOB-HASH, E-BLOB-SIZE; nothing is kept then
   */
  write(id: string, bytes: AsyncIterable<Uint8Array>, limit: number): Promise<number>;
  /** A stream of the bytes from `start` to `end`, both included. */
  read(id: string, range?: { start: number; end: number }): Promise<NodeJS.ReadableStream>;
}

/** @throws StorageError */
export async function openBlobs(folder: string): Promise<Blobs> {
  const root = join(folder, 'blobs');
  const incoming = join(folder, 'incoming');
  try {
    await Promise.all([createFolder(root), createFolder(incoming)]);
    const left = await readdir(incoming);
    await Promise.all(left.map((name) => rm(join(incoming, name))));
  } catch (error) {
    throw new StorageError(folder, error);
  }
  const shard = (id: string) => join(root, id.slice(3, 5));
  const place = (id: string) => join(shard(id), id);
  return {
    size: (id) => sizeOf(place(id)),
    async write(id, bytes, limit) {
      const file = join(incoming, randomUUID());
      try {
        const size = await receive(file, id, bytes, limit);
        await createShard(root, shard(id));
        await rename(file, place(id));
        await syncFolder(shard(id));
        return size;
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    },
    async read(id, range) {
      const handle = await open(place(id), 'r');
      return handle.createReadStream(range);
    },
  };
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function createShard(root: string, folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(root);
}

async function receive(
  file: string,
  id: string,
  bytes: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<number> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > limit) throw new IsletError('E-BLOB-SIZE', `a blob has at most ${limit} bytes`);
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    if (formatBlobId(hash.digest()) !== id)
      throw new IsletError('E-BLOB-HASH', 'the bytes do not have this hash', id);
    await handle.sync();
    return size;
  } finally {
    await handle.close();
  }
}
