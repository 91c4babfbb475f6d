import type { Variant } from '../../shared/file/descriptor.ts';

/** How bytes are told of: as what, and whether a browser may show them where they are. */
export interface Shown {
  readonly type: string;
  readonly inline: boolean;
}

const ascii = (bytes: Uint8Array, start: number, end: number) =>
  String.fromCharCode(...bytes.subarray(start, end));
const startsWith = (bytes: Uint8Array, ...first: readonly number[]) =>
  first.every((byte, i) => bytes[i] === byte);

type Sniff = (bytes: Uint8Array) => boolean;

const isMp3: Sniff = (bytes) =>
  ascii(bytes, 0, 3) === 'ID3' || (bytes[0] === 0xff && [0xfb, 0xf3, 0xf2, 0xfa].includes(bytes[1] ?? 0));
const isMp4: Sniff = (bytes) =>
  ascii(bytes, 4, 8) === 'ftyp' &&
  /^(iso[\dm]|mp4\d|avc1|dash|M4[ABV] |MSNV|f4v |3g[p2].)$/.test(ascii(bytes, 8, 12));
const isAvif: Sniff = (bytes) => ascii(bytes, 4, 8) === 'ftyp' && /^avi[fs]$/.test(ascii(bytes, 8, 12));
const isWebm: Sniff = (bytes) =>
  startsWith(bytes, 0x1a, 0x45, 0xdf, 0xa3) && ascii(bytes, 0, sniffed).includes('webm');

/** Bytes at the beginning that are looked at. */
export const sniffed = 64;

/** The formats that descriptors name and browsers show, with what their bytes begin with (SPEC B6). */
const formats: readonly { names: readonly string[]; sniff: Sniff; type: (kind: string) => string }[] = [
  { names: ['jpeg', 'jpg'], sniff: (b) => startsWith(b, 0xff, 0xd8, 0xff), type: () => 'image/jpeg' },
  {
    names: ['png'],
    sniff: (b) => startsWith(b, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    type: () => 'image/png',
  },
  { names: ['gif'], sniff: (b) => /^GIF8[79]a$/.test(ascii(b, 0, 6)), type: () => 'image/gif' },
  { names: ['webp'], sniff: (b) => isRiff(b, 'WEBP'), type: () => 'image/webp' },
  { names: ['avif'], sniff: isAvif, type: () => 'image/avif' },
  { names: ['mp4', 'm4v', 'm4a'], sniff: isMp4, type: (kind) => `${kind}/mp4` },
  { names: ['webm', 'weba'], sniff: isWebm, type: (kind) => `${kind}/webm` },
  {
    names: ['ogg', 'oga', 'ogv', 'opus'],
    sniff: (b) => ascii(b, 0, 4) === 'OggS',
    type: (kind) => `${kind}/ogg`,
  },
  { names: ['mp3', 'mpeg'], sniff: isMp3, type: () => 'audio/mpeg' },
  { names: ['wav'], sniff: (b) => isRiff(b, 'WAVE'), type: () => 'audio/wav' },
  { names: ['flac'], sniff: (b) => ascii(b, 0, 4) === 'fLaC', type: () => 'audio/flac' },
];

function isRiff(bytes: Uint8Array, kind: string): boolean {
  return ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === kind;
}

/** What every browser shows as a picture, by its beginning: `sniffed` bytes or all. */
export function isPicture(bytes: Uint8Array): boolean {
  return formats.some(({ sniff, type }) => type('').startsWith('image/') && sniff(bytes));
}

const unknown: Shown = { type: 'application/octet-stream', inline: false };

/**
 * SPEC B6: what a variant is answered as. The claim counts only where the bytes bear it out; nothing that a browser could
 * run is ever shown.
 * @param contentType of the file that names it
 * @param bytes its beginning, `sniffed` bytes or all
 */
export function showAs(
  { name, format }: Pick<Variant, 'name' | 'format'>,
  contentType: string,
  bytes: Uint8Array,
): Shown {
  const found = formats.find(({ names }) => names.includes(format));
  if (found?.sniff(bytes)) {
    const kind = name.startsWith('aud.') ? 'audio' : 'video';
    return { type: found.type(kind), inline: true };
  }
  if (found) return unknown;
  if (format === 'pdf' && ascii(bytes, 0, 5) === '%PDF-') return { type: 'application/pdf', inline: false };
  if (contentType === 'text/plain' && name.startsWith('raw.') && !bytes.includes(0))
    return { type: 'text/plain; charset=utf-8', inline: true };
  return unknown;
}

/** Control characters, marks that turn or hide text, and what means something in a path. */
const unfit =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff/\\:*?"<>|]/g;
const longestName = 150;

/** A name that means nothing to a file system but itself; '' when nothing is left. */
export function cleanFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(unfit, '')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (clean.length <= longestName) return clean;
  const ending = /\.\w{1,10}$/.exec(clean)?.[0] ?? '';
  return clean.slice(0, longestName - ending.length).toWellFormed() + ending;
}

/** RFC 6266 with RFC 5987: an ASCII name for old clients, the true one for all others. */
export function formatDisposition(inline: boolean, fileName: string): string {
  const disposition = inline ? 'inline' : 'attachment';
  const name = cleanFileName(fileName);
  if (name === '') return disposition;
  const plain = name.replace(/[^\x20-\x7e]|[%']/g, '_');
  const full = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${plain}"${plain === name ? '' : `; filename*=UTF-8''${full}`}`;
}
