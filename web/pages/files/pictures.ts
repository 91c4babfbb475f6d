import { type FileItem, pictureVariant } from '../../state/files.ts';

/** More pixels than this are not opened here: a small file can claim a picture that fills the memory. */
const mostPixels = 100_000_000;

/** The rendition for about `px` pixels; an original only when its size is known and sane. Undefined: shown as an icon. */
export function safePicture(item: FileItem, px: number): string | undefined {
  const name = pictureVariant(item, px);
  const { width = 0, height = 0 } = item.variants.find((variant) => variant.name === name) ?? {};
  const pixels = width * height;
  return !item.locked && pixels > 0 && pixels <= mostPixels ? name : undefined;
}
