import type { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { calloutMarker } from './callouts.ts';
import { serializeInline } from './serialize-inline.ts';

const { nodes } = schema;

/** A document as Markdown. Raw blocks come out verbatim; typed text is escaped so that it means the same when read. */
export function serializeMarkdown(doc: Node): string {
  const text = serializeBlocks(childrenOf(doc));
  return text === '' ? '' : `${text}\n`;
}

/** Blocks as Markdown, with blank lines between and none around. */
export function serializeBlocks(blocks: Node[]): string {
  return joinBlocks(blocks, '\n\n', true);
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  node.forEach((child) => children.push(child));
  return children;
}

/** Kinds of list that run into each other when they stand next to each other with the same marker. */
type ListKind = 'bullet' | 'ordered';

function listKind(node: Node): ListKind | undefined {
  if (node.type === nodes.bullet_list || node.type === nodes.task_list) return 'bullet';
  return node.type === nodes.ordered_list ? 'ordered' : undefined;
}

function joinBlocks(blocks: Node[], separator: string, top: boolean): string {
  const out: string[] = [];
  let before: { kind: ListKind | undefined; second: boolean } = { kind: undefined, second: false };
  for (const block of blocks) {
    const kind = listKind(block);
    const second = kind !== undefined && kind === before.kind && !before.second;
    const text = serializeBlock(block, second, top);
    if (text === undefined) continue;
    out.push(text);
    before = { kind, second };
  }
  return out.join(separator);
}

/** `undefined` for a block that Markdown cannot say: an empty paragraph. */
function serializeBlock(block: Node, second: boolean, top: boolean): string | undefined {
  switch (block.type) {
    case nodes.paragraph:
      return block.content.size === 0 ? undefined : serializeInline(block, 'paragraph');
    case nodes.heading:
      return `${'#'.repeat(Number(block.attrs['level']))} ${serializeInline(block, 'heading')}`.trimEnd();
    case nodes.blockquote:
      return prefixLines(joinBlocks(childrenOf(block), '\n\n', false), '> ', '> ');
    case nodes.callout:
      return serializeCallout(block);
    case nodes.code_block:
      return serializeCode(block);
    case nodes.horizontal_rule:
      // After a bullet "- ---" would be one rule.
      return top ? '---' : '___';
    case nodes.bullet_list:
      return serializeList(block, () => (second ? '* ' : '- '));
    case nodes.task_list:
      return serializeList(
        block,
        (item) => `${second ? '*' : '-'} [${item.attrs['checked'] === true ? 'x' : ' '}] `,
      );
    case nodes.ordered_list: {
      const order = Number(block.attrs['order']);
      return serializeList(block, (_, index) => `${order + index}${second ? ')' : '.'} `);
    }
    case nodes.table:
      return serializeTable(block);
    case nodes.raw_block:
      return String(block.attrs['source']);
    default:
      return block.textContent;
  }
}

/** As a quote that begins with its kind, so that readers without callouts show a quote. */
function serializeCallout(block: Node): string {
  const blocks = childrenOf(block).filter(
    ({ type, content }) => type !== nodes.paragraph || content.size > 0,
  );
  const text = joinBlocks(blocks, '\n\n', false);
  const gap = text === '' ? '' : blocks[0]?.type === nodes.paragraph ? '\n' : '\n\n';
  return prefixLines(`${calloutMarker(block)}${gap}${text}`, '> ', '> ');
}

function prefixLines(text: string, first: string, rest: string): string {
  const lines = text.split('\n');
  return lines
    .map((line, index) => {
      const prefix = index === 0 ? first : rest;
      return line === '' ? prefix.trimEnd() : prefix + line;
    })
    .join('\n');
}

function serializeCode(block: Node): string {
  let text = '';
  block.forEach((child) => (text += child.isText ? (child.text ?? '') : '\n'));
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const params = String(block.attrs['params']);
  // A backtick may not stand after an opening fence of backticks.
  const fence = params.includes('`')
    ? '~'.repeat(Math.max(3, longestTildes(text) + 1))
    : '`'.repeat(longest + 1);
  return text === '' ? `${fence}${params}\n${fence}` : `${fence}${params}\n${text}\n${fence}`;
}

function longestTildes(text: string): number {
  return Math.max(0, ...[...text.matchAll(/~+/g)].map((run) => run[0].length));
}

function serializeList(list: Node, marker: (item: Node, index: number) => string): string {
  const items = childrenOf(list);
  const separator = isTight(list, items) ? '\n' : '\n\n';
  return items
    .map((item, index) => {
      const own = marker(item, index);
      // A task's "[ ] " is text of its first line; what follows is indented to the bullet.
      const indent = ' '.repeat(own.replace(/\[.\] $/, '').length);
      const blocks = childrenOf(item);
      const first = blocks[0];
      const lead =
        own.endsWith('] ') && first?.type !== nodes.paragraph ? `${own.trimEnd()}\n${indent}` : own;
      return prefixLines(joinBlocks(blocks, separator, false), lead, indent).trimEnd();
    })
    .join(separator);
}

/** A tight list whose item has a paragraph after another block would lose that paragraph's start. */
function isTight(list: Node, items: Node[]): boolean {
  if (list.attrs['tight'] !== true) return false;
  return items.every((item) => {
    const blocks = childrenOf(item).filter(
      (block) => block.content.size > 0 || block.type !== nodes.paragraph,
    );
    return blocks.every((block, index) => {
      if (index === 0) return true;
      if (block.type === nodes.paragraph || block.type === nodes.table || block.type === nodes.raw_block)
        return false;
      return block.type !== nodes.ordered_list || block.attrs['order'] === 1;
    });
  });
}

function serializeTable(table: Node): string {
  const rows = toGrid(childrenOf(table).map(childrenOf));
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const cells = (row: readonly GridCell[]): string[] =>
    Array.from({ length: columns }, (_, column) => {
      const cell = row[column];
      return cell ? serializeInline(cell, 'cell') : '';
    });
  const [head = [], ...body] = rows;
  const rule = Array.from({ length: columns }, (_, column) =>
    alignment(String(head[column]?.attrs['align'] ?? '')),
  );
  return [line(cells(head)), line(rule), ...body.map((row) => line(cells(row)))].join('\n');
}

/** A cell, or null for the rest of one that is larger. */
type GridCell = Node | null | undefined;

/** Cells by row and column; Markdown has none that reach over others. */
function toGrid(rows: Node[][]): GridCell[][] {
  const grid: GridCell[][] = rows.map(() => []);
  rows.forEach((row, y) => {
    let x = 0;
    for (const cell of row) {
      while (grid[y]?.[x] !== undefined) x += 1;
      const [wide, high] = [Number(cell.attrs['colspan']), Number(cell.attrs['rowspan'])];
      for (const line of grid.slice(y, y + high)) line.splice(x, wide, ...Array<null>(wide).fill(null));
      grid[y]?.splice(x, 1, cell);
      x += wide;
    }
  });
  return grid;
}

function alignment(align: string): string {
  if (align === 'center') return ':---:';
  if (align === 'right') return '---:';
  return align === 'left' ? ':---' : '---';
}
