import type { Token } from 'markdown-it';
import { Fragment, type Mark, type Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { readAtom } from './inline-atoms.ts';
import { readCallout } from './callouts.ts';

const { nodes, marks } = schema;

/** Thrown for Markdown that has no node of its own; the block is then kept as source. */
export class NoNode extends Error {}

/** Turns the tokens of blocks into nodes. @throws NoNode */
export function tokensToNodes(tokens: Token[]): Node[] {
  const cursor = { tokens, at: 0 };
  const blocks: Node[] = [];
  while (cursor.at < tokens.length) blocks.push(readBlock(cursor));
  return blocks;
}

interface Cursor {
  tokens: Token[];
  at: number;
}

function next(cursor: Cursor): Token {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) throw new NoNode('the tokens end in the middle of a block');
  cursor.at += 1;
  return token;
}

function readBlock(cursor: Cursor): Node {
  const token = next(cursor);
  switch (token.type) {
    case 'paragraph_open':
      return nodes.paragraph.create(null, readInlineUntil(cursor, 'paragraph_close'));
    case 'heading_open': {
      const level = Number(token.tag.slice(1));
      return nodes.heading.create({ level }, readInlineUntil(cursor, 'heading_close'));
    }
    case 'blockquote_open':
      return readQuote(cursor);
    case 'bullet_list_open':
      return readList(cursor, 'bullet_list_close', undefined);
    case 'ordered_list_open':
      return readList(cursor, 'ordered_list_close', Number(token.attrGet('start') ?? 1));
    case 'fence':
      return codeBlock(token.content, token.info.trim());
    case 'code_block':
      return codeBlock(token.content, '');
    case 'hr':
      return nodes.horizontal_rule.create();
    case 'table_open':
      return readTable(cursor);
    default:
      throw new NoNode(token.type);
  }
}

function readBlocksUntil(cursor: Cursor, end: string): Node[] {
  const blocks: Node[] = [];
  while (cursor.tokens[cursor.at]?.type !== end) blocks.push(readBlock(cursor));
  cursor.at += 1;
  return blocks;
}

function readQuote(cursor: Cursor): Node {
  const source = cursor.tokens[cursor.at + 1]?.content ?? '';
  const blocks = readBlocksUntil(cursor, 'blockquote_close');
  return readCallout(source, blocks) ?? nodes.blockquote.create(null, orEmpty(blocks));
}

function orEmpty(blocks: Node[]): Node[] {
  return blocks.length === 0 ? [nodes.paragraph.create()] : blocks;
}

function codeBlock(content: string, params: string): Node {
  const text = content.replace(/\n$/, '');
  return nodes.code_block.create({ params }, text === '' ? null : schema.text(text));
}

function readList(cursor: Cursor, end: string, order: number | undefined): Node {
  const start = cursor.at;
  const items: Node[][] = [];
  while (cursor.tokens[cursor.at]?.type !== end) {
    next(cursor);
    items.push(orEmpty(readBlocksUntil(cursor, 'list_item_close')));
  }
  cursor.at += 1;
  const tight = isTight(cursor.tokens.slice(start, cursor.at));
  const tasks = items.filter((item) => taskState(item) !== undefined);
  if (tasks.length === 0) {
    const children = items.map((item) => nodes.list_item.create(null, item));
    if (order === undefined) return nodes.bullet_list.create({ tight }, children);
    return nodes.ordered_list.create({ order, tight }, children);
  }
  if (tasks.length < items.length || order !== undefined) throw new NoNode('tasks among other items');
  return nodes.task_list.create({ tight }, items.map(taskItem));
}

/** markdown-it hides the paragraphs of a tight list; those of lists inside it do not count. */
function isTight(tokens: Token[]): boolean {
  const level = tokens[0]?.level ?? 0;
  const own = tokens.filter((token) => token.type === 'paragraph_open' && token.level === level + 1);
  return own.every((token) => token.hidden);
}

const TASK = /^\[([ xX])\](?:\s|$)/;

function taskState(item: Node[]): boolean | undefined {
  const first = item[0]?.firstChild;
  if (item[0]?.type !== nodes.paragraph || first?.isText !== true || first.marks.length > 0) return undefined;
  const state = TASK.exec(first.text ?? '')?.[1];
  return state === undefined ? undefined : state !== ' ';
}

function taskItem(item: Node[]): Node {
  const [first, ...rest] = item;
  const prefix = TASK.exec(first?.firstChild?.text ?? '')?.[0].length ?? 0;
  const text = nodes.paragraph.create(null, first?.content.cut(prefix) ?? Fragment.empty);
  return nodes.task_item.create({ checked: taskState(item) === true }, [text, ...rest]);
}

function readTable(cursor: Cursor): Node {
  const rows: Node[] = [];
  for (;;) {
    const token = next(cursor);
    if (token.type === 'table_close') return nodes.table.create(null, rows);
    if (token.type === 'tr_open') rows.push(readRow(cursor));
  }
}

function readRow(cursor: Cursor): Node {
  const cells: Node[] = [];
  for (;;) {
    const token = next(cursor);
    if (token.type === 'tr_close') return nodes.table_row.create(null, cells);
    const type = token.type === 'th_open' ? nodes.table_header : nodes.table_cell;
    const align = /text-align:(\w+)/.exec(token.attrGet('style') ?? '')?.[1] ?? '';
    cells.push(type.create({ align }, readInlineUntil(cursor, token.type.replace('open', 'close'))));
  }
}

function readInlineUntil(cursor: Cursor, end: string): Node[] {
  const inline = next(cursor);
  if (inline.type !== 'inline') throw new NoNode(inline.type);
  if (next(cursor).type !== end) throw new NoNode('more than inline content');
  return inlineToNodes(inline.children ?? []);
}

/** Inline tokens as text and inline nodes. Only text carries marks: y-prosemirror keeps none on nodes. */
export function inlineToNodes(tokens: Token[]): Node[] {
  let active: readonly Mark[] = [];
  const out: Node[] = [];
  const text = (content: string, set = active): void => {
    if (content !== '') out.push(schema.text(content, set));
  };
  for (let at = 0; at < tokens.length; at++) {
    const atom = readAtom(tokens, at);
    if (atom !== undefined) {
      out.push(atom.node);
      at = atom.end;
      continue;
    }
    const token = tokens[at];
    if (token === undefined) break;
    const mark = markOf(token);
    if (mark !== undefined) {
      active =
        token.nesting === 1 || isOpeningTag(token) ? mark.addToSet(active) : mark.type.removeFromSet(active);
    } else if (token.type === 'text' || token.type === 'text_special') text(token.content);
    else if (token.type === 'code_inline') text(token.content, marks.code.create().addToSet(active));
    else if (token.type === 'softbreak') text(' ');
    else if (isBreak(token)) out.push(nodes.hard_break.create());
    else if (token.type === 'image') out.push(imageNode(token, active));
    else throw new NoNode(token.type);
  }
  return joinText(out);
}

function isBreak(token: Token): boolean {
  return token.type === 'hardbreak' || (token.type === 'html_inline' && /^<br\s*\/?>$/.test(token.content));
}

function isOpeningTag(token: Token): boolean {
  return token.type === 'html_inline' && !token.content.startsWith('</');
}

function markOf(token: Token): Mark | undefined {
  switch (token.type) {
    case 'em_open':
    case 'em_close':
      return marks.em.create();
    case 'strong_open':
    case 'strong_close':
      return marks.strong.create();
    case 's_open':
    case 's_close':
      return marks.strike.create();
    case 'link_open':
    case 'link_close':
      return marks.link.create({ href: token.attrGet('href') ?? '', title: token.attrGet('title') ?? '' });
    case 'html_inline':
      return htmlMark(token.content);
    default:
      return undefined;
  }
}

const tagMarks = new Map([
  ['em', marks.em],
  ['strong', marks.strong],
  ['s', marks.strike],
  ['u', marks.underline],
  ['mark', marks.highlight],
]);

/** The export writes tags where Markdown's stars cannot stand, so they are read back. */
function htmlMark(tag: string): Mark | undefined {
  const name = /^<\/?(\w+)>$/.exec(tag)?.[1] ?? '';
  return tagMarks.get(name)?.create();
}

function imageNode(token: Token, active: readonly Mark[]): Node {
  const src = token.attrGet('src') ?? '';
  // The bytes of a picture stay out of a document's content; as source they are at least not shown as a node.
  if (/^data:/i.test(src)) throw new NoNode('picture in an address');
  const link = marks.link.isInSet(active);
  if (active.some((mark) => mark !== link) || (link?.attrs['title'] ?? '') !== '')
    throw new NoNode('marked picture');
  const alt = (token.children ?? []).map(plainText).join('');
  const href = String(link?.attrs['href'] ?? '');
  return nodes.image.create({ src, alt, title: token.attrGet('title') ?? '', href });
}

function plainText(token: Token): string {
  if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
  if (token.type === 'image') return (token.children ?? []).map(plainText).join('');
  return token.content;
}

/** Neighbours with the same marks become one text node, as ProseMirror holds them. */
function joinText(list: Node[]): Node[] {
  const joined: Node[] = [];
  Fragment.fromArray(list).forEach((node) => joined.push(node));
  return joined;
}
