import { Inflate } from 'fflate';
import { type FileSource, type ImportFile, type Refusal, RefusedFile, toRefusal } from './file-source.ts';
import { type ZipEntry, readRange, readZipDirectory } from './zip-directory.ts';

/** What is taken out of one archive at most. */
export const LIMITS = {
  /** Files, those of archives in it included. */
  entries: 20_000,
  /** Folders in one another. */
  depth: 60,
  /** Bytes of all that comes out. */
  total: 4 * 1024 ** 3,
  /** Bytes of one file. */
  file: 512 * 1024 ** 2,
  /** How many times larger than its packed bytes a file may be; deflate itself reaches some 1,030. */
  ratio: 200,
  /** Files of less are let be whatever their ratio. */
  free: 4 * 1024 ** 2,
} as const;

/** Bytes that are inflated in one go. */
const STEP = 64 * 1024;

export function isArchive(path: string): boolean {
  return /\.zip$/i.test(path);
}

/**
 * The files of picked archives in place of these, and of archives in them (Notion packs its parts so), one level deep. Nothing
 * is unpacked before it is read. What cannot be taken is refused by its name.
 */
export async function unpackArchives(
  files: readonly ImportFile[],
): Promise<{ files: ImportFile[]; refused: Refusal[] }> {
  const refused: Refusal[] = [];
  const spent = { entries: 0, bytes: 0 };
  const open = async (list: readonly ImportFile[], depth: number): Promise<ImportFile[]> => {
    const out: ImportFile[] = [];
    for (const file of list) {
      if (!isArchive(file.path)) out.push(file);
      else if (depth > 1) refused.push({ name: file.path, reason: 'unknown-kind' });
      else {
        try {
          const inside = await listArchive(file, spent, refused);
          for (const one of await open(inside, depth + 1)) out.push(one);
        } catch (error) {
          refused.push(toRefusal(file.path, error, 'broken'));
        }
      }
    }
    return out;
  };
  return { files: await open(files, 0), refused };
}

async function listArchive(
  { path, file }: ImportFile,
  spent: { entries: number; bytes: number },
  refused: Refusal[],
): Promise<ImportFile[]> {
  // An archive in an archive is read as a whole once, not once for each file in it.
  const archive = file.slice ? file : new Blob([await file.arrayBuffer()]);
  const entries = await readZipDirectory(archive, LIMITS.entries - spent.entries);
  const inside = entries.filter(({ name }) => !name.endsWith('/') && !isHidden(name));
  const total = inside.reduce((sum, { size }) => sum + size, 0);
  if (spent.bytes + total > LIMITS.total) throw new RefusedFile('bomb');
  spent.bytes += total;
  spent.entries += entries.length;
  const place = placeOf(path, inside);
  const files: ImportFile[] = [];
  for (const entry of inside) {
    const reason = refusalOf(entry);
    if (reason !== undefined) refused.push({ name: `${path}/${entry.name}`, reason });
    else files.push({ path: place + entry.name, file: entrySource(archive, entry) });
  }
  return files;
}

/** All files of one archive, read: names and bytes; `look` may refuse them before any is unpacked. @throws RefusedFile */
export async function readArchive(
  archive: FileSource,
  look: (entries: readonly ZipEntry[]) => void = () => undefined,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const entries = await readZipDirectory(archive, LIMITS.entries);
  look(entries);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let left = LIMITS.file;
  for (const entry of entries) {
    if (entry.name.endsWith('/')) continue;
    const reason = refusalOf(entry);
    left -= entry.size;
    if (reason !== undefined || left < 0) throw new RefusedFile(reason ?? 'bomb');
    files.set(entry.name, new Uint8Array(await readEntry(archive, entry)));
  }
  return files;
}

/** What systems put beside a person's files. */
function isHidden(name: string): boolean {
  return /(^|\/)(__MACOSX\/|\.(?![./]))/.test(name);
}

/** Notion calls an archive, and each part in it, by a number of 32 digits. */
const OF_NOTION = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}[^/]*$/i;

/** Files of an archive lie in a folder of its name, unless all are in one already; the parts of one of Notion's in the same. */
function placeOf(path: string, inside: readonly ZipEntry[]): string {
  const tops = new Set(inside.map(({ name }) => (name.includes('/') ? (name.split('/')[0] ?? '') : '')));
  if (tops.size === 1 && !tops.has(''))
    return path
      .split('/')
      .slice(0, -1)
      .map((part) => `${part}/`)
      .join('');
  if (inside.length < 2) return '';
  const name = path.replace(/\.zip$/i, '');
  return `${OF_NOTION.test(name) ? name.replace(/[^/]*$/, 'Notion') : name}/`;
}

function refusalOf({ name, packed, size, method, encrypted }: ZipEntry) {
  if (name === '' || /^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)|\\|\u0000/i.test(name)) return 'bad-path';
  if (name.split('/').length > LIMITS.depth) return 'bad-path';
  if (encrypted) return 'encrypted';
  if (method !== 0 && method !== 8) return 'unreadable';
  if (size > LIMITS.file || (size > LIMITS.free && size > packed * LIMITS.ratio)) return 'bomb';
  return undefined;
}

function entrySource(archive: FileSource, entry: ZipEntry): FileSource {
  return { size: entry.size, type: '', arrayBuffer: () => readEntry(archive, entry) };
}

/** The bytes of an entry, never more than its directory said. @throws RefusedFile broken, bomb */
async function readEntry(archive: FileSource, entry: ZipEntry): Promise<ArrayBuffer> {
  const head = await readRange(archive, entry.offset, 30);
  if (head.getUint32(0, true) !== 0x04034b50) throw new RefusedFile('broken');
  const start = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const view = await readRange(archive, start, entry.packed);
  const packed = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const bytes = entry.method === 0 ? packed.slice() : inflate(packed, entry.size);
  if (bytes.length !== entry.size) throw new RefusedFile('broken');
  return bytes.buffer;
}

function inflate(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(size);
  let length = 0;
  const stream = new Inflate((chunk) => {
    if (length + chunk.length > size) throw new RefusedFile('bomb');
    out.set(chunk, length);
    length += chunk.length;
  });
  try {
    for (let at = 0; at < packed.length; at += STEP)
      stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
  } catch (error) {
    throw error instanceof RefusedFile ? error : new RefusedFile('broken');
  }
  return out.subarray(0, length).slice();
}
