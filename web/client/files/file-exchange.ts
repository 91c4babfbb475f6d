import { IsletError } from '../../../shared/errors.ts';
import { routes, storageSchema } from '../../../shared/routes.ts';
import type { LiveTree } from '../documents/live-tree.ts';
import type { Tree } from '../documents/tree.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import { createRepeater } from '../repeater.ts';
import { evictBlobs } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import { followQuery } from '../store/live-query.ts';
import type { FileWork } from './file-work.ts';
import { createKeeper } from './keep-here.ts';
import { sendBlob } from './send-blob.ts';
import { sendReleases } from './release-files.ts';
import { sendUploads } from './upload-queue.ts';

export interface ExchangeOptions {
  db: Database;
  api: RelayApi;
  tree: Tree;
  live: LiveTree;
  work: Pick<FileWork, 'hash'>;
  /** The last 8 characters of this device's did. */
  device: string;
  /** Whether this device may ask the relay what it found damaged. */
  mayHeal: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  /** A refusal that concerns this device as a whole. */
  onFailure: (error: unknown) => void;
}

/** Files going to the relay and coming from it, in the one tab that does so. */
export interface FileExchange {
  /** Somebody came back, or something changed. */
  ask(): void;
  close(): void;
}

/** Pause after changes of the tree before it is looked through, in milliseconds. */
const settle = 300;
/** Files that found no room are offered again so often, in milliseconds. */
const offerAgain = 20_000;
/** The relay is asked so often what it found damaged, in milliseconds. */
const healEvery = 10 * 60_000;
/** Part of the browser's allowance from which on bytes that can be fetched again make room. */
const pressure = 0.8;

export function startFileExchange(options: ExchangeOptions): FileExchange {
  const { db, live, onFailure } = options;
  const leaving = new AbortController();
  const { signal } = leaving;
  const failed = (error: unknown): void => {
    if (!signal.aborted) onFailure(error);
  };
  const keeper = createKeeper({ ...options, rows: live.rows, signal });
  const sending = createRepeater(async () => {
    await sendReleases(options);
    await sendUploads(options);
  }, failed);
  const keeping = createRepeater(async () => {
    await keeper.run();
    await easePressure(db);
  }, failed);
  const healing = createRepeater(() => healRelay(options, signal), failed);

  const ask = (): void => {
    sending.ask();
    keeping.ask();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stopListening = live.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(ask, settle);
  });
  let before = '';
  const waiting = followQuery(() => listWaiting(db)).subscribe({
    next(now) {
      // Progress changes the table too; only what is new is a reason to begin.
      if (now !== before && now !== '') sending.ask();
      before = now;
    },
    error: failed,
  });
  const timers = [setInterval(() => sending.ask(), offerAgain), setInterval(() => healing.ask(), healEvery)];
  ask();
  healing.ask();
  return {
    ask() {
      ask();
      healing.ask();
    },
    close() {
      leaving.abort();
      clearTimeout(timer);
      for (const timer of timers) clearInterval(timer);
      stopListening();
      waiting.unsubscribe();
      for (const repeater of [sending, keeping, healing]) repeater.stop();
    },
  };
}

/** What there is to do for the relay, in a word. */
async function listWaiting(db: Database): Promise<string> {
  const uploads = await db.uploads.toArray();
  const open = uploads.filter(({ state }) => state === 'waiting' || state === 'running');
  const stopped = uploads.filter(({ state, begun }) => state === 'stopped' && begun === 1);
  const releases = await db.releases.toCollection().primaryKeys();
  return [...open.map(({ id }) => id), ...stopped.map(({ id }) => `-${id}`), ...releases].join();
}

/** Sends again what the relay found damaged and this device has sound. */
async function healRelay(options: ExchangeOptions, signal: AbortSignal): Promise<void> {
  const { db, api, work, now } = options;
  if (!options.mayHeal) return;
  const { damaged } = await api.get(routes.storage, storageSchema);
  for (const row of await db.blobs.bulkGet(damaged)) {
    if (!row || (await work.hash(row.bytes).catch(() => '')) !== row.id) continue;
    const told = { api, signal, now, onOffset: () => Promise.resolve() };
    await sendBlob(row.id, row.bytes, told).catch((error: unknown) => {
      // One that the relay does not take now leaves the others; it stays in its list of what is damaged.
      if (!(error instanceof IsletError)) throw error;
    });
  }
}

/** Makes room before the browser refuses a write. */
async function easePressure(db: Database): Promise<void> {
  const { usage = 0, quota = 0 } = (await globalThis.navigator?.storage?.estimate()) ?? {};
  if (quota > 0 && usage > quota * pressure) await evictBlobs(db, usage - quota * pressure);
}
