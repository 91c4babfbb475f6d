import type { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';

const { nodes } = schema;

/** Whether white space collapses as a browser shows it, or stays as it is, as our own exports want it in a line. */
export type Spaces = 'collapse' | 'keep';

/** Takes what is read of a page, in order, and makes blocks of it. */
export interface BlockSink {
  /** Text or an inline node; `kept` text keeps its spaces. */
  inline(node: Node): void;
  text(text: string, make: (text: string) => Node): void;
  block(node: Node): void;
  /** What comes next stands on a line of its own. */
  endLine(): void;
  /** How many blocks there are, once the line is ended. */
  count(): number;
  finish(): Node[];
}

/** Makes blocks of what is read. */
export function createBlockSink(spaces: Spaces): BlockSink {
  const blocks: Node[] = [];
  let line: Node[] = [];
  const endLine = (): void => {
    const content = spaces === 'keep' ? line : trimLine(line);
    line = [];
    if (content.length > 0) blocks.push(nodes.paragraph.create(null, content));
  };
  return {
    inline: (node) => void line.push(node),
    text(text, make) {
      const shown = spaces === 'keep' ? text : collapse(text, line.at(-1));
      if (shown !== '') line.push(make(shown));
    },
    block(node) {
      endLine();
      blocks.push(node);
    },
    endLine,
    count() {
      endLine();
      return blocks.length;
    },
    finish() {
      endLine();
      return blocks;
    },
  };
}

/** White space as it shows behind what stands before it. */
function collapse(text: string, before: Node | undefined): string {
  const single = text.replace(/[ \t\n\f\r]+/g, ' ');
  const atStart = before === undefined || before.type === nodes.hard_break;
  return (atStart || before.text?.endsWith(' ') === true) && single.startsWith(' ')
    ? single.slice(1)
    : single;
}

/** Without the spaces before a line's end, and without the one break there, which shows nothing. */
function trimLine(line: Node[]): Node[] {
  const kept = [...line];
  if (kept.at(-1)?.type === nodes.hard_break) kept.pop();
  const last = kept.at(-1);
  if (last?.isText === true && last.text?.endsWith(' ') === true) {
    kept.pop();
    const text = last.text.trimEnd();
    if (text !== '') kept.push(schema.text(text, last.marks));
  }
  return kept;
}

/** What blocks say, on lines parted by breaks: for places that hold no blocks, such as cells. */
export function blocksToLines(blocks: readonly Node[]): Node[] {
  const out: Node[] = [];
  const add = (block: Node): void => {
    if (!block.isTextblock && block.type !== nodes.raw_block) return block.forEach(add);
    if (out.length > 0) out.push(nodes.hard_break.create());
    const source = String(block.attrs['source'] ?? '');
    if (source !== '') out.push(schema.text(source));
    block.forEach((child) => void out.push(child));
  };
  blocks.forEach(add);
  return out;
}
