import type { Node } from 'prosemirror-model';
import { describeText } from '../../../client/documents/describe.ts';
import type { Documents } from '../../../client/documents/documents.ts';
import type { SaveBlob } from '../paste.ts';
import { writeContent } from './document.ts';
import { parseMarkdown } from './parse.ts';
import { isPicture, keepPictures } from './pictures.ts';
import { plainTextToDocument } from './plain-text.ts';

/** Largest Markdown file that is taken, in bytes. */
export const LARGEST_FILE = 2 * 1024 * 1024;
/** Documents that are written at the same time: enough to keep a disk busy, few enough to stop at once. */
const LANES = 4;
const BATCH = 25;

/** A file with its place in the picked folder. */
export interface ImportFile {
  /** Path with `/`, the picked folder's name first; the bare name for single files. */
  path: string;
  file: Blob;
}

export interface ImportProgress {
  done: number;
  total: number;
  /** Path of the file that was finished last. */
  name: string;
}

/** Why a file was not imported, for the interface to say in words. */
export type RefusalReason = 'not-utf8' | 'too-large' | 'not-markdown' | 'empty' | 'unreadable' | 'not-saved';

export interface ImportReport {
  imported: { name: string; id: string; title: string }[];
  refused: { name: string; reason: RefusalReason; detail?: string }[];
  /** Whether it was stopped before the last file. What was imported until then stays. */
  cancelled: boolean;
}

export interface ImportOptions {
  documents: Documents;
  saveBlob: SaveBlob;
  signal?: AbortSignal;
  onProgress?: (progress: ImportProgress) => void;
}

/**
 * Imports Markdown files as documents: each saved on this device and confirmed, then entered in the index, some at a
 * time. Pictures that lie in the same folder come along. A file that cannot be taken is named with its reason, and the
 * rest goes on.
 */
export async function importFiles(files: ImportFile[], options: ImportOptions): Promise<ImportReport> {
  const report: ImportReport = { imported: [], refused: [], cancelled: false };
  // A picked folder holds much that was not meant; a file picked by itself was.
  const wanted = files.filter(({ path }) => isText(path) || (!path.includes('/') && !isPicture(path)));
  const pictures = new Map(
    files.filter((file) => isPicture(file.path)).map((file) => [file.path, file.file]),
  );
  const entering = createBatch(options.documents, report);
  let started = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    for (;;) {
      const file = wanted[started];
      if (file === undefined) return;
      if (options.signal?.aborted === true) {
        report.cancelled = true;
        return;
      }
      started += 1;
      const refusal = await importOne(file, pictures, options, entering.add);
      if (refusal !== undefined) report.refused.push({ name: file.path, ...refusal });
      done += 1;
      options.onProgress?.({ done, total: wanted.length, name: file.path });
      await breathe();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await entering.flush();
  return report;
}

/** A document that is saved and waits to be entered. */
interface Ready {
  name: string;
  id: string;
  title: string;
  excerpt: string;
}

function createBatch(
  documents: Documents,
  report: ImportReport,
): { add: (ready: Ready) => Promise<void>; flush: () => Promise<void> } {
  let waiting: Ready[] = [];
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    documents.enter(batch.map(({ id, title, excerpt }) => ({ id, title, excerpt })));
    report.imported.push(...batch.map(({ name, id, title }) => ({ name, id, title })));
    await documents.index.whenSaved();
  };
  return {
    async add(ready) {
      waiting.push(ready);
      if (waiting.length >= BATCH) await flush();
    },
    flush,
  };
}

type Refusal = { reason: RefusalReason; detail?: string };

async function importOne(
  file: ImportFile,
  pictures: ReadonlyMap<string, Blob>,
  options: ImportOptions,
  enter: (ready: Ready) => Promise<void>,
): Promise<Refusal | undefined> {
  const read = await readText(file);
  if (typeof read !== 'string') return read;
  try {
    const parsed = /\.txt$/i.test(file.path) ? plainTextToDocument(read) : parseMarkdown(read);
    const content = await keepPictures(parsed, file.path, pictures, options.saveBlob);
    await enter(await saveDocument(file, content, options));
    return undefined;
  } catch (error) {
    return { reason: 'not-saved', detail: error instanceof Error ? error.message : String(error) };
  }
}

async function readText({ path, file }: ImportFile): Promise<string | Refusal> {
  if (!isText(path)) return { reason: 'not-markdown' };
  if (file.size > LARGEST_FILE) return { reason: 'too-large' };
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch (error) {
    return { reason: 'unreadable', detail: error instanceof Error ? error.message : String(error) };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.trim() === '' ? { reason: 'empty' } : text;
  } catch {
    // The one thing a fatal decoder reports.
    return { reason: 'not-utf8' };
  }
}

async function saveDocument(file: ImportFile, content: Node, { documents }: ImportOptions): Promise<Ready> {
  const id = documents.newId();
  const open = await documents.open(id, { listed: false });
  try {
    writeContent(open.doc, content);
    const described = describeText(open.doc);
    await open.whenSaved();
    const title = described.title === '' ? nameOf(file.path) : described.title;
    return { name: file.path, id, title, excerpt: described.excerpt };
  } finally {
    await open.close();
  }
}

function isText(path: string): boolean {
  return /\.(md|markdown|txt)$/i.test(path);
}

function nameOf(path: string): string {
  return (path.split('/').pop() ?? path).replace(/\.[^.]*$/, '');
}

/** Lets the page draw and hear clicks between two files. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
