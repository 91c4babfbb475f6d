import { createSignal } from 'solid-js';
import { sortEntries } from '../../../client/documents/find-entries.ts';
import { locale } from '../../../i18n/translate.ts';
import { t } from '../../../i18n/files/translate.ts';
import { contentVariant, type FileItem, fileItems, readVariant } from '../../../state/files.ts';
import { openTextImport } from '../../../state/text-app.ts';
import { showToast } from '../../../state/toasts.ts';
import { attempt } from '../operations.ts';
import { type Packed, planArchive } from './plan.ts';
import { safeName } from './safe-names.ts';

/** Where the packing of an archive stands; `missing` names what could not be fetched. */
export type Zipping =
  | { kind: 'idle' }
  | { kind: 'running'; done: number; total: number }
  | { kind: 'finished'; missing: string[] };

const [zipping, setZipping] = createSignal<Zipping>({ kind: 'idle' });
export { zipping };

let running: AbortController | undefined;

/** One file as it is; several, and folders, as a zip archive with safe names. One archive at a time. */
export async function downloadEntries(items: FileItem[]): Promise<void> {
  const [first] = items;
  if (!first) return;
  await attempt(async () => {
    if (items.length > 1 || first.type === 'folder') return downloadArchive(items);
    const blob = await readEntry(first);
    if (blob) saveAs(blob, fileName(first));
    else showToast(t('files.notHere'));
  });
}

/** Stops the packing; nothing is saved. */
export function cancelZip(): void {
  running?.abort();
}

/** Puts the report away. */
export function closeZip(): void {
  if (!running) setZipping({ kind: 'idle' });
}

function fileName(item: FileItem): string {
  return safeName(item.type === 'text' ? `${item.title}.md` : item.title, t('files.is.other'));
}

/** The bytes of an entry, opened when sealed; a document as Markdown. Undefined when they cannot be had now. */
async function readEntry(item: FileItem): Promise<Blob | undefined> {
  if (item.type === 'text') return new Blob([await (await openTextImport()).exportDocument(item.id)]);
  const variant = item.locked ? undefined : contentVariant(item);
  return variant === undefined ? undefined : readVariant(item.id, variant);
}

async function downloadArchive(items: FileItem[]): Promise<void> {
  if (running) return;
  const control = new AbortController();
  running = control;
  const missing: string[] = [];
  const plan = planArchive(items, childrenOf, t('files.is.other'));
  setZipping({ kind: 'running', done: 0, total: plan.length });
  try {
    const { makeZip } = await import('client-zip');
    const entries = readPlanned(plan, control.signal, missing);
    const blob = await new Response(makeZip(entries)).blob();
    const [only] = items.length === 1 ? items : [];
    saveAs(blob, `${safeName(only?.title ?? t('files.zipName'), t('files.zipName'))}.zip`);
    setZipping(missing.length > 0 ? { kind: 'finished', missing } : { kind: 'idle' });
  } catch (error) {
    setZipping({ kind: 'idle' });
    if (!control.signal.aborted) throw error;
  } finally {
    running = undefined;
  }
}

function childrenOf(folder: string): FileItem[] {
  const inside = fileItems().filter(({ parent, trashed }) => parent === folder && trashed === 0);
  return sortEntries(inside, { by: 'name', descending: false, locale: locale() });
}

/** Reads one after the other, so that no more than one file is in memory; what cannot be read is noted and left out. */
async function* readPlanned(plan: Packed[], signal: AbortSignal, missing: string[]) {
  for (const [done, { path, item }] of plan.entries()) {
    signal.throwIfAborted();
    setZipping({ kind: 'running', done, total: plan.length });
    const lastModified = new Date(item.edited);
    if (item.type === 'folder') {
      yield { name: path, lastModified };
      continue;
    }
    const input = await readEntry(item).catch(() => undefined); // told by its name below
    if (input) yield { name: path, lastModified, input };
    else missing.push(path);
  }
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
