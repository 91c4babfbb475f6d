import type Quill from 'quill/core.js';
import { SharedUndo } from './undo.ts';

export const commandNames = [
  'paragraph',
  'heading1',
  'heading2',
  'heading3',
  'bold',
  'italic',
  'strike',
  'code',
  'bulletList',
  'orderedList',
  'taskList',
  'quote',
  'codeBlock',
  'checkTask',
  'undo',
  'redo',
] as const;
export type CommandName = (typeof commandNames)[number];

type Formats = Record<string, unknown>;

/** The format that a command sets, the value it sets, and the values by which it is seen to be on. */
const formats: Partial<Record<CommandName, readonly [name: string, ...values: unknown[]]>> = {
  heading1: ['header', 1],
  heading2: ['header', 2],
  heading3: ['header', 3],
  bold: ['bold', true],
  italic: ['italic', true],
  strike: ['strike', true],
  code: ['code', true],
  bulletList: ['list', 'bullet'],
  orderedList: ['list', 'ordered'],
  taskList: ['list', 'unchecked', 'checked'],
  quote: ['blockquote', true],
  codeBlock: ['code-block', true, 'plain'],
};

/** What is on where `at` are the formats. */
export function activeCommands(at: Formats): CommandName[] {
  return commandNames.filter((command) => {
    const [name, ...values] = formats[command] ?? [];
    return name !== undefined && at[name] !== undefined && values.includes(at[name]);
  });
}

/** Runs a command at the selection, as if its key had been pressed. */
export function runCommand(quill: Quill, command: CommandName): void {
  const history = quill.getModule('history');
  if (command === 'undo' || command === 'redo') {
    if (history instanceof SharedUndo) history[command]();
    return;
  }
  quill.focus();
  const at = quill.getFormat();
  const [name, value] = formats[command] ?? [];
  if (command === 'paragraph') quill.format('header', false, 'user');
  else if (command === 'checkTask') checkTask(quill, at['list']);
  else if (name !== undefined)
    quill.format(name, activeCommands(at).includes(command) ? false : value, 'user');
}

function checkTask(quill: Quill, list: unknown): void {
  if (list === 'checked') quill.format('list', 'unchecked', 'user');
  else if (list === 'unchecked') quill.format('list', 'checked', 'user');
}

/** Links the selection, or the whole link at the caret; an empty address ends the link. Without both, the address itself is written. */
export function linkSelection(quill: Quill, href: string): void {
  // The address was typed elsewhere: the caret is where it was last.
  const range = quill.selection.savedRange;
  const at = range.length === 0 ? linkAround(quill, range.index) : range;
  if (at !== undefined) quill.formatText(at.index, at.length, 'link', href === '' ? false : href, 'user');
  else if (href !== '') quill.insertText(range.index, href, { link: href }, 'user');
}

function linkAround(quill: Quill, index: number): { index: number; length: number } | undefined {
  const link = quill.getFormat(index, 0)['link'];
  if (link === undefined) return undefined;
  let [from, to] = [index, index];
  while (from > 0 && quill.getFormat(from - 1, 1)['link'] === link) from -= 1;
  while (to < quill.getLength() - 1 && quill.getFormat(to, 1)['link'] === link) to += 1;
  return to > from ? { index: from, length: to - from } : undefined;
}
