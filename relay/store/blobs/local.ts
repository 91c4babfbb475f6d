import { createHash, randomUUID } from 'node:crypto';
import { type BigIntStats, statSync } from 'node:fs';
import { type FileHandle, mkdir, open, opendir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { IsletError } from '../../../shared/errors.ts';
import { formatBlobId, isBlobId } from '../../../shared/file/blob-id.ts';
import { createFolder, StorageError, syncFolder } from '../database.ts';
import type { Blobs, ByteRange } from './blobs.ts';
import { createRecent, type Recent } from './recent.ts';
import { createSink } from './sink.ts';
import { createSoundness, type Soundness } from './soundness.ts';

/** Bytes that are read at once: large, so that a stream is not made of waiting. */
const pieceSize = 1024 * 1024;
/** A blob up to this size is read at once, and kept while it is asked for often; and how much of such is kept. */
const smallSize = 1024 * 1024;
const recentSize = 24 * 1024 * 1024;
/** A file that changed less than this ago may change again without its time showing it, in milliseconds. */
const clockGrain = 100;
/** What this store leaves in `incoming/` when it is killed; the rest there is not its own. */
const partial = /\.part$/;

interface Local {
  readonly root: string;
  readonly incoming: string;
  readonly soundness: Soundness;
  readonly recent: Recent;
  readonly now: () => number;
}

/** Blobs in a directory: `blobs/<first two characters of the hash>/<id>`. @throws StorageError */
export async function openLocalBlobs(folder: string, now: () => number): Promise<Blobs> {
  const local = {
    root: join(folder, 'blobs'),
    incoming: join(folder, 'incoming'),
    soundness: createSoundness(),
    recent: createRecent(recentSize),
    now,
  };
  try {
    await Promise.all([createFolder(local.root), createFolder(local.incoming)]);
    const left = (await readdir(local.incoming)).filter((name) => partial.test(name));
    await Promise.all(left.map((name) => rm(join(local.incoming, name), { force: true })));
  } catch (error) {
    throw new StorageError(folder, error);
  }
  return {
    size: async (id) => Promise.resolve(sizeOf(local, placeOf(local, id))),
    write: (id, bytes, limit) => write(local, id, { bytes, limit }),
    adopt: (id, file, size) => adopt(local, id, { file, size }),
    read: (id, range) => read(local, id, range),
    list: () => list(local),
    async remove(id) {
      forget(local, id);
      await rm(placeOf(local, id), { force: true });
    },
    verify: (id) => verify(local, id),
  };
}

const shardOf = ({ root }: Local, id: string) => join(root, id.slice(3, 5));
const placeOf = (local: Local, id: string) => join(shardOf(local, id), id);

function forget({ soundness, recent }: Local, id: string): void {
  soundness.forget(id);
  recent.forget(id);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Asked at once, as the database is: to wake a thread costs more than to look.
 * @throws Error when the store itself is not there: then nothing is known of what it has
 */
function sizeOf({ root }: Local, file: string): number | undefined {
  try {
    return statSync(file).size;
  } catch (error) {
    if (!isMissing(error)) throw error;
    statSync(root);
    return undefined;
  }
}

interface Incoming {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly limit: number;
}

async function write(local: Local, id: string, incoming: Incoming): Promise<number> {
  const file = join(local.incoming, `${randomUUID()}.part`);
  try {
    const size = await receive(file, id, incoming);
    await place(local, id, file);
    return size;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** The hash is taken while the disk is written to. */
async function receive(file: string, id: string, { bytes, limit }: Incoming): Promise<number> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const sink = createSink(handle);
    let size = 0;
    try {
      for await (const chunk of bytes) {
        size += chunk.length;
        if (size > limit) throw new IsletError('E-BLOB-SIZE', `a blob has at most ${limit} bytes here`);
        const taken = sink.take(chunk);
        hash.update(chunk);
        await taken;
      }
    } finally {
      await sink.end();
    }
    if (formatBlobId(hash.digest()) !== id)
      throw new IsletError('E-BLOB-HASH', 'the bytes do not have this hash', id);
    await handle.sync();
    return size;
  } finally {
    await handle.close();
  }
}

async function adopt(
  local: Local,
  id: string,
  { file, size }: { file: string; size: number },
): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const there = (await handle.stat()).size;
    if (there !== size) throw new IsletError('E-BLOB-SIZE', `${there} bytes are there, not ${size}`, id);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await place(local, id, file);
}

/** The bytes are on the disk already; now they get their name there. */
async function place(local: Local, id: string, file: string): Promise<void> {
  const shard = shardOf(local, id);
  if ((await mkdir(shard, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(local.root);
  forget(local, id);
  await rename(file, placeOf(local, id));
  await syncFolder(shard);
}

const notFound = (id: string) => new IsletError('E-CORE-NOTFOUND', 'no such blob', id);
const damaged = (id: string) =>
  new IsletError('E-BLOB-DAMAGED', 'the bytes are no longer what they were', id);

/** The handle that was checked is the one that is read: what takes the name meanwhile does not get in between. */
async function read(local: Local, id: string, range?: ByteRange): Promise<Readable> {
  const known = readRecent(local, id);
  if (known) return ofOnePiece(cut(known, range));
  const handle = await openBlob(local, id);
  if (!handle) throw notFound(id);
  let streaming = false;
  try {
    const look = lookAt(local, await handle.stat({ bigint: true }));
    if (look.size <= smallSize)
      return ofOnePiece(cut(await readSmall(local, handle, { id, ...look }), range));
    if (!(await local.soundness.ensure(id, look.mark, () => isSound(handle, id)))) throw damaged(id);
    streaming = true;
    return handle.createReadStream({ ...range, start: range?.start ?? 0, highWaterMark: pieceSize });
  } finally {
    if (!streaming) await handle.close();
  }
}

function readRecent(local: Local, id: string): Buffer | undefined {
  const there = statSync(placeOf(local, id), { bigint: true, throwIfNoEntry: false });
  const mark = there && lookAt(local, there).mark;
  return mark === undefined ? undefined : local.recent.get(id, mark);
}

/** All of it, hashed as it lies in memory. */
async function readSmall(local: Local, handle: FileHandle, { id, size, mark }: Look & { id: string }) {
  const bytes = await readPiece(handle, size);
  const check = () => Promise.resolve(formatBlobId(createHash('sha256').update(bytes).digest()) === id);
  if (!(await local.soundness.ensure(id, mark, check))) throw damaged(id);
  if (mark !== undefined) local.recent.keep(id, mark, bytes);
  return bytes;
}

const cut = (bytes: Buffer, range?: ByteRange) =>
  range ? bytes.subarray(range.start, range.end + 1) : bytes;

function ofOnePiece(piece: Buffer): Readable {
  return new Readable({
    read() {
      this.push(piece);
      this.push(null);
    },
  });
}

async function readPiece(handle: FileHandle, size: number): Promise<Buffer> {
  const piece = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(piece, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return piece.subarray(0, filled);
}

async function openBlob(local: Local, id: string): Promise<FileHandle | undefined> {
  try {
    return await open(placeOf(local, id), 'r');
  } catch (error) {
    if (!isMissing(error)) throw error;
    await stat(local.root);
    return undefined;
  }
}

interface Look {
  /** In bytes. */
  readonly size: number;
  /** Of size, inode and time of the last change of any kind, which nobody can set; none while that is too fresh to tell. */
  readonly mark: string | undefined;
}

function lookAt({ now }: Local, { size, ino, ctimeNs, ctimeMs }: BigIntStats): Look {
  const isFresh = now() - Number(ctimeMs) < clockGrain;
  return { size: Number(size), mark: isFresh ? undefined : `${size}:${ino}:${ctimeNs}` };
}

async function isSound(handle: FileHandle, id: string): Promise<boolean> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(pieceSize);
  for (let at = 0; ;) {
    const { bytesRead } = await handle.read(piece, 0, pieceSize, at);
    if (bytesRead === 0) return formatBlobId(hash.digest()) === id;
    hash.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
}

async function verify(local: Local, id: string) {
  forget(local, id);
  const handle = await openBlob(local, id);
  if (!handle) return 'missing';
  try {
    const { mark } = lookAt(local, await handle.stat({ bigint: true }));
    const sound = await isSound(handle, id);
    if (mark !== undefined) local.soundness.note(id, mark, sound);
    return sound ? 'sound' : 'damaged';
  } finally {
    await handle.close();
  }
}

/** A blob that goes away meanwhile is not listed; anything else that cannot be looked at ends the list. */
async function* list(local: Local): AsyncGenerator<{ id: string; size: number }> {
  const { root } = local;
  for await (const shard of await opendir(root)) {
    if (!shard.isDirectory()) continue;
    for (const id of await readdir(join(root, shard.name))) {
      const size = isBlobId(id) ? sizeOf(local, join(root, shard.name, id)) : undefined;
      if (size !== undefined) yield { id, size };
    }
  }
}
