import { type Exported, exportDocument } from '../apps/text/formats/export.ts';
import { documentTypeIds } from '../client/documents/types.ts';
import { t } from '../i18n/formats/translate.ts';
import { createNames, safeName } from '../pages/files/zip/safe-names.ts';
import type { Exporter } from '../state/exporting.ts';
import { contentVariant, type FileItem, fileItems, readVariant } from '../state/files.ts';
import type { Refused } from '../state/importing.ts';
import { exportParts } from './export-parts.ts';

type Options = Parameters<Exporter['exportLibrary']>[0];
type Packed = Awaited<ReturnType<Exporter['exportLibrary']>>;

/** An entry with the place it gets in the archive: folders end with `/`, documents have no ending yet. */
interface Planned {
  item: FileItem;
  folder: string;
  name: string;
}

interface ZipFile {
  name: string;
  lastModified: Date;
  input?: Blob;
}

/** Packs all that is not in the trash, one after the other, so that no more than one is in memory. */
export async function packLibrary(
  read: (id: string) => Promise<Exported>,
  { format, signal, onProgress }: Options,
): Promise<Packed> {
  const plan = planLibrary(fileItems().filter(({ trashed }) => trashed === 0));
  const failed: Refused[] = [];
  const written: string[] = [];
  const packing = { format, read, failed, assets: new Set<string>(), paths: pagePaths(plan, format) };
  // Folders are packed with what is in them: progress and report count documents and files.
  const total = plan.filter(isCounted).length;
  async function* files(): AsyncGenerator<ZipFile> {
    let done = 0;
    for (const one of plan) {
      signal.throwIfAborted();
      const path = one.folder + one.name;
      onProgress({ done, total, name: path });
      if (isCounted(one)) done += 1;
      try {
        for (const file of await pack(one, packing))
          yield { ...file, lastModified: new Date(one.item.edited) };
        if (isCounted(one)) written.push(one.item.id);
      } catch (error) {
        failed.push({ name: path, reason: error instanceof Error ? error.message : String(error) });
      }
    }
    if (failed.length > 0) yield { name: 'report.txt', lastModified: new Date(), input: reportOf(failed) };
  }
  const { makeZip } = await import('client-zip');
  const blob = await new Response(makeZip(files())).blob();
  signal.throwIfAborted();
  return { name: `${t('library.name')}.zip`, blob, written, failed };
}

function isCounted({ item }: Planned): boolean {
  return item.type !== 'folder';
}

function reportOf(failed: readonly Refused[]): Blob {
  return new Blob([failed.map(({ name, reason }) => `${name}: ${reason}\n`).join('')]);
}

/** Where everything lies in the archive: names that are safe on every system, each once in its folder. */
function planLibrary(items: readonly FileItem[]): Planned[] {
  const planned: Planned[] = [];
  const add = (parent: string, folder: string): void => {
    const unique = createNames();
    for (const item of items.filter((one) => one.parent === parent)) {
      const fallback = item.type === 'folder' || isDocument(item) ? t('library.untitled') : t('library.file');
      const name = unique(safeName(item.title, fallback));
      planned.push({ item, folder, name: item.type === 'folder' ? `${name}/` : name });
      if (item.type === 'folder') add(item.id, `${folder}${name}/`);
    }
  };
  add('', '');
  return planned;
}

function isDocument({ type }: FileItem): boolean {
  return documentTypeIds.includes(type);
}

/** Where pages that link to each other lie; Markdown has no such addresses. */
function pagePaths(plan: readonly Planned[], format: Options['format']): ReadonlyMap<string, string> {
  if (format === 'markdown') return new Map();
  return new Map(
    plan
      .filter(({ item }) => isDocument(item))
      .map(({ item, folder, name }) => [item.id, `${folder}${name}.html`]),
  );
}

interface Packing {
  format: Options['format'];
  read: (id: string) => Promise<Exported>;
  failed: Refused[];
  /** Paths of pictures that are in the archive. */
  assets: Set<string>;
  paths: ReadonlyMap<string, string>;
}

/** The files of an entry. @throws Error in words when it cannot be written */
async function pack(
  { item, folder, name }: Planned,
  packing: Packing,
): Promise<Omit<ZipFile, 'lastModified'>[]> {
  const path = folder + name;
  if (item.type === 'folder') return [{ name: path }];
  if (item.locked) throw new Error(t('library.locked'));
  if (isDocument(item)) return packDocument({ item, folder, name }, packing);
  const variant = contentVariant(item);
  const input = variant === undefined ? undefined : await readVariant(item.id, variant);
  if (input === undefined) throw new Error(t('library.notHere'));
  return [{ name: path, input }];
}

async function packDocument(
  { item, folder, name }: Planned,
  { format, read, failed, assets, paths }: Packing,
) {
  const one = await read(item.id);
  try {
    if (item.type !== 'text' && one.model === undefined) throw new Error(t('library.unknown'));
    const up = '../'.repeat(folder.split('/').length - 1);
    const document = (id: string) => {
      const target = paths.get(id);
      return target === undefined ? undefined : up + target.split('/').map(encodeURIComponent).join('/');
    };
    const written = await exportDocument(one, format, { ...exportParts(), document });
    const { missing } = written;
    if (missing.length > 0)
      failed.push({ name: folder + name, reason: t('library.pictures', { names: missing.join(', ') }) });
    const beside = written.assets
      .map(({ path, blob }) => ({ name: folder + path, input: blob }))
      .filter((file) => !assets.has(file.name));
    for (const file of beside) assets.add(file.name);
    return [{ name: `${folder}${name}${written.ending}`, input: written.blob }, ...beside];
  } finally {
    one.doc.destroy();
  }
}
