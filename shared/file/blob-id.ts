import * as v from 'valibot';
import { bytesToBase64url, hashText, sha256 } from '../bytes.ts';
import { IsletError } from '../errors.ts';

/** SPEC B1: `b1~` + base64url(SHA-256 of the bytes). */
export const blobIdSchema = v.pipe(v.string(), v.regex(/^b1~[\w-]{43}$/, 'not a blob id'));
/** SPEC B2: `f1~` + base64url(SHA-256 of the descriptor's text). */
export const fileIdSchema = v.pipe(v.string(), v.regex(/^f1~[\w-]{43}$/, 'not a file id'));

export function isBlobId(id: unknown): id is string {
  return v.is(blobIdSchema, id);
}

export function formatBlobId(digest: Uint8Array): string {
  return `b1~${bytesToBase64url(digest)}`;
}

export async function blobId(bytes: Uint8Array): Promise<string> {
  return formatBlobId(await sha256(bytes));
}

export async function fileId(descriptor: string): Promise<string> {
  return `f1~${await hashText(descriptor)}`;
}

/** One rendition of a file (SPEC B3). Sizes in bytes and pixels; 0 × 0 when it is not visual. */
export interface Variant {
  /** `vis.md`, `vis.tn`, `raw.orig`, … */
  readonly name: string;
  readonly blob: string;
  /** `jpeg`, `webp`, … */
  readonly format: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

const variantPattern =
  /^((?:vis|vid|aud|doc|raw)\.(?:pf|tn|sd|md|hd|xd|orig)):(b1~[\w-]{43}):f=([a-z0-9]{1,10}):s=(\d{1,15}):r=(\d{1,6})x(\d{1,6})((?::(?:dur|br|pg)=[\d.]{1,12})*)$/;

function compareVariants(a: Variant, b: Variant): number {
  return a.size - b.size || a.width - b.width || a.height - b.height || (a.name < b.name ? -1 : 1);
}

/** SPEC B3: the canonical text, variants sorted by size, width, height, name. */
export function formatDescriptor(variants: readonly Variant[]): string {
  const parts = [...variants]
    .sort(compareVariants)
    .map(
      ({ name, blob, format, size, width, height }) =>
        `${name}:${blob}:f=${format}:s=${size}:r=${width}x${height}`,
    );
  return `d2,${parts.join(';')}`;
}

/** Reads the variants of a `d2` descriptor, canonical or not. @throws IsletError E-VAL-INVALID */
export function parseDescriptor(text: unknown): readonly Variant[] {
  if (typeof text !== 'string' || text.length > 16_384 || !text.startsWith('d2,'))
    throw new IsletError('E-VAL-INVALID', 'not a d2 descriptor', text);
  return text
    .slice(3)
    .split(';')
    .filter((part) => !/^R=[\w~-]+$/.test(part))
    .map(parseVariant);
}

function parseVariant(part: string): Variant {
  const match = variantPattern.exec(part);
  if (!match) throw new IsletError('E-VAL-INVALID', 'not a variant of a descriptor', part);
  const [, name, blob, format, size, width, height] = match as unknown as string[];
  return {
    name: name!,
    blob: blob!,
    format: format!,
    size: Number(size),
    width: Number(width),
    height: Number(height),
  };
}
