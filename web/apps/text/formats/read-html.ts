import type { Mark, Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { type BlockSink, type Spaces, blocksToLines, createBlockSink } from './block-sink.ts';
import { readEmbedded } from './html-embeds.ts';
import { readList } from './html-lists.ts';
import { marksOf } from './html-marks.ts';
import { readTable } from './html-tables.ts';
import { type HtmlElement, type HtmlNode, findElement, isElement, parseHtml, textOf } from './html-tree.ts';

const { nodes } = schema;

/** Elements that show nothing of their own, or that run, load or ask something. */
const SILENT = new Set(
  (
    'script style template noscript head title meta link iframe object embed applet svg math canvas audio video ' +
    'source track map area form-control input button select textarea option datalist param frame frameset dialog'
  ).split(' '),
);

/** Elements that begin and end a line. */
const LINES = new Set(
  (
    'page html body div section article main header footer nav aside figure figcaption details summary p center ' +
    'address fieldset legend form dl dt dd hgroup search caption li'
  ).split(' '),
);

/** What a page says, as a document and what stands around it. */
export interface HtmlContent {
  doc: Node;
  /** `<title>`; empty without one. */
  title: string;
  /** `data:` addresses of pictures; an image whose `blob` is `#<n>` shows the n-th. */
  pictures: string[];
}

/** What the parts of the reader know of each other. */
export interface HtmlReader {
  /** True for what this program wrote itself: spaces stay, and elements carry what HTML cannot say. */
  readonly own: boolean;
  readonly pictures: string[];
  /** Reads into a sink, with the marks that hold around. */
  walk(list: readonly HtmlNode[], marks: readonly Mark[], sink: BlockSink): void;
  /** Blocks of an element's children, at least one. */
  blocks(list: readonly HtmlNode[]): Node[];
  /** The same on one line. */
  line(list: readonly HtmlNode[]): Node[];
}

/** A page, or a piece of one, as a document. Nothing of it runs, and no address but those of links and pictures is kept. */
export function readHtml(source: string): HtmlContent {
  const page = parseHtml(source);
  const body = findElement(page, ({ tag }) => tag === 'body') ?? page;
  const article = findElement(body, ({ attrs }) => attrs.has('data-islet-content'));
  const reader = createReader(article !== undefined);
  const title = findElement(page, ({ tag }) => tag === 'title');
  return {
    doc: nodes.doc.create(null, reader.blocks((article ?? body).children)),
    title: title === undefined ? '' : textOf(title).replace(/\s+/g, ' ').trim(),
    pictures: reader.pictures,
  };
}

function createReader(own: boolean): HtmlReader {
  const read = (list: readonly HtmlNode[], spaces: Spaces): Node[] => {
    const sink = createBlockSink(spaces);
    reader.walk(list, [], sink);
    return sink.finish();
  };
  const reader: HtmlReader = {
    own,
    pictures: [],
    walk(list, marks, sink) {
      for (const node of list) {
        if (isElement(node)) readElement(node, marks, sink, reader);
        else sink.text(node, (text) => schema.text(text, marks));
      }
    },
    blocks(list) {
      const blocks = read(list, 'collapse');
      return blocks.length === 0 ? [nodes.paragraph.create()] : blocks;
    },
    line(list) {
      const blocks = read(list, own ? 'keep' : 'collapse');
      const [only] = blocks;
      return only?.type === nodes.paragraph && blocks.length === 1 ? childrenOf(only) : blocksToLines(blocks);
    },
  };
  return reader;
}

function readElement(
  element: HtmlElement,
  marks: readonly Mark[],
  sink: BlockSink,
  reader: HtmlReader,
): void {
  const { tag, children } = element;
  if (readEmbedded(element, marks, sink, reader)) return;
  if (SILENT.has(tag)) return;
  if (tag === 'br') return sink.inline(nodes.hard_break.create());
  const block = blockOf(element, reader);
  if (block !== undefined) return block.forEach((one) => sink.block(one));
  if (tag === 'p') return readParagraph(element, marks, sink, reader);
  if (!LINES.has(tag)) return reader.walk(children, marksOf(element, marks), sink);
  sink.endLine();
  reader.walk(children, tag === 'summary' || tag === 'dt' ? bold(marks) : marks, sink);
  sink.endLine();
}

/** Blocks of elements that are always some; undefined for others. */
function blockOf(element: HtmlElement, reader: HtmlReader): Node[] | undefined {
  const { tag, attrs, children } = element;
  const heading = /^h([1-6])$/.exec(tag)?.[1];
  if (heading !== undefined) return [nodes.heading.create({ level: Number(heading) }, reader.line(children))];
  if (tag === 'hr') return [nodes.horizontal_rule.create()];
  if (tag === 'blockquote') return [nodes.blockquote.create(null, reader.blocks(children))];
  if (tag === 'pre') return [readPre(element)];
  if (tag === 'ul' || tag === 'ol' || tag === 'menu') return readList(element, reader);
  if (tag === 'table') return readTable(element, reader);
  const kind = calloutKind(attrs);
  return kind === undefined ? undefined : [nodes.callout.create({ kind }, reader.blocks(children))];
}

function calloutKind(attrs: ReadonlyMap<string, string>): string | undefined {
  const classes = (attrs.get('class') ?? '').split(/\s+/);
  const kinds = [attrs.get('data-callout') ?? '', ...classes];
  if (!attrs.has('data-callout') && !classes.includes('callout')) return undefined;
  return kinds.find((kind) => /^(note|tip|warning|danger)$/.test(kind)) ?? 'note';
}

function readParagraph(
  { children }: HtmlElement,
  marks: readonly Mark[],
  sink: BlockSink,
  reader: HtmlReader,
): void {
  if (reader.own) return sink.block(nodes.paragraph.create(null, reader.line(children)));
  const before = sink.count();
  reader.walk(children, marks, sink);
  // Editors on pages write an empty line as a paragraph with a break.
  const isEmptyLine = children.some((child) => isElement(child) && child.tag === 'br');
  if (sink.count() === before && isEmptyLine) sink.block(nodes.paragraph.create());
}

function readPre(element: HtmlElement): Node {
  const source = codeText(element);
  if (element.attrs.has('data-raw')) return nodes.raw_block.create({ source });
  const code = findElement(element, ({ tag }) => tag === 'code');
  const names = `${element.attrs.get('class') ?? ''} ${code?.attrs.get('class') ?? ''}`;
  const params = element.attrs.get('data-params') ?? /(?:^|\s)(?:lang|language)-(\S+)/.exec(names)?.[1] ?? '';
  const text = source.replace(/\n$/, '');
  return nodes.code_block.create({ params }, text === '' ? null : schema.text(text));
}

function codeText(node: HtmlNode): string {
  if (!isElement(node)) return node;
  return node.tag === 'br' ? '\n' : node.children.map(codeText).join('');
}

function bold(marks: readonly Mark[]): readonly Mark[] {
  return schema.marks.strong.create().addToSet(marks);
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  node.forEach((child) => children.push(child));
  return children;
}
