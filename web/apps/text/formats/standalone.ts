import * as v from 'valibot';
import { base64ToBytes, bytesToBase64, sha256, textToBytes } from '../../../../shared/bytes.ts';
import { RefusedFile } from './file-source.ts';
import { type HtmlElement, findElement, isElement, parseHtml, textOf } from './html-tree.ts';
import { escapeHtml } from './write-html.ts';

/** Type of the script that holds a document (SPEC J18); browsers do not run it. */
const SCRIPT = 'application/vnd.islet.document+json';

/** A document with all that makes it one: what a self-contained file carries (SPEC J18). Times are milliseconds since 1970. */
export interface Carried {
  id: string;
  type: string;
  title: string;
  created: number;
  edited: number;
  tags: string[];
  /** A Yjs update (v1) of everything in it. */
  state: Uint8Array;
  /** Its signed rows as the relay tells them (SPEC S12), oldest first, each behind the name of its log. */
  rows: { log: string; entry: Uint8Array }[];
}

/** A file of ours that was read. */
export interface Standalone extends Carried {
  /** Its pictures as `data:` addresses, by their `b1~…`. */
  pictures: Map<string, string>;
}

const moment = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15));
const bytes = v.pipe(v.string(), v.transform(base64ToBytes));
const carriedShape = v.object({
  v: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{24}$/)),
  type: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,39}$/)),
  title: v.pipe(v.string(), v.maxLength(1000)),
  created: moment,
  edited: moment,
  tags: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(200)),
  state: bytes,
  rows: v.pipe(
    v.array(v.object({ log: v.pipe(v.string(), v.maxLength(100)), entry: bytes })),
    v.maxLength(100_000),
  ),
});

/** What a page is made of. */
export interface PageParts {
  title: string;
  /** Language of the words around the document, such as `en`. */
  language: string;
  /** Its content, as HTML that was written here. */
  body: string;
  style: string;
  /** What it carries, so that it can be taken in again; absent in a page that is only to be read. */
  carried?: Carried;
  /** A line at the end. */
  footer: string;
}

/** One page that opens anywhere: it runs nothing and asks nobody for anything, and says so itself. */
export async function writePage(parts: PageParts): Promise<string> {
  const style = bytesToBase64(await sha256(textToBytes(parts.style)));
  const policy = `default-src 'none'; style-src 'sha256-${style}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return [
    '<!doctype html>',
    `<html lang="${escapeHtml(parts.language)}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(parts.title)}</title>`,
    `<style>${parts.style}</style>`,
    '</head>',
    '<body>',
    `<main><article data-islet-content="2">`,
    parts.body,
    '</article></main>',
    `<footer>${escapeHtml(parts.footer)}</footer>`,
    ...(parts.carried === undefined ? [] : [writeScript(parts.carried)]),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function writeScript({ state, rows, ...rest }: Carried): string {
  const json = JSON.stringify({
    v: 1,
    ...rest,
    state: bytesToBase64(state),
    rows: rows.map(({ log, entry }) => ({ log, entry: bytesToBase64(entry) })),
  });
  // Nothing in it may look like the end of the script.
  return `<script type="${SCRIPT}">${json.replaceAll('<', '\\u003c')}</script>`;
}

/** What a page of ours carries; undefined for any other page. @throws RefusedFile broken */
export function readStandalone(source: string): Standalone | undefined {
  if (!source.includes(SCRIPT)) return undefined;
  const page = parseHtml(source);
  const script = findElement(page, ({ tag, attrs }) => tag === 'script' && attrs.get('type') === SCRIPT);
  if (script === undefined) return undefined;
  const pictures = new Map<string, string>();
  collectPictures(page, pictures);
  try {
    return { ...v.parse(carriedShape, JSON.parse(textOf(script))), pictures };
  } catch (error) {
    throw new RefusedFile('broken', error instanceof Error ? error.message : String(error));
  }
}

function collectPictures(element: HtmlElement, found: Map<string, string>): void {
  for (const child of element.children) {
    if (!isElement(child)) continue;
    const [blob, src] = [child.attrs.get('data-blob'), child.attrs.get('src')];
    if (child.tag === 'img' && blob !== undefined && src?.startsWith('data:') === true) found.set(blob, src);
    collectPictures(child, found);
  }
}
