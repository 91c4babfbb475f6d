import { lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import type { Attrs, MarkType, Node, NodeType, ResolvedPos } from 'prosemirror-model';
import { liftListItem, wrapInList } from 'prosemirror-schema-list';
import { type Command, type EditorState, TextSelection } from 'prosemirror-state';
import { redoCommand, undoCommand } from 'y-prosemirror';
import { isLiveHref, schema } from './schema.ts';

const { nodes, marks } = schema;

/** The block in which the caret stands, as a toolbar shows it. */
export type ActiveBlock =
  | 'paragraph'
  | 'heading1'
  | 'heading2'
  | 'heading3'
  | 'heading4'
  | 'heading5'
  | 'heading6'
  | 'blockquote'
  | 'code_block'
  | 'bullet_list'
  | 'ordered_list'
  | 'task_list'
  | 'table'
  | 'callout'
  | 'other';

/** Everything a toolbar, menu or key can do to the text. */
export const commands = {
  strong: toggleInlineMark(marks.strong),
  em: toggleInlineMark(marks.em),
  strike: toggleInlineMark(marks.strike),
  underline: toggleInlineMark(marks.underline),
  highlight: toggleInlineMark(marks.highlight),
  code: toggleInlineMark(marks.code),
  paragraph: setBlockType(nodes.paragraph),
  heading1: toggleBlock(nodes.heading, { level: 1 }),
  heading2: toggleBlock(nodes.heading, { level: 2 }),
  heading3: toggleBlock(nodes.heading, { level: 3 }),
  codeBlock: toggleCodeBlock,
  blockquote: toggleQuote,
  bulletList: toggleList(nodes.bullet_list, nodes.list_item),
  orderedList: toggleList(nodes.ordered_list, nodes.list_item),
  taskList: toggleList(nodes.task_list, nodes.task_item),
  horizontalRule: insertRule,
  undo: undoCommand,
  redo: redoCommand,
} satisfies Record<string, Command>;

/** Name of a command without arguments. */
export type CommandName = keyof typeof commands;

/** Links the selection, or inserts the address as text when nothing is selected; an empty `href` removes the link. */
export function setLink(href: string, title = ''): Command {
  return (state, dispatch) => {
    const { from, to, empty } = linkRange(state);
    const target = href.trim();
    if (target !== '' && !isLiveHref(target)) return false;
    const tr = state.tr.removeMark(from, to, marks.link);
    if (target !== '') {
      const mark = marks.link.create({ href: target, title });
      if (empty) tr.insert(from, schema.text(target, [mark]));
      else tr.addMark(from, to, mark);
    }
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** The address of the link at the caret; empty when there is none. */
export function linkAt(state: EditorState): string {
  const { $from, from, to } = state.selection;
  let href = '';
  const read = (node: Node): void => {
    href ||= String(marks.link.isInSet(node.marks)?.attrs['href'] ?? '');
  };
  const { nodeBefore, nodeAfter } = $from;
  if (nodeBefore !== null) read(nodeBefore);
  if (nodeAfter !== null) read(nodeAfter);
  state.doc.nodesBetween(from, to, read);
  return href;
}

/** Names of the marks that are on at the selection. */
export function activeMarks(state: EditorState): string[] {
  const { from, to, empty, $from } = state.selection;
  const inSet = state.storedMarks ?? $from.marks();
  return Object.values(marks)
    .filter((type) => (empty ? type.isInSet(inSet) !== undefined : state.doc.rangeHasMark(from, to, type)))
    .map((type) => type.name);
}

/** The block that a toolbar should show as pressed. */
export function activeBlock(state: EditorState): ActiveBlock {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth);
    switch (node.type) {
      case nodes.heading:
        return `heading${Math.min(6, Math.max(1, Number(node.attrs['level']))) as 1 | 2 | 3 | 4 | 5 | 6}`;
      case nodes.code_block:
        return 'code_block';
      case nodes.blockquote:
        return 'blockquote';
      case nodes.bullet_list:
        return 'bullet_list';
      case nodes.ordered_list:
        return 'ordered_list';
      case nodes.task_list:
        return 'task_list';
      case nodes.table:
        return 'table';
      case nodes.callout:
        return 'callout';
      default:
    }
  }
  return $from.parent.type === nodes.paragraph ? 'paragraph' : 'other';
}

/** Whether the caret stands in code, where marks and shortcuts do not apply. */
export function isInCode(state: EditorState): boolean {
  return state.selection.$from.parent.type.spec.code === true;
}

function toggleInlineMark(type: MarkType): Command {
  const toggle = toggleMark(type);
  // The schema lets marks into code so that a merge deletes nothing; people get none there.
  return (state, dispatch, view) => !isInCode(state) && toggle(state, dispatch, view);
}

function toggleBlock(type: NodeType, attrs: Attrs): Command {
  return (state, dispatch, view) => {
    const { parent } = state.selection.$from;
    const isOn = parent.hasMarkup(type, attrs);
    return setBlockType(isOn ? nodes.paragraph : type, isOn ? null : attrs)(state, dispatch, view);
  };
}

function toggleCodeBlock(...[state, dispatch, view]: Parameters<Command>): boolean {
  const isOn = state.selection.$from.parent.type === nodes.code_block;
  if (isOn) return setBlockType(nodes.paragraph)(state, dispatch, view);
  return setBlockType(nodes.code_block)(
    state,
    dispatch &&
      ((tr) => {
        const { from, to } = tr.selection;
        tr.doc.nodesBetween(from, to, (node, pos) => {
          if (node.type === nodes.code_block) tr.removeMark(pos + 1, pos + node.nodeSize - 1);
        });
        dispatch(tr);
      }),
    view,
  );
}

function toggleQuote(...[state, dispatch, view]: Parameters<Command>): boolean {
  const isOn = ancestor(state.selection.$from, (node) => node.type === nodes.blockquote) !== undefined;
  return isOn ? lift(state, dispatch, view) : wrapIn(nodes.blockquote)(state, dispatch, view);
}

function toggleList(listType: NodeType, itemType: NodeType): Command {
  return (state, dispatch, view) => {
    const found = ancestor(state.selection.$from, isList);
    if (found === undefined) return wrapInList(listType)(state, dispatch, view);
    if (found.node.type === listType) return liftListItem(itemType)(state, dispatch, view);
    if (dispatch === undefined) return true;
    const items: Node[] = [];
    found.node.forEach((item) => items.push(itemType.create(null, item.content)));
    const { anchor, head } = state.selection;
    const tr = state.tr.replaceWith(
      found.pos,
      found.pos + found.node.nodeSize,
      listType.create({ tight: found.node.attrs['tight'] }, items),
    );
    // The tree keeps its shape, so every position stays where it was.
    dispatch(tr.setSelection(TextSelection.create(tr.doc, anchor, head)).scrollIntoView());
    return true;
  };
}

function insertRule(...[state, dispatch]: Parameters<Command>): boolean {
  const { $from } = state.selection;
  if ($from.depth === 0) return false;
  if (dispatch === undefined) return true;
  const after = $from.after($from.depth);
  const tr = state.tr.insert(after, [nodes.horizontal_rule.create(), nodes.paragraph.create()]);
  dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 2)).scrollIntoView());
  return true;
}

function isList(node: Node): boolean {
  return node.type === nodes.bullet_list || node.type === nodes.ordered_list || node.type === nodes.task_list;
}

/** The innermost node around a place that is as asked, with its position. */
export function ancestor(
  $pos: ResolvedPos,
  is: (node: Node) => boolean,
): { node: Node; pos: number } | undefined {
  for (let depth = $pos.depth; depth > 0; depth--) {
    const node = $pos.node(depth);
    if (is(node)) return { node, pos: $pos.before(depth) };
  }
  return undefined;
}

/** The selection, or the whole link around an empty one. */
function linkRange(state: EditorState): { from: number; to: number; empty: boolean } {
  const { from, to, empty, $from } = state.selection;
  if (!empty) return { from, to, empty };
  const start = $from.start();
  const range = { from, to, empty };
  $from.parent.forEach((node, offset) => {
    const [begin, end] = [start + offset, start + offset + node.nodeSize];
    if (marks.link.isInSet(node.marks) !== undefined && begin <= from && from <= end) {
      Object.assign(range, { from: begin, to: end, empty: false });
    }
  });
  return range;
}
