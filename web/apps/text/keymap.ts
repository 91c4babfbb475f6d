import {
  baseKeymap,
  chainCommands,
  createParagraphNear,
  exitCode,
  liftEmptyBlock,
  newlineInCode,
  splitBlock,
} from 'prosemirror-commands';
import { undoInputRule } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { liftListItem, sinkListItem, splitListItem } from 'prosemirror-schema-list';
import { type Command, type Plugin, TextSelection } from 'prosemirror-state';
import { commands, isInCode } from './commands.ts';
import { goPastEnd, leaveEndDown } from './line-after-end.ts';
import { schema } from './schema.ts';

const { nodes } = schema;

/** Keys of the editor. `Mod-k` is left to the shell; `Escape` goes to `onEscape`. */
export function editorKeys(onEscape: (() => void) | undefined): Plugin[] {
  return [
    keymap({
      'Mod-b': commands.strong,
      'Mod-i': commands.em,
      'Mod-e': commands.code,
      'Mod-Shift-x': commands.strike,
      'Mod-z': commands.undo,
      'Mod-y': commands.redo,
      'Mod-Shift-z': commands.redo,
      'Mod-Alt-0': commands.paragraph,
      'Mod-Alt-1': commands.heading1,
      'Mod-Alt-2': commands.heading2,
      'Mod-Alt-3': commands.heading3,
      'Mod-Shift-7': commands.orderedList,
      'Mod-Shift-8': commands.bulletList,
      'Mod-Shift-9': commands.taskList,
      'Mod-Enter': chainCommands(exitCode, toggleTask),
      'Shift-Enter': chainCommands(newlineInCode, insertBreak),
      Enter: chainCommands(
        newlineInCode,
        openCodeBlock,
        splitListItem(nodes.list_item),
        splitListItem(nodes.task_item, { checked: false }),
        leaveItem,
        leaveEndDown('enter'),
        createParagraphNear,
        liftEmptyBlock,
        splitBlock,
      ),
      Backspace: chainCommands(undoInputRule, plainAtStart, leaveItemAtStart),
      Tab: chainCommands(
        sinkListItem(nodes.list_item),
        sinkListItem(nodes.task_item),
        indentCode,
        nextCell(1),
      ),
      'Shift-Tab': chainCommands(liftListItem(nodes.list_item), liftListItem(nodes.task_item), nextCell(-1)),
      ArrowDown: chainCommands(leaveCodeDown, leaveEndDown('down')),
      'Ctrl-End': goPastEnd,
      'Cmd-ArrowDown': goPastEnd,
      Escape: escape(onEscape),
    }),
    keymap(baseKeymap),
  ];
}

/** A paragraph that is a fence and nothing else becomes the code block it opens: input rules do not hear Enter. */
const openCodeBlock: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  const { parent } = $from;
  const fence = /^```(\S*)$/.exec(parent.textContent);
  if (!empty || !fence || parent.type !== nodes.paragraph || $from.parentOffset < parent.content.size)
    return false;
  const [start, end] = [$from.start(), $from.end()];
  dispatch?.(
    state.tr.delete(start, end).setBlockType(start, start, nodes.code_block, { params: fence[1] ?? '' }),
  );
  return true;
};

/** An empty item ends its list. */
const leaveItem: Command = (state, dispatch, view) => {
  if (state.selection.$from.parent.content.size > 0) return false;
  return chainCommands(liftListItem(nodes.list_item), liftListItem(nodes.task_item))(state, dispatch, view);
};

/** Backspace at the start of a heading or of code makes it plain text first. */
const plainAtStart: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const plain = $from.parent.type !== nodes.heading && $from.parent.type !== nodes.code_block;
  if (!empty || $from.parentOffset > 0 || plain) return false;
  if ($from.parent.type === nodes.code_block && $from.parent.content.size > 0) return false;
  return commands.paragraph(state, dispatch, view);
};

const leaveItemAtStart: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parentOffset > 0 || $from.depth < 3 || $from.index(-1) > 0) return false;
  if ($from.index(-2) > 0) return false;
  return chainCommands(liftListItem(nodes.list_item), liftListItem(nodes.task_item))(state, dispatch, view);
};

const insertBreak: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
};

const indentCode: Command = (state, dispatch) => {
  if (!isInCode(state)) return false;
  dispatch?.(state.tr.insertText('  ').scrollIntoView());
  return true;
};

/** Down from the last line of code at the end of a document makes a line to write on. */
const leaveCodeDown: Command = (state, dispatch, view) => {
  const { $head, empty } = state.selection;
  if (!empty || !isInCode(state) || $head.after() !== state.doc.content.size) return false;
  const rest = $head.parent.textBetween($head.parentOffset, $head.parent.content.size, '\n', '\n');
  return !rest.includes('\n') && exitCode(state, dispatch, view);
};

const toggleTask: Command = (state, dispatch) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth);
    if (node.type !== nodes.task_item) continue;
    dispatch?.(state.tr.setNodeAttribute($from.before(depth), 'checked', node.attrs['checked'] !== true));
    return true;
  }
  return false;
};

function nextCell(direction: 1 | -1): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    const { parent } = $from;
    if (parent.type !== nodes.table_cell && parent.type !== nodes.table_header) return false;
    const edge = direction === 1 ? $from.after() : $from.before();
    const selection = TextSelection.findFrom(state.doc.resolve(edge), direction, true);
    if (selection !== null) dispatch?.(state.tr.setSelection(selection).scrollIntoView());
    return true;
  };
}

function escape(onEscape: (() => void) | undefined): Command {
  return () => {
    onEscape?.();
    return onEscape !== undefined;
  };
}
