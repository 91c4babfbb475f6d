import { headerLength, readImageHeader } from '../image-header.ts';
import { planRenditions, profileSide } from './sizes.ts';

/** A smaller form of a file, not yet hashed. */
export interface Rendition {
  readonly name: string;
  readonly bytes: Blob;
  readonly width: number;
  readonly height: number;
}

export interface RenderedPicture {
  readonly mime: string;
  /** Of the original as it is to be looked at. */
  readonly width: number;
  readonly height: number;
  readonly renditions: readonly Rendition[];
}

/** More than this is not decoded, in pixels. */
const mostPixels = 100_000_000;
const quality = 0.82;

/**
 * Renders a picture: turned as it is to be seen, without the camera's notes. Undefined when it is none of the formats, is too large to be
 * decoded safely, or is damaged: then the original is kept as plain bytes.
 */
export async function renderPicture(
  blob: Blob,
  { profile }: { profile: boolean },
): Promise<RenderedPicture | undefined> {
  const header = readImageHeader(new Uint8Array(await blob.slice(0, headerLength).arrayBuffer()));
  if (!header || header.width * header.height > mostPixels || header.width * header.height === 0)
    return undefined;
  const typed = blob.type === header.mime ? blob : blob.slice(0, blob.size, header.mime);
  const bitmap = await createImageBitmap(typed, { imageOrientation: 'from-image' }).catch(() => undefined);
  if (!bitmap) return undefined;
  try {
    const { width, height } = bitmap;
    const renditions: Rendition[] = [];
    // Each is drawn from the one before it, so that halving twice does not skip pixels.
    let source: CanvasImageSource = bitmap;
    for (const { name, ...extent } of planRenditions(width, height)) {
      const canvas = draw(source, extent);
      renditions.push({ name, ...extent, bytes: await encode(canvas) });
      source = canvas;
    }
    if (profile) renditions.push(await renderSquare(bitmap));
    if (profile && renditions.length === 1) renditions.push(...(await renderCover(bitmap)));
    return { mime: header.mime, width, height, renditions };
  } finally {
    bitmap.close();
  }
}

/** What a frame of a video or a page of a document is shown by. */
export async function renderCover(source: ImageBitmap | OffscreenCanvas): Promise<Rendition[]> {
  const { width, height } = source;
  // A cover is never the original: where no size is smaller it is the frame itself.
  const planned = planRenditions(width, height, ['vis.sd', 'vis.tn']);
  const wanted = planned.length > 0 ? planned : [{ name: 'vis.tn', width, height }];
  return Promise.all(
    wanted.map(async ({ name, ...extent }) => ({
      name,
      ...extent,
      bytes: await encode(draw(source, extent)),
    })),
  );
}

async function renderSquare(bitmap: ImageBitmap): Promise<Rendition> {
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = new OffscreenCanvas(profileSide, profileSide);
  const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  context(canvas).drawImage(bitmap, x, y, side, side, 0, 0, profileSide, profileSide);
  return { name: 'vis.pf', width: profileSide, height: profileSide, bytes: await encode(canvas) };
}

function draw(
  source: CanvasImageSource,
  { width, height }: { width: number; height: number },
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  context(canvas).drawImage(source, 0, 0, width, height);
  return canvas;
}

function context(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const found = canvas.getContext('2d');
  if (!found) throw new Error('This browser cannot draw here.');
  found.imageSmoothingQuality = 'high';
  return found;
}

/** WebP, or PNG where the browser cannot write WebP: then the type says so. */
function encode(canvas: OffscreenCanvas): Promise<Blob> {
  return canvas.convertToBlob({ type: 'image/webp', quality });
}
