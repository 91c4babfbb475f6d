import type { Plugin } from 'prosemirror-state';
import { yCursorPlugin } from 'y-prosemirror';
import type { Awareness } from 'y-protocols/awareness';

/** Who writes here, as others see it. `color` is `#rrggbb`. */
export interface EditorUser {
  name: string;
  color: string;
}

/** Time after which a resting caret's name fades, in milliseconds. */
const FADE = 3000;

/** Carets of the others, with names that fade when they rest. */
export function namedCarets(awareness: Awareness, user: EditorUser): Plugin {
  awareness.setLocalStateField('user', user);
  return yCursorPlugin(awareness, {
    cursorBuilder: (other: unknown) => buildCaret(readUser(other)),
    selectionBuilder: (other: unknown) => ({
      class: 'caret-selection',
      style: `--caret: ${readUser(other).color}`,
    }),
  });
}

/** Others send what they like: only a name and a colour are taken from it. */
function readUser(value: unknown): EditorUser {
  const user: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const name = typeof user['name'] === 'string' ? user['name'].slice(0, 40) : '';
  const color = typeof user['color'] === 'string' ? user['color'] : '';
  return { name, color: /^#[0-9a-f]{6}$/i.test(color) ? color : '#7a7a7a' };
}

function buildCaret(user: EditorUser): HTMLElement {
  const caret = document.createElement('span');
  const label = document.createElement('span');
  caret.className = 'caret';
  caret.style.setProperty('--caret', user.color);
  label.className = 'caret-name';
  label.textContent = user.name;
  caret.append('\u2060', label, '\u2060');
  // Each move builds a new caret, so a class set once after the rest is enough.
  setTimeout(() => caret.classList.add('caret-resting'), FADE);
  return caret;
}
