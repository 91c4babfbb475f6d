import { createSignal, onCleanup } from 'solid-js';
import { t } from '../../i18n/whiteboard/translate.ts';
import { put } from './gestures.ts';
import type { Point } from './model/geometry.ts';
import { objectsToSvg } from './model/svg.ts';
import type { StageState } from './stage-state.ts';

/** Addresses of pictures for the screen; undefined until one is here. They end with the component. */
export function createPictures(
  load: (blob: string) => Promise<Blob | undefined>,
): (blob: string) => string | undefined {
  const known = new Map<string, () => string | undefined>();
  const urls: string[] = [];
  onCleanup(() => urls.forEach((url) => URL.revokeObjectURL(url)));
  return (blob) => {
    const [url, setUrl] = createSignal<string>();
    const before = known.get(blob);
    if (before) return before();
    known.set(blob, url);
    load(blob).then(
      (bytes) => {
        if (!bytes) return;
        const made = URL.createObjectURL(bytes);
        urls.push(made);
        setUrl(made);
      },
      // It is shown as a grey box, and asked for again when the document is opened again.
      () => setUrl(undefined),
    );
    return url();
  };
}

/** The largest side of a picture that is put in, in units. */
const largest = 480;

/** Keeps a picture with the document and puts it around a point. Rejects in words. */
export async function insertPicture(state: StageState, file: Blob, at: Point): Promise<void> {
  const { w, h } = await measure(file);
  const blob = await state.app.saveBlob(file);
  const scale = Math.min(1, largest / Math.max(w, h));
  const [width, height] = [Math.max(1, w * scale), Math.max(1, h * scale)];
  const box = { x: at.x - width / 2, y: at.y - height / 2, w: width, h: height };
  put(state, { kind: 'image', color: 'ink', box, blob });
}

async function measure(file: Blob): Promise<{ w: number; h: number }> {
  const url = URL.createObjectURL(file);
  try {
    const image = await decode(url, t('white.pictureBroken'));
    return { w: image.naturalWidth || 300, h: image.naturalHeight || 200 };
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function decode(url: string, failure: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch (error) {
    throw new Error(failure, { cause: error });
  }
  return image;
}

/** The whole board as an SVG with its pictures inside. */
export async function exportSvg({
  app,
  objects,
}: StageState): Promise<{ file: Blob; width: number; height: number }> {
  const all = objects();
  const blobs = [...new Set(all.map(({ blob }) => blob).filter((blob) => blob !== ''))];
  const pictures = new Map<string, string>();
  for (const blob of blobs) {
    const bytes = await app.loadBlob(blob);
    if (bytes) pictures.set(blob, await readAddress(bytes));
  }
  const { svg, width, height } = objectsToSvg(all, pictures);
  return { file: new Blob([svg], { type: 'image/svg+xml' }), width, height };
}

function readAddress(bytes: Blob): Promise<string> {
  const reader = new FileReader();
  return new Promise((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('a picture cannot be read'));
    reader.readAsDataURL(bytes);
  });
}

/** Pixels of a side of a picture that every browser can make. */
const longest = 8000;

/** The whole board as a PNG on white, two pixels a unit where that fits. */
export async function exportPng(state: StageState): Promise<Blob> {
  const { file, width, height } = await exportSvg(state);
  const url = URL.createObjectURL(file);
  try {
    const image = await decode(url, t('white.noPng'));
    const scale = Math.min(2, longest / Math.max(width, height));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [Math.ceil(width * scale), Math.ceil(height * scale)];
    const context = canvas.getContext('2d');
    if (context) {
      context.fillStyle = '#ffffff';
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
    }
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!png) throw new Error(t('white.noPng'));
    return png;
  } finally {
    URL.revokeObjectURL(url);
  }
}
