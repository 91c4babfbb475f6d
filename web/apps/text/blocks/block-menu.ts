import { type Command, NodeSelection, Selection } from 'prosemirror-state';
import { isInTable } from 'prosemirror-tables';
import type { EditorView } from 'prosemirror-view';
import { t } from '../../../i18n/blocks/translate.ts';
import type { BlocksKey } from '../../../i18n/blocks/en.ts';
import { activeBlock, commands } from '../commands.ts';
import { type Block, deleteBlock, duplicateBlock, moveBlock } from './block-commands.ts';
import { calloutLines } from './callouts.ts';
import { type MenuLine, openMenu } from './menu-popup.ts';
import type { Place } from './place-popup.ts';
import { tableCommands } from './tables.ts';

/** What a block can be turned into. */
const kinds = [
  ['text', 'text', 'paragraph', commands.paragraph],
  ['heading1', 'H1', 'heading1', commands.heading1],
  ['heading2', 'H2', 'heading2', commands.heading2],
  ['heading3', 'H3', 'heading3', commands.heading3],
  ['bullets', 'bullets', 'bullet_list', commands.bulletList],
  ['numbers', 'numbers', 'ordered_list', commands.orderedList],
  ['tasks', 'tasks', 'task_list', commands.taskList],
  ['quote', 'quote', 'blockquote', commands.blockquote],
  ['code', 'code', 'code_block', commands.codeBlock],
] as const;

const tableLines = [
  ['rowAbove', 'up'],
  ['rowBelow', 'down'],
  ['columnBefore', 'left'],
  ['columnAfter', 'right'],
  ['wider', 'right', 'Alt+⇧+→'],
  ['narrower', 'left', 'Alt+⇧+←'],
  ['headerRow', 'table'],
  ['headerColumn', 'table'],
  ['merge', 'merge'],
  ['split', 'split'],
  ['deleteRow', 'remove'],
  ['deleteColumn', 'remove'],
  ['deleteTable', 'remove'],
] as const;

/** Opens the menu of the block with the caret. */
export function openBlockMenu(view: EditorView, place: Place): void {
  const lines = [...tableMenuLines(view), ...calloutMenuLines(view), ...turnLines(view), ...blockLines(view)];
  const parent = view.dom.parentElement ?? document.body;
  openMenu({ parent, label: t('block.menu'), lines, place, onClose: () => view.focus() });
}

/** The menu of the table with the caret alone. */
export function openTableMenu(view: EditorView, place: Place): void {
  const parent = view.dom.parentElement ?? document.body;
  const lines = tableMenuLines(view).slice(1);
  openMenu({ parent, label: t('table.menu'), lines, place, onClose: () => view.focus() });
}

/** Puts the caret into a block, or selects what has no place for one. */
export function selectBlock(view: EditorView, { pos, node }: Block): void {
  const { doc, tr, selection } = view.state;
  if (selection.from > pos && selection.to < pos + node.nodeSize) return;
  const inside = Selection.findFrom(doc.resolve(pos), 1, true);
  const fits = inside !== null && inside.from < pos + node.nodeSize;
  view.dispatch(tr.setSelection(fits ? inside : NodeSelection.create(doc, pos)));
}

function line(view: EditorView, id: string, key: BlocksKey, [icon, command]: [string, Command]): MenuLine {
  return { id, label: t(key), icon, run: () => void command(view.state, view.dispatch, view) };
}

function tableMenuLines(view: EditorView): MenuLine[] {
  if (!isInTable(view.state)) return [];
  const usable = tableLines.filter(([id]) => tableCommands[id](view.state));
  return [
    { id: 'table', label: t('table.menu') },
    ...usable.map(([id, icon, hint]) => ({
      ...line(view, id, `table.${id}`, [icon, tableCommands[id]]),
      ...(hint !== undefined && { hint }),
    })),
  ];
}

function calloutMenuLines(view: EditorView): MenuLine[] {
  const lines = calloutLines(view);
  return lines.length === 0 ? [] : [{ id: 'callout', label: t('callout.kinds') }, ...lines];
}

function turnLines(view: EditorView): MenuLine[] {
  const now = activeBlock(view.state);
  if (isInTable(view.state) || view.state.selection instanceof NodeSelection) return [];
  const turns = kinds.map(([id, icon, name, command]) => ({
    ...line(view, id, `slash.${id}`, [icon, command]),
    checked: name === now,
    // A second time most commands take away what they made.
    ...(name === now ? { run: () => undefined } : {}),
  }));
  return [{ id: 'turn', label: t('block.turn') }, ...turns];
}

function blockLines(view: EditorView): MenuLine[] {
  return [
    { id: 'block', label: t('block.block') },
    { ...line(view, 'move-up', 'block.up', ['up', moveBlock(-1)]), hint: 'Alt+⇧+↑' },
    { ...line(view, 'move-down', 'block.down', ['down', moveBlock(1)]), hint: 'Alt+⇧+↓' },
    line(view, 'duplicate', 'block.duplicate', ['copy', duplicateBlock]),
    line(view, 'delete', 'block.delete', ['remove', deleteBlock]),
  ];
}
