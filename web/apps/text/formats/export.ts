import type { Node } from 'prosemirror-model';
import * as Y from 'yjs';
import { bytesToBase64 } from '../../../../shared/bytes.ts';
import type { DocumentModel } from '../../../client/documents/document-model.ts';
import { formatFrontMatter } from './front-matter.ts';
import { readContent } from '../markdown/document.ts';
import { serializeMarkdown } from '../markdown/serialize.ts';
import { schema } from '../schema.ts';
import { pageStyle } from './page-style.ts';
import { mapInline } from './settle.ts';
import { type Carried, writePage } from './standalone.ts';
import { type DocxPicture, writeDocx } from './write-docx.ts';
import { escapeHtml, writeHtml } from './write-html.ts';

/** What a document can be written as. `standalone` is a page that carries the document itself (SPEC J18). */
export type ExportFormat = 'markdown' | 'html' | 'docx' | 'standalone';

/** What an export is given of its surroundings. */
export interface ExportParts {
  /** Language of the words around the document, such as `en`. */
  language: string;
  /** A line at the end of a page. */
  footer: string;
  /** A day `YYYY-MM-DD` in the reader's words. */
  day(date: string): string;
  readBlob(id: string): Promise<Blob | undefined>;
  /** Address of another document from the page that is written; undefined where it does not lead there. */
  document?(id: string): string | undefined;
  /** A picture as Word can hold it; undefined when it cannot be made so. */
  toDocxPicture(blob: Blob): Promise<DocxPicture | undefined>;
}

/** A document to write. */
export interface Exported extends Omit<Carried, 'state'> {
  doc: Y.Doc;
  /** What its type is without a screen; absent for text. */
  model?: DocumentModel;
}

/** What was written. */
export interface Written {
  /** With its dot, such as `.md`. */
  ending: string;
  blob: Blob;
  /** Files beside it, by the path under which it refers to them. */
  assets: { path: string; blob: Blob }[];
  /** Words of pictures whose bytes were not to be had. */
  missing: string[];
}

/** Writes a document. What its type cannot be written as, it is written as what it can. */
export async function exportDocument(
  one: Exported,
  format: ExportFormat,
  parts: ExportParts,
): Promise<Written> {
  if (one.type !== 'text') return exportOther(one, format, parts);
  const content = readContent(one.doc);
  const { found, missing } = await readPictures(content, parts);
  if (format === 'markdown') return { ...writeMarkdown(content, found, one), missing };
  if (format === 'docx') {
    const pictures = new Map<Node, DocxPicture>();
    for (const [node, blob] of picturesOf(content, found)) {
      const picture = await parts.toDocxPicture(blob);
      if (picture === undefined) missing.push(nameOf(node));
      else pictures.set(node, picture);
    }
    const blob = await writeDocx(content, { title: one.title, pictures, day: (date) => parts.day(date) });
    return { ending: '.docx', blob, assets: [], missing };
  }
  const addresses = new Map<string, string>();
  for (const [id, blob] of found) addresses.set(id, await toDataUrl(blob));
  const body = writeHtml(content, {
    picture: ({ attrs }) => addresses.get(String(attrs['blob'])),
    document: (id) => parts.document?.(id),
    day: (date) => parts.day(date),
  });
  return { ...(await writeWhole(one, format, body, parts)), missing };
}

/** The document as one page; with `standalone` it carries itself. */
async function writeWhole(one: Exported, format: ExportFormat, body: string, parts: ExportParts) {
  const { doc, model: _model, ...fields } = one;
  const carried = { ...fields, state: Y.encodeStateAsUpdate(doc) };
  const { language, footer } = parts;
  const page = await writePage({
    ...{ title: one.title, language, body, style: pageStyle, footer },
    ...(format === 'standalone' && { carried }),
  });
  return { ending: '.html', blob: new Blob([page], { type: 'text/html' }), assets: [] };
}

/** Boards, drawings, rich text: as their type writes them; as a page with their picture and their words. */
async function exportOther(one: Exported, format: ExportFormat, parts: ExportParts): Promise<Written> {
  const { doc, model, title } = one;
  if (format === 'markdown' || format === 'docx') {
    const file = model?.write?.(doc, title);
    const written = file ?? { ending: '.txt', mime: 'text/plain', text: model?.searchText(doc) ?? '' };
    const blob = new Blob([written.text], { type: written.mime });
    return { ending: written.ending, blob, assets: [], missing: [] };
  }
  const preview = model?.preview?.(doc);
  const lines = (model?.searchText(doc) ?? '').split('\n').filter((line) => line.trim() !== '');
  const picture = preview && (await toDataUrl(new Blob([preview], { type: 'image/svg+xml' })));
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    ...(picture ? [`<p><img src="${picture}" alt=""></p>`] : []),
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
  ].join('\n');
  return { ...(await writeWhole(one, format, body, parts)), missing: [] };
}

async function readPictures(content: Node, parts: ExportParts) {
  const found = new Map<string, Blob>();
  const missing: string[] = [];
  const wanted = new Map<string, Node>();
  content.descendants((node) => {
    if (node.type === schema.nodes.image && node.attrs['blob'] !== '')
      wanted.set(String(node.attrs['blob']), node);
  });
  for (const [id, node] of wanted) {
    const blob = await parts.readBlob(id);
    if (blob === undefined) missing.push(nameOf(node));
    else found.set(id, blob);
  }
  return { found, missing };
}

function* picturesOf(content: Node, found: ReadonlyMap<string, Blob>): Generator<[Node, Blob]> {
  const nodes: Node[] = [];
  content.descendants((node) => void (node.type === schema.nodes.image && nodes.push(node)));
  for (const node of nodes) {
    const blob = found.get(String(node.attrs['blob']));
    if (blob !== undefined) yield [node, blob];
  }
}

function nameOf({ attrs }: Node): string {
  return String(attrs['alt'] || attrs['src'] || attrs['blob']);
}

/** Markdown with its pictures beside it, under `assets/`; tags stand in its head. */
function writeMarkdown(content: Node, found: ReadonlyMap<string, Blob>, entry: Exported) {
  const paths = new Map(
    [...found].map(([id, blob]) => [id, `assets/${id.slice(3, 15)}.${endingOf(blob.type)}`]),
  );
  const linked = mapInline(content, (node) => {
    const src = node.type === schema.nodes.image ? paths.get(String(node.attrs['blob'])) : undefined;
    return [src === undefined ? node : schema.nodes.image.create({ ...node.attrs, src })];
  });
  const text = serializeMarkdown(linked);
  const head = text.startsWith('---\n') ? '' : formatFrontMatter(entry);
  const blob = new Blob([head + text], { type: 'text/markdown' });
  const assets = [...found].map(([id, bytes]) => ({ path: paths.get(id) ?? id, blob: bytes }));
  return { ending: '.md', blob, assets };
}

function endingOf(type: string): string {
  const name = /^image\/([a-z0-9]+)/.exec(type)?.[1] ?? 'bin';
  return name === 'jpeg' ? 'jpg' : name;
}

async function toDataUrl(blob: Blob): Promise<string> {
  const type = /^image\/[\w.+-]+$/.test(blob.type) ? blob.type : 'image/png';
  return `data:${type};base64,${bytesToBase64(new Uint8Array(await blob.arrayBuffer()))}`;
}
