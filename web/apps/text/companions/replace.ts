import { Fragment, type Node, Slice } from 'prosemirror-model';
import type { EditorState, Transaction } from 'prosemirror-state';
import { ReplaceStep, StepMap } from 'prosemirror-transform';
import type { Match } from './matches.ts';

/** Replaces places in their order by a text, each keeping the look of its first character. What stands between them stays where it is. */
export function replaceMatches(state: EditorState, matches: readonly Match[], text: string): Transaction {
  const { doc, tr } = state;
  const content = createRewriting(matches, text)(doc, 0).content;
  const ranges = matches.flatMap(({ from, to }) => [from, to - from, text.length]);
  return tr.step(new ReplacePlaces(doc.content.size, new Slice(content, 0, 0), ranges));
}

/**
 * All places in one step, which tells of each by itself, so that comments beside them stay. With a step for each, ten thousand in one
 * line took a quarter of a minute, or all memory.
 */
class ReplacePlaces extends ReplaceStep {
  readonly #ranges: readonly number[];
  constructor(size: number, slice: Slice, ranges: readonly number[]) {
    super(0, size, slice);
    this.#ranges = ranges;
  }
  override getMap(): StepMap {
    return new StepMap(this.#ranges);
  }
}

/** Writes nodes anew, one after the other, each with its position; those without a place stay the same. */
function createRewriting(matches: readonly Match[], text: string): (node: Node, start: number) => Node {
  let next = 0;
  const rewriteInline = (child: Node, start: number, parts: Node[]): void => {
    const end = start + child.nodeSize;
    const keep = (from: number, to: number): void => {
      if (from < to) parts.push(child.isText ? child.cut(from - start, to - start) : child);
    };
    let at = start;
    for (let match = matches[next]; match && match.from < end; match = matches[next]) {
      keep(at, match.from);
      if (match.from >= start && text !== '') parts.push(child.type.schema.text(text, child.marks));
      at = Math.min(end, match.to);
      if (match.to > end) return;
      next += 1;
    }
    keep(at, end);
  };
  const rewrite = (node: Node, start: number): Node => {
    const parts: Node[] = [];
    node.forEach((child, offset) => {
      const [from, match] = [start + offset, matches[next]];
      if (node.isTextblock) rewriteInline(child, from, parts);
      else parts.push(match && match.from < from + child.nodeSize ? rewrite(child, from + 1) : child);
    });
    return node.copy(Fragment.fromArray(parts));
  };
  return rewrite;
}
