import type Quill from 'quill/core.js';
import type { Context } from 'quill/modules/keyboard.js';
import type { CommandName } from './commands.ts';

interface KeyOptions {
  run: (name: CommandName) => void;
  onEscape: () => void;
}

interface Binding {
  key: string;
  shortKey?: boolean;
  shiftKey?: boolean;
  altKey?: boolean;
  collapsed?: boolean;
  offset?: number;
  suffix?: RegExp;
  handler(this: { quill: Quill }, range: { index: number }, context: Context): boolean | void;
}

/** Keys of the editor beside Quill's own, the same as in text documents. Tab leaves the text where no list takes it. */
export function createKeys({ run, onEscape }: KeyOptions): Record<string, Binding> {
  const command = (name: CommandName, key: string, also: Partial<Binding> = {}): Binding => ({
    key,
    shortKey: true,
    ...also,
    handler: () => run(name),
  });
  return {
    'go away': { key: 'Escape', handler: () => onEscape() },
    tab: { key: 'Tab', handler: () => true },
    undo: command('undo', 'z'),
    redo: command('redo', 'z', { shiftKey: true }),
    'redo again': command('redo', 'y'),
    strike: command('strike', 'x', { shiftKey: true }),
    code: command('code', 'e'),
    paragraph: command('paragraph', '0', { altKey: true }),
    'heading 1': command('heading1', '1', { altKey: true }),
    'heading 2': command('heading2', '2', { altKey: true }),
    'heading 3': command('heading3', '3', { altKey: true }),
    'toggle task': command('checkTask', 'Enter'),
    'cell start': { key: 'Backspace', collapsed: true, offset: 0, handler: staysBefore },
    'cell end': { key: 'Delete', collapsed: true, suffix: /^$/, handler: staysAfter },
  };
}

/** The lines of a table are its cells: joining two of them would break it for those who see the table. */
function staysBefore(this: { quill: Quill }, { index }: { index: number }): boolean {
  return !isTableEdge(this.quill, index, index - 1);
}

function staysAfter(
  this: { quill: Quill },
  { index }: { index: number },
  { line, offset }: Context,
): boolean {
  return offset < line.length() - 1 || !isTableEdge(this.quill, index, index + 1);
}

/** Whether two places are in different lines of which one belongs to a table, and not to the same cell. */
function isTableEdge(quill: Quill, at: number, other: number): boolean {
  if (other < 0 || other >= quill.getLength()) return false;
  const cells = [at, other].map((place) => {
    const formats = Object.entries(quill.getFormat(place, 0)).filter(([name]) => /^table(-|$)/.test(name));
    return JSON.stringify(formats.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return cells[0] !== cells[1];
}
