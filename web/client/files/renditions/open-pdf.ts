import { getDocument, PDFWorker } from 'pdfjs-dist';

/** A PDF that is open; its parser runs in a worker of its own. */
export interface Pdf {
  readonly pages: number;
  /** Draws a page (from 1) `width` pixels wide; sets the size of the canvas. */
  draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<void>;
  close(): void;
}

/** Longest wait for a file to open, or for a page, in milliseconds. */
const patience = 20_000;
/** Pages are not drawn longer than this, in pixels. */
const longestSide = 8192;

/** Opens a PDF for drawing: no scripts, no forms, no fonts as code. Rejects when it is damaged, protected, or takes too long. */
export async function openPdf(blob: Blob): Promise<Pdf> {
  const port = new Worker(new URL('./pdf-worker.ts', import.meta.url), { type: 'module' });
  const worker = PDFWorker.create({ port });
  const data = new Uint8Array(await blob.arrayBuffer());
  const loading = getDocument({
    ...{ data, worker, isEvalSupported: false, enableXfa: false },
    ...{ useWorkerFetch: false, useWasm: false, disableFontFace: true },
  });
  const close = (): void => {
    // It waits for an answer of the parser, which may not be able to give one.
    loading.destroy().catch(() => undefined);
    worker.destroy();
    port.terminate();
  };
  try {
    const pdf = await inTime(loading.promise);
    return { pages: pdf.numPages, draw, close };

    async function draw(number: number, canvas: HTMLCanvasElement, width: number): Promise<void> {
      const page = await inTime(pdf.getPage(number));
      const extent = page.getViewport({ scale: 1 });
      const scale = Math.min(width / extent.width, longestSide / extent.height);
      const viewport = page.getViewport({ scale });
      canvas.width = Math.max(1, Math.round(viewport.width));
      canvas.height = Math.max(1, Math.round(viewport.height));
      const drawing = page.render({ canvas, viewport });
      await inTime(drawing.promise).catch((error: unknown) => {
        drawing.cancel();
        throw error;
      });
    }
  } catch (error) {
    close();
    throw error;
  }
}

/** A parser that hangs does not hold up what waits for it. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The PDF takes too long.')), patience);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
