import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { type Blobs, openBlobs } from '../store/blobs/blobs.ts';
import { openStore, type Store } from '../store/database.ts';
import { createBlobUse } from './blob-use.ts';
import { createQuota } from './quota.ts';
import { createMemoryStaging, openFileStaging } from './staging.ts';
import { createUploads } from './uploads.ts';

export const alice = 'alice.test';
export const bob = 'bob.test';
export const day = 24 * 60 * 60 * 1000;

export const bytesOf = (name: string, size = 100) => Buffer.alloc(size, `${name} `);
export const idOf = (bytes: Uint8Array) => formatBlobId(createHash('sha256').update(bytes).digest());

/** The bytes in chunks, as a connection brings them. */
export async function* inChunks(bytes: Uint8Array, size = 17): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** A connection that breaks after the bytes. */
export async function* breaking(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* inChunks(bytes);
  throw new Error('the connection broke');
}

/** Storage of two identities in a folder of its own, with a clock that stands still until it is moved. */
export async function openTestStorage({ limit = 10_000, staging = 'filesystem' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'islet-files-'));
  const clock = { now: 1_795_262_400_000 };
  const now = () => clock.now;
  const store = await openStore(folder, now);
  for (const id_tag of [alice, bob]) await insertIdentity(store, id_tag);
  const blobs = await openBlobs({ place: { kind: 'local' }, folder, now: Date.now, report: () => undefined });
  const quota = createQuota(store.db, limit);
  const use = createBlobUse();
  const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
  const parts = { db: store.db, blobs, quota, use, random, now };
  /** As after a restart of the relay. */
  const reopen = async () => {
    const disk = await openFileStaging(join(folder, 'incoming'));
    const uploads = createUploads({
      ...parts,
      staging: staging === 'memory' ? createMemoryStaging(disk, 1000) : disk,
    });
    await uploads.tidy();
    return uploads;
  };
  const close = async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...parts, folder, incoming: join(folder, 'incoming'), clock, reopen, close };
}

export type TestStorage = Awaited<ReturnType<typeof openTestStorage>>;

async function insertIdentity({ db }: Store, id_tag: string): Promise<void> {
  const row = { id_tag, name: id_tag, log_id: id_tag, profile_pic: null, cover_pic: null, created_at: 0 };
  await db.insertInto('identities').values(row).execute();
}

/** Ids of everything in the store. */
export async function listAll(blobs: Blobs): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of blobs.list()) ids.push(id);
  return ids.sort();
}
