import type { Node } from 'prosemirror-model';
import type { Documents } from '../../../client/documents/documents.ts';
import { describeText } from '../../../client/documents/describe.ts';
import { formatLinks, readLinks } from '../../../client/documents/links.ts';
import { TAG, cleanTag } from '../../../client/documents/tags.ts';
import type { Tree } from '../../../client/documents/tree.ts';
import { writeContent } from '../markdown/document.ts';
import type { SaveBlob } from '../paste.ts';
import { type ImportFile, type Refusal, toRefusal } from './file-source.ts';
import { createFolders } from './folders.ts';
import type { FrontMatter } from './front-matter.ts';
import { LARGEST_PAGE, LARGEST_TEXT, readText, withHeading } from './read-file.ts';
import { type ReadOne, readHere } from './reading.ts';
import { settle } from './settle.ts';
import { type Attachment, type PlannedFile, type Shelf, createShelf } from './shelf.ts';
import { type TakeOptions, type Taken, takeStandalone } from './take-standalone.ts';
import { type KnowTitles, createTitles } from './titles.ts';
import { unpackArchives } from './unpack.ts';

/** Documents that are written at the same time: enough to keep a disk busy, few enough to stop at once. */
const LANES = 4;
const BATCH = 25;

export interface ImportProgress {
  done: number;
  total: number;
  /** Path of the file that was finished last. */
  name: string;
}

export interface ImportReport {
  imported: { name: string; id: string; title: string }[];
  /** Documents that were here already and have now what the file says too. */
  merged: { name: string; id: string }[];
  /** Paths of files that documents link to: they are files here. */
  attached: string[];
  refused: Refusal[];
  /** Paths of files that are neither documents nor pictures of one, and that none links to. */
  left: string[];
  /** Whether it was stopped before the last file. What was imported until then stays. */
  cancelled: boolean;
}

export interface ImportOptions {
  documents: Documents;
  tree: Tree;
  saveBlob: SaveBlob;
  /** Milliseconds since 1970. */
  now: () => number;
  signal?: AbortSignal;
  onProgress?: (progress: ImportProgress) => void;
  /** Keeps signed rows of a document that a file of ours has. */
  saveRows?: NonNullable<TakeOptions['saveRows']>;
  /** Takes a file of ours as a document of its own, even when the document it was made of is here. */
  asCopy?: boolean;
  /** Reads a file elsewhere than on the page. */
  read?: ReadOne;
  /** Takes documents of these paths alone. */
  only?: ReadonlySet<string>;
  /** Enters a file under its id in a folder; without it files are left out. Rejects when it cannot be kept. */
  addFile?: (file: Attachment, parent: string) => Promise<void>;
}

/**
 * Imports files of other programs, folders and archives as documents: each saved on this device and confirmed, then entered in the
 * index in its folder, some at a time. Links between them lead to what they became, and pictures come along. A file that
 * cannot be taken is named with its reason, and the rest goes on.
 */
export async function importFiles(
  files: readonly ImportFile[],
  options: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = {
    ...{ imported: [], merged: [], attached: [], refused: [], left: [] },
    cancelled: false,
  };
  const unpacked = await unpackArchives(files);
  const shelf = createShelf(unpacked.files, () => options.documents.newId());
  const knowTitles = createTitles(shelf);
  const folderOf = createFolders(options.tree);
  const entering = createBatch(options, report, folderOf);
  const attachments = new Map<string, Attachment>();
  const wanted = shelf.documents.filter(({ path }) => options.only?.has(path) !== false);
  let [started, done] = [0, 0];
  const lane = async (): Promise<void> => {
    for (;;) {
      const file = wanted[started];
      if (file === undefined) return;
      if (options.signal?.aborted === true) {
        report.cancelled = true;
        return;
      }
      started += 1;
      await importOne(file, { shelf, knowTitles, options, report, attachments, enter: entering.add });
      done += 1;
      options.onProgress?.({ done, total: wanted.length, name: file.path });
      await breathe();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  await entering.flush();
  for (const file of attachments.values()) await attach(file, folderOf(file.folders), { options, report });
  if (options.only) return report;
  report.refused.unshift(...unpacked.refused);
  // A picked folder holds much that was not meant; a file picked by itself was.
  for (const path of shelf.others.filter((other) => !attachments.has(other)))
    if (path.includes('/')) report.left.push(path);
    else report.refused.push({ name: path, reason: 'unknown-kind' });
  return report;
}

async function attach(
  file: Attachment,
  parent: string,
  { options, report }: Pick<Work, 'options' | 'report'>,
): Promise<void> {
  try {
    await options.addFile?.(file, parent);
    report.attached.push(file.path);
  } catch (error) {
    report.refused.push(toRefusal(file.path, error, 'not-saved'));
  }
}

/** A document that is saved and waits to be entered. */
interface Ready {
  file: PlannedFile;
  title: string;
  excerpt: string;
  front: FrontMatter;
  /** Field of the entry: what it links to. */
  links: string | undefined;
}

interface Work {
  shelf: Shelf;
  knowTitles: KnowTitles;
  options: ImportOptions;
  report: ImportReport;
  /** Files that documents link to, by their paths. */
  attachments: Map<string, Attachment>;
  enter: (ready: Ready) => Promise<void>;
}

function createBatch(
  { documents, tree, now }: ImportOptions,
  report: ImportReport,
  folderOf: (names: readonly string[]) => string,
) {
  let waiting: Ready[] = [];
  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    // Before the transaction: a folder is read as it was before.
    const places = batch.map(({ file }) => folderOf(file.folders));
    documents.index.doc.transact(() => {
      documents.enter(
        batch.map(({ file, title, excerpt }, at) => ({
          id: file.id,
          title,
          excerpt,
          parent: places[at] ?? '',
        })),
      );
      for (const { file, front, links } of batch)
        tree.setFields(file.id, { ...toFields(front, now()), ...(links !== undefined && { links }) });
    });
    report.imported.push(...batch.map(({ file, title }) => ({ name: file.path, id: file.id, title })));
    await documents.index.whenSaved();
  };
  return {
    async add(ready: Ready) {
      waiting.push(ready);
      if (waiting.length >= BATCH) await flush();
    },
    flush,
  };
}

function toFields({ tags, created, edited }: FrontMatter, now: number): Record<string, number> {
  const names = tags.map(cleanTag).filter((tag) => tag !== '');
  const at = created === undefined ? edited : Math.max(created, edited ?? 0);
  return {
    ...Object.fromEntries(names.map((tag) => [TAG + tag, now])),
    ...(created !== undefined && { created }),
    ...(at !== undefined && { edited: at }),
  };
}

async function importOne(
  file: PlannedFile,
  { shelf, knowTitles, options, report, attachments, enter }: Work,
): Promise<void> {
  try {
    const most = file.format === 'html' ? LARGEST_PAGE : LARGEST_TEXT;
    const text = file.format === 'docx' ? '' : await readText(file.file, most);
    const found = await (options.read ?? readHere)(file, text, shelf);
    if ('state' in found) return tell(file, await takeStandalone(found, options), report);
    const { front, pictures } = found;
    const doc = front.title === undefined ? found.doc : withHeading(found.doc, front.title);
    const around = { shelf: await knowTitles(text), path: file.path, pictures, saveBlob: options.saveBlob };
    const toAddress = (found: Attachment): string => {
      attachments.set(found.path, found);
      return `/files?open=${found.id}`;
    };
    const content = await settle(doc, { ...around, attach: options.addFile && toAddress });
    await enter(await saveDocument({ file, content, front }, options));
  } catch (error) {
    report.refused.push(toRefusal(file.path, error, 'not-saved'));
  }
}

function tell({ path }: PlannedFile, { id, title, merged }: Taken, report: ImportReport): void {
  if (merged) report.merged.push({ name: path, id });
  else report.imported.push({ name: path, id, title });
}

async function saveDocument(
  { file, content, front }: { file: PlannedFile; content: Node; front: FrontMatter },
  { documents }: ImportOptions,
): Promise<Ready> {
  const open = await documents.open(file.id, { listed: false });
  try {
    writeContent(open.doc, content);
    const described = describeText(open.doc);
    const links = formatLinks(readLinks(open.doc));
    await open.whenSaved();
    const title = described.title === '' ? file.name : described.title;
    return { file, title, excerpt: described.excerpt, front, links };
  } finally {
    await open.close();
  }
}

/** Lets the page draw and hear clicks between two files. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
