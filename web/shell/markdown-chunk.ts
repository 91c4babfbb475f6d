import { importFiles } from '../apps/text/formats/import.ts';
import type { Refusal } from '../apps/text/formats/file-source.ts';
import type { Attachment } from '../apps/text/formats/shelf.ts';
import { createReader } from '../apps/text/formats/reading.ts';
import { inputFiles } from '../apps/text/markdown/collect-files.ts';
import { exportMarkdown } from '../apps/text/markdown/document.ts';
import { openTree } from '../client/documents/tree.ts';
import { keepCarriedRows } from '../apps/text/formats/carried-rows.ts';
import { saveBlob } from '../client/store/blobs.ts';
import { t } from '../i18n/formats/translate.ts';
import type { FormatsKey } from '../i18n/formats/en.ts';
import { database, random } from '../state/documents.ts';
import { openFiles } from '../state/files-client.ts';
import { openText, type TextImport } from '../state/text-app.ts';

const reasons = {
  'not-utf8': 'import.reason.notUtf8',
  'too-large': 'import.reason.tooLarge',
  'too-long': 'import.reason.tooLong',
  'unknown-kind': 'import.reason.unknownKind',
  empty: 'import.reason.empty',
  unreadable: 'import.reason.unreadable',
  'not-saved': 'import.reason.notSaved',
  broken: 'import.reason.broken',
  bomb: 'import.reason.bomb',
  'too-many': 'import.reason.tooMany',
  'bad-path': 'import.reason.badPath',
  encrypted: 'import.reason.encrypted',
  'not-allowed': 'import.reason.notAllowed',
} as const satisfies Record<Refusal['reason'], FormatsKey>;

/** Files of more than one format have limits of their own. */
function reasonOf({ name, reason, detail }: Refusal): string {
  const isText = reason === 'too-large' && /\.(md|markdown|txt|csv)$/i.test(name);
  return t(isText ? 'import.reason.tooLargeText' : reasons[reason], { detail: detail ?? '' });
}

/** A file that takes longer to read, in milliseconds, is left out. */
const patience = 60_000;
const makeWorker = () => new Worker(new URL('./reading-worker.ts', import.meta.url), { type: 'module' });

/** The importer, bound to this page's documents and speaking the reader's language. */
export async function openImport(): Promise<TextImport> {
  const [{ documents }, db] = await Promise.all([openText(), database()]);
  const now = () => Date.now();
  const tree = openTree({ index: documents.index.doc, live: documents.tree, now, random });
  return {
    inputFiles,
    async importFiles(files, options) {
      const reader = createReader(makeWorker, patience);
      const report = await importFiles(files, {
        ...{ ...options, documents, tree, now, read: reader.read },
        saveBlob: (blob) => saveBlob(db, blob),
        saveRows: (id, rows) => keepCarriedRows(db, id, rows),
        addFile: (file, parent) => addFile(file, parent, options.signal),
      }).finally(() => reader.close());
      const refused = report.refused.map((one) => ({ name: one.name, reason: reasonOf(one) }));
      return { ...report, refused };
    },
    async exportDocument(id) {
      const { doc } = await documents.snapshot(id);
      try {
        return exportMarkdown(doc);
      } finally {
        doc.destroy();
      }
    },
    openExporter: () => import('./formats-chunk.ts').then((chunk) => chunk.openExporter()),
  };
}

/** Enters a file that a document links to. @throws Error why it could not be kept */
async function addFile({ file, name, id }: Attachment, parent: string, signal: AbortSignal): Promise<void> {
  const item = { file: new File([await file.arrayBuffer()], name, { type: file.type }), path: [], id };
  const { refused } = await (await openFiles()).add([item], { parent, signal });
  const [failed] = refused;
  if (failed) throw new Error(failed.message);
}
