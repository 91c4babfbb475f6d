import { setImmediate as yieldTurn } from 'node:timers/promises';
import type { Blobs } from '../store/blobs/blobs.ts';
import { readChore, writeChore } from '../store/chores.ts';
import type { Database } from '../store/database.ts';
import { dropStale, listUnreferenced } from '../store/holdings.ts';
import { listRemovable, replaceUnreferenced } from '../store/unreferenced.ts';
import type { BlobUse } from './blob-use.ts';
import { holdOldBlobs } from './old-blobs.ts';
import type { Uploads } from './uploads.ts';

/** Removes what nobody refers to (SPEC W4). */
export interface Collection {
  /** Runs when the last one ended a day ago. A run that cannot see everything, or is stopped, collects nothing. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

export interface CollectParts {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly use: BlobUse;
  readonly uploads: Pick<Uploads, 'tidy'>;
  /** Whose blobs of an earlier version are. */
  readonly idTag: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const chore = 'collection';
const day = 24 * 60 * 60 * 1000;
/** Milliseconds before what nobody refers to is let go. */
const patience = 7 * day;
const page = 500;

export function createCollection(parts: CollectParts): Collection {
  const { db, now } = parts;
  const stop = new AbortController();
  let running: Promise<void> | undefined;

  const run = async () => {
    await holdOldBlobs(parts);
    await parts.uploads.tidy();
    await dropStale(db, now() - patience);
    await replaceUnreferenced(db, await scan(parts, stop.signal), now());
    for (const blob of await listRemovable(db, now() - patience)) {
      stop.signal.throwIfAborted();
      await remove(parts, blob);
    }
    await writeChore(db, chore, now());
  };
  const start = async () => {
    try {
      await run();
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      running = undefined;
    }
  };
  return {
    async wake() {
      if (running || stop.signal.aborted) return running;
      const last = await readChore(db, chore);
      if (last !== undefined && last > now() - day) return;
      await (running ??= start());
    },
    async close() {
      stop.abort();
      await running;
    },
  };
}

/** Every blob of the store to which nobody refers. @throws when any part of the store cannot be listed, or told to stop */
async function scan({ db, blobs }: CollectParts, signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  let ids: string[] = [];
  const look = async () => {
    signal.throwIfAborted();
    for (const id of await listUnreferenced(db, ids)) found.push(id);
    ids = [];
    await yieldTurn();
  };
  for await (const { id } of blobs.list()) {
    ids.push(id);
    if (ids.length >= page) await look();
  }
  await look();
  return found;
}

/** Looked at again at the last moment, in which nobody can bring the blob in. */
async function remove({ db, blobs, use }: CollectParts, blob: string): Promise<void> {
  await use.unlessUsed(blob, async () => {
    if ((await listUnreferenced(db, [blob])).length === 0) return;
    await blobs.remove(blob);
    await db.deleteFrom('unreferenced').where('blob', '=', blob).execute();
  });
}
