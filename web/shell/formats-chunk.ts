import { carriedRowsOf, exportParts } from './export-parts.ts';
import { type Exported, exportDocument } from '../apps/text/formats/export.ts';
import { modelOf } from '../client/documents/models.ts';
import { safeName } from '../pages/files/zip/safe-names.ts';
import { t } from '../i18n/formats/translate.ts';
import type { Exporter } from '../state/exporting.ts';
import { openText } from '../state/text-app.ts';
import { packLibrary } from './library-export.ts';

/** Writing documents out, bound to this page's documents and speaking the reader's language. */
export async function openExporter(): Promise<Exporter> {
  const { documents } = await openText();
  const read = async (id: string): Promise<Exported> => {
    const entry = documents.entry(id);
    const type = entry?.type ?? 'text';
    const model = type === 'text' ? undefined : modelOf(type);
    const { doc } = await documents.snapshot(id);
    const { title = '', created = 0, edited = 0, tags = [] } = entry ?? {};
    return {
      ...{ id, type, title, created, edited, tags, doc },
      rows: await carriedRowsOf(id),
      ...(model && { model }),
    };
  };
  return {
    async exportOne(id, format) {
      const one = await read(id);
      try {
        const { ending, blob, assets, missing } = await exportDocument(one, format, exportParts());
        const name = safeName(one.title, t('library.untitled'));
        if (assets.length === 0) return { name: `${name}${ending}`, blob, missing };
        const { makeZip } = await import('client-zip');
        const files = [
          { name: `${name}${ending}`, input: blob },
          ...assets.map(({ path, blob: input }) => ({ name: path, input })),
        ];
        return { name: `${name}.zip`, blob: await new Response(makeZip(files)).blob(), missing };
      } finally {
        one.doc.destroy();
      }
    },
    exportLibrary: (options) => packLibrary(read, options),
  };
}
