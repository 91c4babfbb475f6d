import type { Node, ResolvedPos } from 'prosemirror-model';
import {
  type Command,
  type EditorState,
  NodeSelection,
  Selection,
  TextSelection,
  type Transaction,
} from 'prosemirror-state';
import { schema } from '../schema.ts';

const { nodes } = schema;

/** A block that can be moved as one: of the document, or an item of a list. */
export interface Block {
  node: Node;
  pos: number;
}

/** The block around a place: the innermost list item, else the block of the document. */
export function blockAround($pos: ResolvedPos): Block | undefined {
  for (let depth = $pos.depth; depth > 1; depth--) {
    const node = $pos.node(depth);
    if (isItem(node)) return { node, pos: $pos.before(depth) };
  }
  if ($pos.depth > 0) return { node: $pos.node(1), pos: $pos.before(1) };
  return $pos.nodeAfter === null ? undefined : { node: $pos.nodeAfter, pos: $pos.pos };
}

/** The block with the caret, or the one that is selected as a whole. */
export function currentBlock({ selection }: EditorState): Block | undefined {
  if (selection instanceof NodeSelection && (selection.node.isBlock || isItem(selection.node))) {
    return { node: selection.node, pos: selection.from };
  }
  return blockAround(selection.$from);
}

/** Moves the block with the caret over the one before or after it. */
export function moveBlock(direction: -1 | 1): Command {
  return (state, dispatch) => {
    const block = currentBlock(state);
    if (block === undefined) return false;
    const $pos = state.doc.resolve(block.pos);
    const other = direction === -1 ? $pos.nodeBefore : state.doc.resolve(endOf(block)).nodeAfter;
    if (other === null) return false;
    const tr = state.tr.delete(block.pos, endOf(block));
    const to = direction === -1 ? block.pos - other.nodeSize : block.pos + other.nodeSize;
    tr.insert(to, block.node);
    dispatch?.(selectLike(tr, state.selection, to - block.pos).scrollIntoView());
    return true;
  };
}

/** Puts the same block once more below it; the caret goes along. */
export const duplicateBlock: Command = (state, dispatch) => {
  const block = currentBlock(state);
  if (block === undefined) return false;
  const tr = state.tr.insert(endOf(block), block.node);
  dispatch?.(selectLike(tr, state.selection, block.node.nodeSize).scrollIntoView());
  return true;
};

/** Takes the block away; a list without items goes with its last. */
export const deleteBlock: Command = (state, dispatch) => {
  const block = currentBlock(state);
  if (block === undefined) return false;
  const $pos = state.doc.resolve(block.pos);
  const isOnly = $pos.depth > 0 && $pos.parent.childCount === 1;
  const [from, to] = isOnly ? [$pos.before(), $pos.after()] : [block.pos, endOf(block)];
  const tr = state.tr.delete(from, to);
  if (tr.doc.childCount === 0) tr.insert(0, nodes.paragraph.create());
  const at = Math.min(from, tr.doc.content.size);
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(at))).scrollIntoView());
  return true;
};

/** Puts a block where the caret is: in place of an empty line, else below; the caret goes into it or behind it. */
export function insertBlock(make: () => Node): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    if ($from.depth === 0 || isInTable($from)) return false;
    const block = make();
    const isEmptyLine = $from.parent.type === nodes.paragraph && $from.parent.content.size === 0;
    const depth = $from.depth;
    const from = isEmptyLine ? $from.before(depth) : $from.after(depth);
    const tr = state.tr.replaceWith(from, isEmptyLine ? $from.after(depth) : from, block);
    const end = from + block.nodeSize;
    // Where nothing follows, one could not write on.
    if (tr.doc.resolve(end).nodeAfter === null) tr.insert(end, nodes.paragraph.create());
    const inside = block.isAtom ? end : from + 1;
    dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(inside))).scrollIntoView());
    return true;
  };
}

/** Puts something among the words, in place of the selection. */
export function insertInline(make: () => Node): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    if (!$from.parent.inlineContent || $from.parent.type.spec.code === true) return false;
    dispatch?.(state.tr.replaceSelectionWith(make(), false).scrollIntoView());
    return true;
  };
}

/** Whether a place is in a cell of a table, where no block can stand. */
export function isInTable($pos: ResolvedPos): boolean {
  return $pos.parent.type === nodes.table_cell || $pos.parent.type === nodes.table_header;
}

export function endOf({ node, pos }: Block): number {
  return pos + node.nodeSize;
}

function isItem({ type }: Node): boolean {
  return type === nodes.list_item || type === nodes.task_item;
}

/** The selection as it was, so many places further on. */
function selectLike(tr: Transaction, before: Selection, offset: number): Transaction {
  const [anchor, head] = [before.anchor + offset, before.head + offset];
  if (before instanceof NodeSelection) return tr.setSelection(NodeSelection.create(tr.doc, anchor));
  if (before instanceof TextSelection) return tr.setSelection(TextSelection.create(tr.doc, anchor, head));
  return tr.setSelection(Selection.near(tr.doc.resolve(Math.min(anchor, tr.doc.content.size))));
}
