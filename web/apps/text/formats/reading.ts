import { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { RefusedFile, type Refusal, toRefusal } from './file-source.ts';
import type { FrontMatter } from './front-matter.ts';
import { type ReadFile, readFile } from './read-file.ts';
import type { Format, PlannedFile, Shelf } from './shelf.ts';
import { type Standalone, readStandalone } from './standalone.ts';

/** More blocks and cells are not taken into one document: it would take seconds to open. */
const MOST_NODES = 50_000;

/** What is in a file: a document of its own, or words in a format of others. */
export type Found = ReadFile | Standalone;

/** Reads one file; rejects with a RefusedFile. */
export type ReadOne = (file: PlannedFile, text: string, shelf: Shelf) => Promise<Found>;

/** Reads a file where this is called. @throws RefusedFile */
export async function readHere(file: PlannedFile, text: string, shelf: Shelf): Promise<Found> {
  const own = file.format === 'html' ? readStandalone(text) : undefined;
  if (own !== undefined) return own;
  const found = await tryToRead(file, text, shelf);
  let count = 0;
  found.doc.descendants(({ isText }) => void (count += isText ? 0 : 1));
  if (count > MOST_NODES) throw new RefusedFile('too-long');
  return found;
}

async function tryToRead(file: PlannedFile, text: string, shelf: Shelf): Promise<ReadFile> {
  try {
    return await readFile(file, text, shelf);
  } catch (error) {
    if (error instanceof RefusedFile) throw error;
    throw new RefusedFile('broken', error instanceof Error ? error.message : String(error));
  }
}

/** What a worker is given: the text of a file, or the file where its format is none of text. */
export interface ReadRequest {
  format: Exclude<Format, 'csv'>;
  text: string;
  file: Blob | undefined;
}

/** What it says: documents of ours as they are, others as ProseMirror's JSON. */
export type ReadAnswer =
  | { kind: 'own'; own: Standalone }
  | { kind: 'read'; doc: unknown; front: FrontMatter; pictures: readonly string[] }
  | { kind: 'refused'; refusal: Refusal };

const nothing: Shelf = {
  ...{ documents: [], pictures: new Map(), others: [] },
  ...{ document: none, picture: none, note: none, noted: none, attachment: none, attached: none },
};

function none(): undefined {
  return undefined;
}

/** Answers as a worker does. Never rejects. */
export async function answerRead({ format, text, file }: ReadRequest): Promise<ReadAnswer> {
  const place = { path: '', id: '', name: '', folders: [] };
  try {
    const found = await readHere({ ...place, format, file: file ?? new Blob() }, text, nothing);
    if ('state' in found) return { kind: 'own', own: found };
    return { kind: 'read', doc: found.doc.toJSON(), front: found.front, pictures: found.pictures };
  } catch (error) {
    return { kind: 'refused', refusal: toRefusal('', error, 'broken') };
  }
}

/** What `ReadRequest` and `ReadAnswer` go through: a Worker. */
export interface ReadWorker {
  postMessage(request: ReadRequest): void;
  onmessage: ((event: MessageEvent<ReadAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  terminate(): void;
}

/**
 * Reads files in a worker, one after the other, so that none holds up the page. What takes longer than `patience` (milliseconds) is
 * ended and refused. Tables of commas are read here: they lead to files beside them.
 */
export function createReader(
  makeWorker: () => ReadWorker,
  patience: number,
): { read: ReadOne; close(): void } {
  let worker: ReadWorker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const close = (): void => {
    worker?.terminate();
    worker = undefined;
  };
  const ask = (request: ReadRequest): Promise<ReadAnswer> =>
    new Promise((resolve, reject) => {
      const asked = (worker ??= makeWorker());
      const fail = (refused: RefusedFile): void => (clearTimeout(timer), close(), reject(refused));
      const timer = setTimeout(() => fail(new RefusedFile('too-long')), patience);
      asked.onmessage = ({ data }) => (clearTimeout(timer), resolve(data));
      asked.onerror = ({ message }) => fail(new RefusedFile('unreadable', message));
      asked.postMessage(request);
    });
  const read: ReadOne = async (file, text, shelf) => {
    const { format } = file;
    if (format === 'csv') return readHere(file, text, shelf);
    const bytes = format === 'docx' ? new Blob([await file.file.arrayBuffer()]) : undefined;
    const answer = last.then(() => ask({ format, text, file: bytes }));
    last = answer.catch(() => undefined);
    return toFound(await answer);
  };
  return { read, close };
}

function toFound(answer: ReadAnswer): Found {
  if (answer.kind === 'own') return answer.own;
  if (answer.kind === 'read') return { ...answer, doc: Node.fromJSON(schema, answer.doc) };
  throw new RefusedFile(answer.refusal.reason, answer.refusal.detail);
}
