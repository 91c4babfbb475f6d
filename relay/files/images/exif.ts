/**
 * Entries that say how to show a picture, not where, when or by what it was taken: encoders of browsers write them into
 * pictures that never saw a camera (TIFF 6.0, Exif 2.32).
 */
const harmless = new Set([
  0x0100, // width
  0x0101, // height
  0x0112, // orientation
  0x011a, // resolution, horizontal
  0x011b, // and vertical
  0x0128, // its unit
  0x0213, // position of chroma
  0x8769, // where the Exif part begins
  0x9000, // version of Exif
  0x9101, // meaning of components
  0xa000, // version of FlashPix
  0xa001, // colour space
  0xa002, // width
  0xa003, // height
  0xa406, // kind of scene
]);

const exifPart = 0x8769;
const entrySize = 12;

/**
 * True when an EXIF block tells nothing about the world: every entry of every directory is one of the harmless ones.
 * What cannot be read is not harmless.
 */
export function isHarmlessExif(block: Uint8Array): boolean {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  // "Exif\0\0" stands before it in JPEG.
  const base = view.byteLength >= 6 && view.getUint32(0) === 0x45786966 ? 6 : 0;
  if (view.byteLength < base + 8) return false;
  const order = view.getUint16(base);
  if (order !== 0x4949 && order !== 0x4d4d) return false;
  const little = order === 0x4949;
  const waiting = [view.getUint32(base + 4, little)];
  for (let count = 0; waiting.length > 0; count += 1) {
    const found = readDirectory(view, base, { at: waiting.pop()!, little });
    if (!found || count > 4) return false;
    waiting.push(...found);
  }
  return true;
}

/** Where further directories begin; undefined when this one is broken or holds what is not harmless. */
function readDirectory(
  view: DataView,
  base: number,
  { at, little }: { at: number; little: boolean },
): number[] | undefined {
  const start = base + at;
  if (start + 2 > view.byteLength) return undefined;
  const end = start + 2 + view.getUint16(start, little) * entrySize;
  if (end + 4 > view.byteLength) return undefined;
  const further: number[] = [];
  for (let entry = start + 2; entry < end; entry += entrySize) {
    const tag = view.getUint16(entry, little);
    if (!harmless.has(tag)) return undefined;
    if (tag === exifPart) further.push(view.getUint32(entry + 8, little));
  }
  const next = view.getUint32(end, little);
  return next === 0 ? further : [...further, next];
}
