import type { Node } from 'prosemirror-model';
import { parseMarkdown } from '../markdown/parse.ts';
import { plainTextToDocument } from '../markdown/plain-text.ts';
import { schema } from '../schema.ts';
import { type FileSource, RefusedFile } from './file-source.ts';
import { type FrontMatter, readFrontMatter, withoutKeptHead } from './front-matter.ts';
import { parseCsv, rowsToTable, textCell } from './read-csv.ts';
import { readDocx } from './read-docx.ts';
import { type HtmlContent, readHtml } from './read-html.ts';
import { type PlannedFile, type Shelf } from './shelf.ts';

const { nodes } = schema;

/** Largest Markdown or text file that is taken, in bytes. */
export const LARGEST_TEXT = 2 * 1024 * 1024;
/** Largest page, which may hold its pictures, in bytes. */
export const LARGEST_PAGE = 64 * 1024 * 1024;

/** What a file says, before its links and pictures are at home here. */
export interface ReadFile {
  doc: Node;
  front: FrontMatter;
  pictures: readonly string[];
}

/** The text of a file. @throws RefusedFile too-large, unreadable, not-utf8, empty */
export async function readText(file: FileSource, most: number): Promise<string> {
  if (file.size > most) throw new RefusedFile('too-large');
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch (error) {
    if (error instanceof RefusedFile) throw error;
    throw new RefusedFile('unreadable', error instanceof Error ? error.message : String(error));
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The one thing a fatal decoder reports.
    throw new RefusedFile('not-utf8');
  }
  if (text.trim() === '') throw new RefusedFile('empty');
  return text;
}

/** Reads a file by its format; `text` is what `readText` gave for those that are text. @throws RefusedFile */
export async function readFile(file: PlannedFile, text: string, shelf: Shelf): Promise<ReadFile> {
  const plain = { front: { tags: [] }, pictures: [] };
  switch (file.format) {
    case 'markdown':
      return {
        doc: parseMarkdown(partTitles(withoutKeptHead(text))),
        front: { ...readFrontMatter(text), tags: tagsOf(text) },
        pictures: [],
      };
    case 'text':
      return { ...plain, doc: plainTextToDocument(text) };
    case 'csv':
      return { ...plain, doc: readTable(file, text, shelf) };
    case 'html':
      return { ...plain, ...titled(readHtml(text)) };
    case 'docx':
      return { ...plain, ...(await readDocx(file.file)) };
  }
}

/** A block of code, or the line of a quote that is the title of one of Obsidian's callouts and goes on. */
const TITLE =
  /^(```|~~~)[^]*?^\1|^((?:[ \t]*>)+)[ \t]*\[![\w-]+(?:\|[^\]\n]*)?\][+-]?[ \t]+\S.*\n(?=[ \t]*>[> \t]*\S)/gm;

/** Has the title of a callout stand by itself: to other readers of Markdown it is the beginning of what follows it. */
function partTitles(text: string): string {
  return text.replace(TITLE, (line: string, _code: string, quote?: string) =>
    quote === undefined ? line : `${line}${quote}\n`,
  );
}

/** Tags of the front matter, and `#tags` among the words as Obsidian has them. */
function tagsOf(text: string): string[] {
  const words = text.replace(/^(```|~~~)[^]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
  const found = [...words.matchAll(/(?:^|\s)#(\p{L}[\p{L}\p{N}/_-]*)(?=$|[\s.,;:!?)])/gmu)];
  return [...new Set([...readFrontMatter(text).tags, ...found.map((match) => match[1] ?? '')])].slice(0, 50);
}

/** A page without a heading begins with its title. */
function titled({ doc, title, pictures }: HtmlContent): Pick<ReadFile, 'doc' | 'pictures'> {
  return { doc: title === '' ? doc : withHeading(doc, title), pictures };
}

/** The document, behind a heading unless it has one. */
export function withHeading(doc: Node, title: string): Node {
  let hasHeading = false;
  doc.forEach((block) => {
    hasHeading ||=
      block.type === nodes.heading || /^\s*(#{1,6}\s|<h[1-6])/.test(String(block.attrs['source'] ?? ''));
  });
  if (hasHeading) return doc;
  const heading = nodes.heading.create({ level: 1 }, schema.text(title));
  return doc.copy(doc.content.addToStart(heading));
}

/** Notion's databases: what stands in the first column is called like the page of the row, in the folder of that name. */
function readTable(file: PlannedFile, text: string, shelf: Shelf): Node {
  const rows = parseCsv(text);
  if (rows.length === 0) throw new RefusedFile('empty');
  const [folders, name] = [file.folders.join('/'), file.name];
  const pages = new Map(
    shelf.documents
      .filter(({ folders: own }) => own.join('/') === (folders === '' ? name : `${folders}/${name}`))
      .map((page) => [page.name, page]),
  );
  const table = rowsToTable(rows, (value, column) => {
    const page = column === 0 ? pages.get(value.trim()) : undefined;
    return page === undefined ? textCell(value) : [nodes.doc_link.create({ id: page.id, title: page.name })];
  });
  return withHeading(nodes.doc.create(null, [table]), name === '' ? 'CSV' : name);
}
