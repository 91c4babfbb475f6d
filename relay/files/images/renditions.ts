import type { Variant } from '../../../shared/file/descriptor.ts';

/** A rendition that is to be made: it fits in a square of `edge` pixels, or is cut to be one. */
export interface Size {
  readonly name: string;
  readonly edge: number;
  readonly crop: boolean;
}

/** Longest side of each size, in pixels. */
export const edges: Readonly<Record<string, number>> = { pf: 80, tn: 256, sd: 720, md: 1280, hd: 1920 };

/** Formats of pictures that browsers show. */
export const shownFormats: readonly string[] = ['jpeg', 'jpg', 'png', 'webp', 'gif', 'avif'];
/** What the relay opens as an original. */
const originals = [...shownFormats, 'heic', 'heif', 'tiff', 'tif'];

/** Largest original that renditions are made of, in bytes. */
export const largestOriginal = 256 * 1024 * 1024;

/** SPEC B8: the original, when it is a picture that the relay opens. */
export function findOriginal(variants: readonly Variant[]): Variant | undefined {
  return variants.find(
    ({ name, format, size }) => name === 'vis.orig' && originals.includes(format) && size <= largestOriginal,
  );
}

/**
 * SPEC B8: the renditions that the descriptor lacks. A size that would not be smaller than the original is left out,
 * unless the original is not shown: browsers cannot, or it is a profile picture, which has a `vis.pf` besides.
 */
export function missingSizes(variants: readonly Variant[], profile: boolean): Size[] {
  const original = findOriginal(variants);
  if (!original) return [];
  const longest = Math.max(original.width, original.height);
  const isShown = shownFormats.includes(original.format) && !profile;
  const usual = ['tn', 'sd', 'md', 'hd'].filter(
    (size, i, all) => edges[size]! < longest || (!isShown && (edges[all[i - 1]!] ?? 0) < longest),
  );
  return [...(profile ? ['pf'] : []), ...usual]
    .map((size) => ({ name: `vis.${size}`, edge: edges[size]!, crop: size === 'pf' }))
    .filter(({ name }) => !variants.some((variant) => variant.name === name));
}
