import { createStore, reconcile } from 'solid-js/store';
import type { Refused } from './importing.ts';
import { openTextImport } from './text-app.ts';
import { noteExported } from './where.ts';

/** What a document can be written as; `standalone` is a page that carries the document itself. */
export type ExportFormat = 'markdown' | 'html' | 'docx' | 'standalone';
/** What a whole library can be written as. */
export type LibraryFormat = 'markdown' | 'html' | 'standalone';

/** Writes documents out. */
export interface Exporter {
  /** One document as a file with its name; `missing` names pictures whose bytes were not to be had. */
  exportOne(id: string, format: ExportFormat): Promise<{ name: string; blob: Blob; missing: string[] }>;
  /** Everything that is not in the trash, as one archive with a report of what could not be written. */
  exportLibrary(options: {
    format: LibraryFormat;
    signal: AbortSignal;
    onProgress(progress: { done: number; total: number; name: string }): void;
  }): Promise<{ name: string; blob: Blob; written: string[]; failed: Refused[] }>;
}

/** Where the export of everything stands. */
export type Exporting =
  | { kind: 'idle' }
  | { kind: 'running'; done: number; total: number; name: string }
  | { kind: 'finished'; written: number; failed: Refused[] }
  | { kind: 'cancelled' }
  | { kind: 'failed'; message: string };

const [state, setState] = createStore<{ now: Exporting }>({ now: { kind: 'idle' } });
let running: AbortController | undefined;

export function exporting(): Exporting {
  return state.now;
}

function tell(next: Exporting): void {
  setState('now', reconcile(next));
}

/** Writes one document as a file into the browser's downloads, unless it was called off by then. Resolves with the pictures that are missing. */
export async function exportOne(id: string, format: ExportFormat, off: AbortSignal): Promise<string[]> {
  const exporter = await (await openTextImport()).openExporter();
  const { name, blob, missing } = await exporter.exportOne(id, format);
  if (off.aborted) return [];
  saveAs(blob, name);
  await noteExported([id]);
  return missing;
}

/** Packs everything into one archive. One at a time: while it runs, another is ignored. */
export async function exportLibrary(format: LibraryFormat): Promise<void> {
  if (running) return;
  const control = new AbortController();
  running = control;
  tell({ kind: 'running', done: 0, total: 0, name: '' });
  try {
    const exporter = await (await openTextImport()).openExporter();
    const { name, blob, written, failed } = await exporter.exportLibrary({
      format,
      signal: control.signal,
      onProgress: (progress) => tell({ kind: 'running', ...progress }),
    });
    saveAs(blob, name);
    await noteExported(written);
    tell({ kind: 'finished', written: written.length, failed });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tell(control.signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', message });
  } finally {
    running = undefined;
  }
}

/** Stops the packing; nothing is written then. */
export function cancelExport(): void {
  running?.abort();
}

/** Puts the report away. */
export function closeExport(): void {
  if (!running) tell({ kind: 'idle' });
}

/** Hands bytes to the browser as a download. Their type is taken away: they are never opened here. */
function saveAs(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob.slice(0, blob.size, 'application/octet-stream'));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
