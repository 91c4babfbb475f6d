import { IsletError } from '../errors.ts';

/** One rendition of a file (SPEC B3). Sizes in bytes and pixels; 0 × 0 when it is not visual. */
export interface Variant {
  /** `vis.md`, `vis.tn`, `raw.orig`, … */
  readonly name: string;
  readonly blob: string;
  /** `jpeg`, `webp`, `bin`, … */
  readonly format: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
  /** Seconds; three decimals are kept. */
  readonly duration?: number;
  /** Kilobits in a second. */
  readonly bitrate?: number;
  readonly pages?: number;
}

const namePattern = /^(?:vis|vid|aud|doc|raw)\.(?:pf|tn|sd|md|hd|xd|orig)$/;
/** Names of `d1~` may lack the class: they are pictures. */
const shortName = /^(?:pf|tn|sd|md|hd|xd|orig)$/;
/** Stock nodes write the original as `orig`, whatever it is of. */
const pictureFormat = /^(?:jpe?g|png|webp|avif|gif|heic|tiff)$/;
const blobPattern = /^b1~[\w-]{43}$/;
const whole = '(?:0|[1-9]\\d{0,';
const members = {
  f: /^[a-z0-9]{1,10}$/,
  s: new RegExp(`^${whole}14})$`),
  r: new RegExp(`^${whole}5})x${whole}5})$`),
  dur: /^(?:0|[1-9]\d{0,8})(?:\.\d{1,9})?$/,
  br: new RegExp(`^${whole}8})$`),
  pg: new RegExp(`^${whole}8})$`),
} as const;
type Member = keyof typeof members;

function compareVariants(a: Variant, b: Variant): number {
  return a.size - b.size || a.width - b.width || a.height - b.height || (a.name < b.name ? -1 : 1);
}

function formatVariant(variant: Variant): string {
  const { name, blob, format, size, width, height } = variant;
  const { duration = 0, bitrate = 0, pages = 0 } = variant;
  const length = Math.round(duration * 1000) / 1000;
  return [
    `${name}:${blob}:f=${format}:s=${size}:r=${width}x${height}`,
    ...(length > 0 ? [`dur=${length}`] : []),
    ...(bitrate > 0 ? [`br=${bitrate}`] : []),
    ...(pages > 0 ? [`pg=${pages}`] : []),
  ].join(':');
}

/** SPEC B3: the canonical text, variants sorted by size, width, height, name. */
export function formatDescriptor(variants: readonly Variant[]): string {
  return `d2,${[...variants].sort(compareVariants).map(formatVariant).join(';')}`;
}

/**
 * Reads the variants of a `d2,` descriptor, canonical or not, or of a `d1~` one (SPEC B3, B4).
 * @throws IsletError E-VAL-INVALID
 */
export function parseDescriptor(text: unknown): readonly Variant[] {
  if (typeof text !== 'string' || text.length > 16_384)
    throw new IsletError('E-VAL-INVALID', 'not a descriptor', text);
  const variants = splitDescriptor(text).map(parseVariant);
  const names = new Set(variants.map(({ name }) => name));
  if (names.size !== variants.length)
    throw new IsletError('E-VAL-INVALID', 'a descriptor names a variant twice', text);
  return variants;
}

function splitDescriptor(text: string): string[] {
  if (text.startsWith('d2,'))
    return text
      .slice(3)
      .split(';')
      .filter((part) => !/^R=[\w~-]{1,80}$/.test(part));
  if (text.startsWith('d1~'))
    return text
      .slice(3)
      .split(',')
      .map((part) => (shortName.test(part.split(':', 1)[0] ?? '') ? `vis.${part}` : part));
  throw new IsletError('E-VAL-INVALID', 'not a descriptor', text);
}

function parseVariant(part: string): Variant {
  const [told = '', blob = '', ...rest] = part.split(':');
  const fields = parseMembers(rest);
  const { f: format, s: size, r: extent, dur, br, pg } = fields;
  const name = told === 'orig' ? (pictureFormat.test(format ?? '') ? 'vis.orig' : 'raw.orig') : told;
  if (!namePattern.test(name) || !blobPattern.test(blob) || !format || !size || !extent)
    throw new IsletError('E-VAL-INVALID', 'not a variant of a descriptor', part);
  const [width = 0, height = 0] = extent.split('x').map(Number);
  return {
    ...{ name, blob, format, size: Number(size), width, height },
    ...(Number(dur ?? 0) > 0 && { duration: Number(dur) }),
    ...(Number(br ?? 0) > 0 && { bitrate: Number(br) }),
    ...(Number(pg ?? 0) > 0 && { pages: Number(pg) }),
  };
}

function parseMembers(parts: readonly string[]): Partial<Record<Member, string>> {
  const fields: Partial<Record<Member, string>> = {};
  for (const part of parts) {
    const at = part.indexOf('=');
    const [key, value] = [part.slice(0, at), part.slice(at + 1)];
    if (!isMember(key) || key in fields || !members[key].test(value))
      throw new IsletError('E-VAL-INVALID', 'not a member of a variant', part);
    fields[key] = value;
  }
  return fields;
}

function isMember(key: string): key is Member {
  return Object.hasOwn(members, key);
}
