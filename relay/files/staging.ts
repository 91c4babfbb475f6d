import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs } from '../store/blobs/blobs.ts';
import { createFolder, syncFolder } from '../store/database.ts';
import type { UploadRow } from '../store/tables.ts';

export type Staged = Pick<UploadRow, 'id' | 'size' | 'received'>;

/** Where the bytes of an upload wait for the rest of them. */
export interface Staging {
  /** Opens an upload behind its first `received` bytes; what else is there is dropped. Undefined when fewer are there. */
  open(upload: Staged): Promise<Stage | undefined>;
  /** The first `received` bytes. */
  read(upload: Staged): AsyncIterable<Uint8Array>;
  /** Gives the complete bytes to the store, in which they are durable when this returns; here they are gone then. */
  handOver(upload: Staged, blob: string, blobs: Blobs): Promise<void>;
  /** True when the first `received` bytes are there. */
  has(upload: Staged): Promise<boolean>;
  /** Harmless when it is not here. */
  remove(id: string): Promise<void>;
  /** Names of all that is staged where a restart finds it. */
  list(): Promise<string[]>;
}

/** One piece that is being added. */
export interface Stage {
  write(bytes: Uint8Array): Promise<void>;
  /** What was written is as safe as it gets here when this returns. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Temporary files of the local store, which lie in the same folder and are its own. */
const partial = /\.part$/;

/** In files of `folder`, which is on the file system of the local store: uploads survive a restart. */
export async function openFileStaging(folder: string): Promise<Staging> {
  await createFolder(folder);
  const place = (id: string) => join(folder, id);
  return {
    open: (upload) => openFile(folder, upload),
    read: ({ id, received }) =>
      received === 0 ? nothing() : createReadStream(place(id), { end: received - 1 }),
    async handOver({ id, size }, blob, blobs) {
      if (size === 0) await (await open(place(id), 'a', 0o600)).close();
      await blobs.adopt(blob, place(id), size);
    },
    has: async ({ id, received }) => received === 0 || (await sizeOf(place(id))) >= received,
    remove: (id) => rm(place(id), { force: true }),
    list: async () => (await readdir(folder)).filter((name) => !partial.test(name)),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // There is no file yet.
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

async function openFile(folder: string, { id, received }: Staged): Promise<Stage | undefined> {
  const file = join(folder, id);
  if ((await sizeOf(file)) < received) return undefined;
  const handle = await open(file, received === 0 ? 'w' : 'r+', 0o600);
  try {
    await handle.truncate(received);
    if (received === 0) await syncFolder(folder);
  } catch (error) {
    await handle.close();
    throw error;
  }
  let at = received;
  return {
    async write(bytes) {
      await writeAll(handle, bytes, at);
      at += bytes.length;
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/** Bytes of all uploads together that are kept in memory. */
export const memoryBudget = 32 * 1024 * 1024;

/** In memory while `budget` allows; those that do not fit are on the disk. A restart forgets what was in memory. */
export function createMemoryStaging(disk: Staging, budget = memoryBudget): Staging {
  const kept = new Map<string, Buffer>();
  const taken = () => [...kept.values()].reduce((sum, { length }) => sum + length, 0);
  const find = ({ id, size, received }: Staged): Buffer | undefined => {
    const there = kept.get(id);
    if (there || received > 0 || taken() + size > budget) return there;
    const room = Buffer.allocUnsafeSlow(size);
    kept.set(id, room);
    return room;
  };
  return {
    async open(upload) {
      const room = find(upload);
      return room ? openRoom(room, upload.received) : disk.open(upload);
    },
    read(upload) {
      const room = kept.get(upload.id);
      return room ? one(room.subarray(0, upload.received)) : disk.read(upload);
    },
    async handOver(upload, blob, blobs) {
      const room = kept.get(upload.id);
      if (!room) return disk.handOver(upload, blob, blobs);
      await blobs.write(blob, one(room), upload.size);
      kept.delete(upload.id);
    },
    has: async (upload) => kept.has(upload.id) || disk.has(upload),
    async remove(id) {
      if (!kept.delete(id)) await disk.remove(id);
    },
    list: () => disk.list(),
  };
}

function openRoom(room: Buffer, received: number): Promise<Stage> {
  let at = received;
  return Promise.resolve({
    write: (bytes) => {
      room.set(bytes, at);
      at += bytes.length;
      return Promise.resolve();
    },
    sync: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
