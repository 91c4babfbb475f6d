/** Class of a file in its descriptor (SPEC B3): picture, video, sound, paged document, anything else. */
export type FileClass = 'vis' | 'vid' | 'aud' | 'doc' | 'raw';

interface FileKind {
  readonly mime: string;
  /** As descriptors name it. */
  readonly format: string;
  readonly class: FileClass;
}

const endings: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  svg: 'image/svg+xml',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mkv: 'video/x-matroska',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  json: 'application/json',
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  ts: 'text/plain',
  zip: 'application/zip',
};

/** What the relay takes as a content type. */
const mimePattern = /^[a-z]+\/[\w.+-]{1,80}$/;

/** Pictures that this browser, or the relay, makes renditions of. An SVG is a program, not a picture. */
const pictures = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'];

/** What a file is by its name and what the browser says of it. */
export function fileKind(name: string, type: string): FileKind {
  const ending = /\.([a-z0-9]{1,10})$/.exec(name.toLowerCase())?.[1] ?? '';
  const said = (type.split(';')[0] ?? '').trim().toLowerCase();
  const known = Object.hasOwn(endings, ending) ? endings[ending] : undefined;
  const mime = mimePattern.test(said) ? said : (known ?? 'application/octet-stream');
  return { mime, format: formatOf(mime, ending), class: classOf(mime) };
}

function classOf(mime: string): FileClass {
  if (pictures.includes(mime)) return 'vis';
  if (mime.startsWith('video/')) return 'vid';
  if (mime.startsWith('audio/')) return 'aud';
  return mime === 'application/pdf' ? 'doc' : 'raw';
}

function formatOf(mime: string, ending: string): string {
  if (pictures.includes(mime)) return mime.slice('image/'.length);
  const named = Object.entries(endings).find(([, known]) => known === mime)?.[0];
  return ending !== '' && endings[ending] === mime ? ending : (named ?? (ending || 'bin'));
}
