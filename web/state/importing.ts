import { createStore, reconcile } from 'solid-js/store';
import { t } from '../i18n/home/translate.ts';
import { assertWriter } from './limits.ts';
import { createFlag } from './stored.ts';
import { collectDropped, openTextImport, type PickedFile } from './text-app.ts';
import { showToast } from './toasts.ts';

/** A file that was not imported, and why, in words. */
export interface Refused {
  name: string;
  reason: string;
}

/** Where an import stands. `total` is 0 while a folder is still being read. */
export type Importing =
  | { kind: 'idle' }
  | { kind: 'running'; done: number; total: number; name: string }
  | {
      kind: 'finished';
      imported: number;
      /** Documents that were here already and have now what their file says too. */
      merged: number;
      /** Files that documents link to, and that came along. */
      attached: number;
      refused: Refused[];
      /** Paths of files that are neither documents nor pictures of one, and that none links to. */
      left: string[];
      cancelled: boolean;
    }
  | { kind: 'failed'; message: string };

const [state, setState] = createStore<{ now: Importing }>({ now: { kind: 'idle' } });
const [everImported, setEverImported] = createFlag('islet:imported');
export { everImported };

let running: AbortController | undefined;
/** What was picked last, and what of it was merged into documents that were here. */
let last: { files: PickedFile[]; merged: ReadonlySet<string> } | undefined;

/** Where it stands. */
export function importing(): Importing {
  return state.now;
}

function tell(next: Importing): void {
  setState('now', reconcile(next));
}

/** Imports picked files. */
export function importFileList(files: File[]): Promise<void> {
  return run(openTextImport().then((importer) => importer.inputFiles(files)));
}

/** Imports what was dropped, folders included. Call it inside the drop event. */
export function importDropped(transfer: DataTransfer): Promise<void> {
  return run(collectDropped(transfer));
}

/** Imports once more what was merged into documents that were here, each as a document of its own. */
export async function importAsCopies(): Promise<void> {
  const again = last;
  if (again) await run(Promise.resolve(again.files), { asCopy: true, only: again.merged });
}

/** One import at a time: another is refused in words, and may be picked again when this one has told what came of it. */
async function run(
  picked: Promise<PickedFile[]>,
  how: { asCopy?: boolean; only?: ReadonlySet<string> } = {},
): Promise<void> {
  if (running) {
    // Nobody reads them.
    picked.catch(() => undefined);
    showToast(t('import.busy'));
    return;
  }
  const control = new AbortController();
  running = control;
  tell({ kind: 'running', done: 0, total: 0, name: '' });
  try {
    assertWriter();
    const [importer, files] = await Promise.all([openTextImport(), picked]);
    const result = await importer.importFiles(files, {
      ...how,
      signal: control.signal,
      onProgress: (progress) => tell({ kind: 'running', ...progress }),
    });
    if (result.imported.length > 0) setEverImported(true);
    last = { files, merged: new Set(result.merged.map(({ name }) => name)) };
    tell({
      kind: 'finished',
      imported: result.imported.length,
      merged: result.merged.length,
      attached: result.attached.length,
      refused: result.refused,
      left: result.left,
      cancelled: result.cancelled,
    });
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    running = undefined;
  }
}

/** Stops after the file that is being read; what is already imported stays. */
export function cancelImport(): void {
  running?.abort();
}

/** Puts the report away. */
export function closeImport(): void {
  if (running) return;
  last = undefined;
  tell({ kind: 'idle' });
}
