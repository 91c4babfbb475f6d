import type { ImportFile } from './file-source.ts';

export type Format = 'markdown' | 'text' | 'html' | 'docx' | 'csv';

/** A file that becomes a document. */
export interface PlannedFile extends ImportFile {
  format: Format;
  id: string;
  /** Its name, without ending and the number that Notion puts behind it. */
  name: string;
  /** Names of the folders it lies in, the outermost first. */
  folders: string[];
}

/** A file that is no document. It comes along when a document links to it, under this id. */
export type Attachment = Omit<PlannedFile, 'format'>;

/** All that was picked, by where it lies and what it is called. */
export interface Shelf {
  documents: readonly PlannedFile[];
  pictures: ReadonlyMap<string, ImportFile>;
  /** What is neither. */
  others: readonly string[];
  /** The document that a relative address leads to from the file at `from`. */
  document(from: string, address: string): PlannedFile | undefined;
  picture(from: string, address: string): ImportFile | undefined;
  /** What `[[name]]` means: a path, or the end of one; of several the nearest to the top. */
  note(name: string): PlannedFile | undefined;
  noted(name: string): ImportFile | undefined;
  /** Any other file that a relative address leads to, pictures included. */
  attachment(from: string, address: string): Attachment | undefined;
  /** Any other file that `[[name]]` means. */
  attached(name: string): Attachment | undefined;
}

const FORMATS: Readonly<Record<string, Format>> = {
  md: 'markdown',
  markdown: 'markdown',
  txt: 'text',
  html: 'html',
  htm: 'html',
  docx: 'docx',
  csv: 'csv',
};

const PICTURES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
};

function endingOf(path: string): string {
  return /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** The format of a file by its name; undefined for what is no document. */
export function formatOf(path: string): Format | undefined {
  const ending = endingOf(path);
  return Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
}

/** The type of a picture by its name; undefined for what is no picture. */
export function pictureType(path: string): string | undefined {
  const ending = endingOf(path);
  return Object.hasOwn(PICTURES, ending) ? PICTURES[ending] : undefined;
}

/** Sorts what was picked, and gives every document the id that links to it will have. */
export function createShelf(files: readonly ImportFile[], newId: () => string): Shelf {
  const documents: PlannedFile[] = [];
  const pictures = new Map<string, ImportFile>();
  const others: string[] = [];
  const attachments = new Map<string, Attachment>();
  const all = new Set(files.map(({ path }) => path));
  for (const file of files) {
    const format = formatOf(file.path);
    if (format !== undefined && !isPartOfOther(file.path, all)) {
      documents.push({ ...plan(file, newId()), format });
      continue;
    }
    attachments.set(file.path, plan(file, newId()));
    if (pictureType(file.path) !== undefined) pictures.set(file.path, file);
    else others.push(file.path);
  }
  const byPath = new Map(documents.map((file) => [file.path, file]));
  const byName = namesOf(documents, ({ path }) => withoutEnding(path));
  const pictureNames = namesOf([...pictures.values()], ({ path }) => path);
  const attachmentNames = namesOf([...attachments.values()], ({ path }) => path);
  return {
    documents,
    pictures,
    others,
    document(from, address) {
      const path = resolvePath(from, address);
      if (path === undefined) return undefined;
      return byPath.get(path) ?? byPath.get(`${path}.md`) ?? byPath.get(path.replace(/\.csv$/i, '_all.csv'));
    },
    picture(from, address) {
      const path = resolvePath(from, address);
      return path === undefined ? undefined : pictures.get(path);
    },
    note: (name) => find(byName, withoutEnding(name)),
    noted: (name) => find(pictureNames, name),
    attachment(from, address) {
      const path = resolvePath(from, address);
      return path === undefined ? undefined : attachments.get(path);
    },
    attached: (name) => find(attachmentNames, name),
  };
}

/** Of a database Notion writes the view that was shown, and all rows: the latter is taken. */
function isPartOfOther(path: string, all: ReadonlySet<string>): boolean {
  return endingOf(path) === 'csv' && all.has(path.replace(/\.csv$/i, '_all.csv'));
}

function plan(file: ImportFile, id: string): Attachment {
  const parts = file.path.split('/').map(withoutNotionId);
  return { ...file, id, name: withoutEnding(parts.pop() ?? ''), folders: parts };
}

/** Notion puts 32 digits behind every name. */
function withoutNotionId(name: string): string {
  return name.replace(/[ _-][0-9a-f]{32}(?=(_all)?(\.\w+)?$)/, '').replace(/(^.+)_all(?=\.csv$)/, '$1');
}

function withoutEnding(path: string): string {
  return formatOf(path) === undefined ? path : path.replace(/\.[^./]*$/, '');
}

/** Names that differ in letters large and small, or in how an accent is stored, are one. */
export function foldName(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

/** By the last part of their path in small letters. */
function namesOf<T extends ImportFile>(
  files: readonly T[],
  nameOf: (file: T) => string,
): Map<string, [string, T][]> {
  const names = new Map<string, [string, T][]>();
  for (const file of files) {
    const path = foldName(nameOf(file));
    const last = path.split('/').pop() ?? '';
    names.set(last, [...(names.get(last) ?? []), [path, file]]);
  }
  return names;
}

function find<T>(names: ReadonlyMap<string, [string, T][]>, name: string): T | undefined {
  const wanted = foldName(name).replace(/^\/+/, '');
  const same = names.get(wanted.split('/').pop() ?? '') ?? [];
  const fitting = same.filter(([path]) => path === wanted || path.endsWith(`/${wanted}`));
  return fitting.sort(([a], [b]) => a.split('/').length - b.split('/').length)[0]?.[1];
}

/** Where a relative address leads from a file; `undefined` when it leaves the folder or is not relative. */
export function resolvePath(from: string, address: string): string | undefined {
  const path = address.replace(/[?#].*$/s, '');
  if (path === '' || path.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(path)) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of decodePath(path).split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A lone % is only itself.
    return path;
  }
}
