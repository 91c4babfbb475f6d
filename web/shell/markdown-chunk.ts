import { inputFiles } from '../apps/text/markdown/collect-files.ts';
import { exportMarkdown } from '../apps/text/markdown/document.ts';
import { importFiles, type RefusalReason } from '../apps/text/markdown/import.ts';
import { saveBlob } from '../client/store/blobs.ts';
import { t } from '../i18n/home/translate.ts';
import type { HomeKey } from '../i18n/home/en.ts';
import { database } from '../state/documents.ts';
import { openText, type TextImport } from '../state/text-app.ts';

export { exportMarkdown };

const reasons = {
  'not-utf8': 'import.reason.notUtf8',
  'too-large': 'import.reason.tooLarge',
  'not-markdown': 'import.reason.notMarkdown',
  empty: 'import.reason.empty',
  unreadable: 'import.reason.unreadable',
  'not-saved': 'import.reason.notSaved',
} as const satisfies Record<RefusalReason, HomeKey>;

/** The importer, bound to this page's documents and speaking the reader's language. */
export async function openImport(): Promise<TextImport> {
  const [{ documents }, db] = await Promise.all([openText(), database()]);
  return {
    inputFiles,
    async importFiles(files, options) {
      const report = await importFiles(files, {
        ...options,
        documents,
        saveBlob: (blob) => saveBlob(db, blob),
      });
      const refused = report.refused.map(({ name, reason, detail }) => ({
        name,
        reason: t(reasons[reason], { detail: detail ?? '' }),
      }));
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
  };
}
