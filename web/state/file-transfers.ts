import { createMemo, createRoot, type Accessor } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { AddReport, NewFile } from '../client/files/add-files.ts';
import { forgetShared, listShared, readArrivals } from '../client/files/arrivals.ts';
import { database } from './documents.ts';
import { openFiles } from './files-client.ts';
import { isClaimed } from './identity.ts';
import { importFileList } from './importing.ts';
import { assertWriter } from './limits.ts';
import { createLive } from './live.ts';
import { collectDropped } from './text-app.ts';

export type { NewFile, NotAdded } from '../client/files/add-files.ts';

export type Adding =
  | { kind: 'idle' }
  | { kind: 'running'; done: number; total: number; bytes: number; totalBytes: number; name: string }
  /** `parent` is the folder of what was asked for last. */
  | ({ kind: 'finished'; parent: string } & AddReport);

const [state, setState] = createStore<{ now: Adding }>({ now: { kind: 'idle' } });

/** How far adding is. */
export function adding(): Adding {
  return state.now;
}

interface Asked {
  readonly items: readonly NewFile[];
  readonly parent: string;
  readonly done: (report: AddReport) => void;
}

const queue: Asked[] = [];
let running: AbortController | undefined;

function tell(next: Adding): void {
  setState('now', reconcile(next));
}

/** Adds files; what is asked for while others are added joins them. Resolves when these are in. */
export async function addFiles(items: readonly NewFile[], parent: string): Promise<void> {
  assertWriter();
  await add(items, parent);
}

function add(items: readonly NewFile[], parent: string): Promise<AddReport> {
  return new Promise((resolve, reject) => {
    queue.push({ items, parent, done: resolve });
    if (!running) run().catch(reject);
  });
}

/** Works through the queue, with one count over all of it. */
async function run(): Promise<void> {
  const control = new AbortController();
  running = control;
  const whole: AddReport = { added: [], refused: [], cancelled: false };
  let before = { files: 0, bytes: 0 };
  let parent = '';
  try {
    const files = await openFiles();
    for (let asked = queue[0]; asked; asked = queue[0]) {
      ({ parent } = asked);
      const { items } = asked;
      const all = count(queue);
      const report = await files.add(items, {
        parent,
        signal: control.signal,
        onProgress: ({ done, bytes, name }) => {
          const total = before.files + Math.max(all.files, count(queue).files);
          const totalBytes = before.bytes + Math.max(all.bytes, count(queue).bytes);
          const sums = { done: before.files + done, bytes: before.bytes + bytes };
          tell({ kind: 'running', ...sums, total, totalBytes, name });
        },
      });
      queue.shift();
      const { files: added, bytes } = count([asked]);
      before = { files: before.files + added, bytes: before.bytes + bytes };
      whole.added.push(...report.added);
      whole.refused.push(...report.refused);
      asked.done(report);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    for (const { items, done } of queue.splice(0)) {
      const refused = items.map(({ file }) => ({ name: file.name, reason: 'failed' as const, message }));
      whole.refused.push(...refused);
      done({ added: [], refused, cancelled: false });
    }
  } finally {
    running = undefined;
    tell({ kind: 'finished', parent, ...whole, cancelled: control.signal.aborted });
  }
}

function count(asked: readonly Asked[]): { files: number; bytes: number } {
  const files = asked.flatMap(({ items }) => items);
  return { files: files.length, bytes: files.reduce((sum, { file }) => sum + file.size, 0) };
}

/** Stops after the file that is being read; what is complete stays. */
export function cancelAdding(): void {
  running?.abort();
}

/** Puts the report away. */
export function closeAdding(): void {
  if (!running) tell({ kind: 'idle' });
}

/** Files of a drop, folders read through. Call it inside the drop event. */
export async function collectFiles(transfer: DataTransfer): Promise<NewFile[]> {
  const dropped = await collectDropped(transfer);
  return dropped.flatMap(({ path, file }) => {
    const names = path.split('/').filter((name) => name !== '');
    return file instanceof File ? [{ file, path: names.slice(0, -1) }] : [];
  });
}

/** Files of an `<input type="file">`, with their folders when a folder was picked. */
export function inputFiles(files: Iterable<File>): NewFile[] {
  return [...files].map((file) => {
    const names = file.webkitRelativePath.split('/').filter((name) => name !== '');
    return { file, path: names.slice(0, -1) };
  });
}

/** A file on its way to the relay, or from it to stay here. */
export interface Transfer {
  /** Of the entry. */
  readonly id: string;
  readonly kind: 'upload' | 'download';
  /** `stopped`: by the user; it stays on this device only. */
  readonly state: 'waiting' | 'running' | 'full' | 'refused' | 'damaged' | 'stopped';
  /** Bytes. */
  readonly sent: number;
  readonly total: number;
  /** Words of the relay. */
  readonly reason?: string;
  /** Bytes that the relay has left, with `full`. */
  readonly left?: number;
}

let shared: Accessor<ReadonlyMap<string, Transfer>> | undefined;

function transfersById(): ReadonlyMap<string, Transfer> {
  shared ??= createRoot(() => {
    const rows = createLive(
      database(),
      async (db): Promise<Transfer[]> => {
        const [uploads, downloads] = await Promise.all([
          db.uploads.orderBy('at').toArray(),
          db.downloads.toArray(),
        ]);
        return [
          ...downloads.map((row) => ({ ...row, kind: 'download' as const })),
          ...uploads.map((row) => ({ ...row, kind: 'upload' as const })),
        ];
      },
      [],
    );
    // Without a name there is no relay to wait for.
    const isUnderWay = ({ kind, state: at }: Transfer): boolean =>
      isClaimed() || kind !== 'upload' || (at !== 'waiting' && at !== 'running');
    return createMemo(
      () =>
        new Map(
          rows()
            .filter(isUnderWay)
            .map((row) => [row.id, row]),
        ),
    );
  });
  return shared();
}

/** All that is under way or went wrong; in every tab. */
export const transfers: Accessor<Transfer[]> = () => [...transfersById().values()];

export function findTransfer(id: string): Transfer | undefined {
  return transfersById().get(id);
}

/** Stops an upload: the file stays on this device only, until it is tried again. Stops keeping what is being fetched. */
export async function stopTransfer(id: string): Promise<void> {
  const files = await openFiles();
  if (findTransfer(id)?.kind === 'download') await files.setKept([id], false);
  else await files.stopUpload(id);
}

export async function retryTransfer(id: string): Promise<void> {
  await (await openFiles()).retryUpload(id);
}

/** Names of what was shared with the app and waits for a person's word. */
export async function sharedNames(): Promise<string[]> {
  return listShared(await database());
}

/** The person does not want it. */
export async function refuseShared(): Promise<void> {
  await forgetShared(await database());
}

/**
 * Enters what other applications handed over (share target, file handlers) since the last look; Markdown becomes documents.
 * @returns ids of the new files
 */
export async function takeArrivals(): Promise<string[]> {
  const { files: arrived, forget } = await readArrivals(await database());
  const isText = (file: File): boolean => /\.(md|markdown)$/i.test(file.name);
  const texts = arrived.filter(isText);
  if (texts.length > 0) await importFileList(texts);
  const files = arrived.filter((file) => !isText(file)).map((file) => ({ file, path: [] }));
  const added = files.length === 0 ? [] : (await add(files, '')).added;
  await forget();
  return added;
}
