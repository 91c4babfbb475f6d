import { fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../../shared/file/descriptor.ts';
import type { OutboxRow } from '../store/action-rows.ts';
import { saveBlob } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';

/** Longest side of the rendition that travels, in pixels. */
const longestSide = 1280;
const quality = 0.85;

/**
 * Renders a picture for an action: oriented, at most 1280 px, without the camera's metadata; stored on this device under its hash, so that
 * the file is named before any relay has seen it.
 * @throws Error in words when the browser cannot read it as a picture
 */
export async function storePicture(db: Database, file: File): Promise<OutboxRow['uploads'][number]> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new Error(`${file.name} cannot be read as a picture.`);
  });
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const bytes = await canvas.convertToBlob({ type: 'image/webp', quality });
  const id = await saveBlob(db, bytes);
  const format = bytes.type.replace('image/', '');
  const descriptor = formatDescriptor([
    { name: 'vis.md', blob: id, format, size: bytes.size, width, height },
  ]);
  return {
    fileId: await fileId(descriptor),
    descriptor,
    contentType: bytes.type,
    fileName: file.name.slice(0, 255) || 'picture',
  };
}
