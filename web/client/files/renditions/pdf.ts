import { openPdf, type Pdf } from './open-pdf.ts';
import { type Rendition, renderCover } from './picture.ts';

/** Width of the first page as it is drawn, in pixels. */
const width = 1024;

/** The number of pages, and the first of them drawn. Undefined when it cannot be read as a PDF without a password. */
export async function readPdf(
  blob: Blob,
): Promise<{ pages: number; renditions: readonly Rendition[] } | undefined> {
  const pdf = await openPdf(blob).catch(() => undefined);
  if (!pdf) return undefined; // kept as it is
  try {
    return { pages: pdf.pages, renditions: await drawFirst(pdf).catch(() => []) };
  } finally {
    pdf.close();
  }
}

async function drawFirst(pdf: Pdf): Promise<Rendition[]> {
  const canvas = document.createElement('canvas');
  await pdf.draw(1, canvas, width);
  const bitmap = await createImageBitmap(canvas);
  try {
    return await renderCover(bitmap);
  } finally {
    bitmap.close();
  }
}
