import type { DocumentRow } from '../store/database.ts';
import { documentTypeIds } from './types.ts';

export const kinds = [
  'folder',
  'document',
  'picture',
  'video',
  'audio',
  'pdf',
  'text',
  'archive',
  'other',
] as const;
export type Kind = (typeof kinds)[number];

/** What deciding, sorting and searching look at. */
export type Findable = Pick<DocumentRow, 'id' | 'title' | 'type' | 'mime' | 'size' | 'edited'>;

export interface Order {
  by: 'name' | 'edited' | 'size' | 'kind';
  descending: boolean;
  /** BCP 47, for names. */
  locale: string;
}

const archives =
  /^application\/(x-)?(zip|tar|gzip|gtar|7z-compressed|rar|rar-compressed|vnd\.rar|zstd|bzip2?|xz)$/;
const texts = /^(text\/|application\/(.*\+)?(json|xml|javascript|yaml|x-yaml|toml|x-sh|sql)$)/;
const archiveEndings = /\.(zip|tar|t?gz|tgz|7z|rar|zst|bz2|xz)$/i;
const textEndings =
  /\.(txt|md|csv|tsv|log|json|xml|ya?ml|toml|ini|conf|sh|sql|css|[cm]?[jt]sx?|py|rb|rs|go|java|kt|c|h|cc|cpp|hpp|cs|php|swift|lua|tex)$/i;

/** Whether an entry of this type opens as a document: our own, and those of other apps. */
export function isDocumentType(type: string): boolean {
  return documentTypeIds.includes(type);
}

/** What an entry is, by its type, its media type and, when that says nothing, the ending of its name. */
export function kindOf({ type, mime = '', title }: Pick<Findable, 'type' | 'mime' | 'title'>): Kind {
  if (type === 'folder') return 'folder';
  if (isDocumentType(type)) return 'document';
  if (mime.startsWith('image/')) return 'picture';
  if (mime.startsWith('video/')) return 'video';
  if (mime.startsWith('audio/')) return 'audio';
  if (mime === 'application/pdf') return 'pdf';
  if (archives.test(mime)) return 'archive';
  if (texts.test(mime)) return 'text';
  if (mime !== '' && mime !== 'application/octet-stream') return 'other';
  return archiveEndings.test(title) ? 'archive' : textEndings.test(title) ? 'text' : 'other';
}

/** A copy in order, folders first. Names sort as people count (`2` before `10`); what is equal sorts by name, then id. */
export function sortEntries<T extends Findable>(rows: readonly T[], order: Order): T[] {
  const { compare } = new Intl.Collator(order.locale, { numeric: true });
  const byName = (a: T, b: T): number => compare(a.title, b.title) || (a.id < b.id ? -1 : 1);
  const first = comparators[order.by];
  const sign = order.descending ? -1 : 1;
  return rows.toSorted(
    (a, b) =>
      Number(b.type === 'folder') - Number(a.type === 'folder') ||
      sign * (first(a, b) || (order.by === 'name' ? byName(a, b) : 0)) ||
      byName(a, b),
  );
}

const comparators: Readonly<Record<Order['by'], (a: Findable, b: Findable) => number>> = {
  name: () => 0,
  edited: (a, b) => a.edited - b.edited,
  size: (a, b) => (a.size ?? -1) - (b.size ?? -1),
  kind: (a, b) => kinds.indexOf(kindOf(a)) - kinds.indexOf(kindOf(b)),
};

/**
 * The rows, in their order, whose name has every word somewhere in it (case and accents do not count) and that are of
 * the kind. A list is sorted once and filtered at each key: 10,000 rows take about 5 ms to filter and 60 ms to sort (measured in Node).
 */
export function filterEntries<T extends Findable>(
  rows: readonly T[],
  { words = '', kind }: { words?: string; kind?: Kind | undefined },
): T[] {
  const wanted = fold(words)
    .split(/\s+/)
    .filter((word) => word !== '');
  return rows.filter(
    (row) =>
      (kind === undefined || kindOf(row) === kind) &&
      (wanted.length === 0 || hasEvery(foldedTitle(row), wanted)),
  );
}

const folded = new WeakMap<Findable, { title: string; folded: string }>();

function foldedTitle(row: Findable): string {
  const known = folded.get(row);
  if (known !== undefined && known.title === row.title) return known.folded;
  const fresh = { title: row.title, folded: fold(row.title) };
  folded.set(row, fresh);
  return fresh.folded;
}

function hasEvery(text: string, words: string[]): boolean {
  return words.every((word) => text.includes(word));
}

/** Upper case first: `ß` is `ss` then. */
function fold(text: string): string {
  return text.toUpperCase().toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}
