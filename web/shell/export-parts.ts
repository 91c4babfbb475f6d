import { readCarriedRows } from '../apps/text/formats/carried-rows.ts';
import type { ExportParts } from '../apps/text/formats/export.ts';
import type { Carried } from '../apps/text/formats/standalone.ts';
import type { DocxPicture } from '../apps/text/formats/write-docx.ts';
import { readImageHeader } from '../client/files/image-header.ts';
import { t } from '../i18n/formats/translate.ts';
import { locale } from '../i18n/translate.ts';
import { readBlob } from '../state/blobs.ts';
import { database } from '../state/documents.ts';

/** What an export takes from this page: its language, and the pictures that it can reach. */
export function exportParts(): ExportParts {
  const day = (at: Date) =>
    new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  return {
    language: locale(),
    footer: t('export.footer', { date: day(new Date()) }),
    day(date) {
      const at = new Date(`${date}T00:00:00Z`);
      return Number.isNaN(at.getTime()) ? date : day(at);
    },
    readBlob,
    toDocxPicture,
  };
}

/** The signed rows of a document that this device has. */
export async function carriedRowsOf(id: string): Promise<Carried['rows']> {
  return readCarriedRows(await database(), id);
}

const FORMATS: Readonly<Record<string, DocxPicture['type']>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
};

/** Widest side of a picture that is drawn anew, in pixels. */
const LARGEST_SIDE = 2400;

/** Word knows PNG, JPEG and GIF; others are drawn as PNG. */
async function toDocxPicture(blob: Blob): Promise<DocxPicture | undefined> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const header = readImageHeader(bytes);
  const type = header && FORMATS[header.mime];
  if (header && type) return { type, bytes, width: header.width, height: header.height };
  try {
    const picture = await createImageBitmap(blob);
    const scale = Math.min(1, LARGEST_SIDE / Math.max(picture.width, picture.height));
    const [width, height] = [picture.width, picture.height].map((side) =>
      Math.max(1, Math.round(side * scale)),
    );
    const canvas = new OffscreenCanvas(width ?? 1, height ?? 1);
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const drawn = await canvas.convertToBlob({ type: 'image/png' });
    const { width: w, height: h } = canvas;
    return { type: 'png', bytes: new Uint8Array(await drawn.arrayBuffer()), width: w, height: h };
  } catch {
    // The browser cannot draw it either; the file names it as missing.
    return undefined;
  }
}
