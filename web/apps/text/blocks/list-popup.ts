import { drawIcon } from './icons.ts';
import { type Place, placePopup } from './place-popup.ts';

/** A line of a popup. */
export interface PopupLine {
  id: string;
  label: string;
  /** Name of an icon, or a short text (an emoji, a letter) in its place. */
  icon?: string | undefined;
  /** Quiet words at the end: keys, a short code. */
  hint?: string | undefined;
}

/** A listbox beside the caret; the focus stays in the text. */
export interface ListPopup {
  readonly isOpen: boolean;
  show(lines: readonly PopupLine[], at: number, place: Place): void;
  hide(): void;
}

interface ListPopupOptions {
  /** The text field: it is told which line is chosen. */
  field: HTMLElement;
  id: string;
  label: string;
  onPick(index: number): void;
}

/** Makes a listbox that belongs to a text field (`aria-activedescendant`). */
export function createListPopup({ field, id, label, onPick }: ListPopupOptions): ListPopup {
  const list = document.createElement('div');
  list.id = id;
  list.className = 'block-popup';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', label);
  let shown: readonly PopupLine[] = [];
  // A press must not take the focus out of the text.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    if (option !== null) onPick([...list.children].indexOf(option));
  });
  const mark = (at: number): void => {
    [...list.children].forEach((option, index) => option.setAttribute('aria-selected', String(index === at)));
    const chosen = list.children[at];
    if (chosen === undefined) return;
    field.setAttribute('aria-activedescendant', chosen.id);
    chosen.scrollIntoView({ block: 'nearest' });
  };
  return {
    get isOpen() {
      return list.isConnected;
    },
    show(lines, at, place) {
      if (lines !== shown) list.replaceChildren(...lines.map((line) => drawLine(line, `${id}-${line.id}`)));
      shown = lines;
      if (!list.isConnected) {
        field.parentElement?.append(list);
        field.setAttribute('aria-controls', id);
        field.setAttribute('aria-haspopup', 'listbox');
      }
      placePopup(list, place);
      mark(at);
    },
    hide() {
      if (!list.isConnected) return;
      list.remove();
      for (const name of ['aria-controls', 'aria-haspopup', 'aria-activedescendant']) {
        field.removeAttribute(name);
      }
    },
  };
}

function drawLine({ label, icon, hint }: PopupLine, id: string): HTMLElement {
  const option = document.createElement('div');
  option.id = id;
  option.className = 'block-option';
  option.setAttribute('role', 'option');
  option.append(...drawWords({ label, icon, hint }));
  return option;
}

/** Icon, label and hint of a line. */
export function drawWords({ label, icon, hint }: Omit<PopupLine, 'id'>): HTMLElement[] {
  const words = document.createElement('span');
  words.className = 'block-label';
  words.textContent = label;
  const parts = icon === undefined ? [words] : [drawIcon(icon), words];
  if (hint === undefined) return parts;
  const quiet = document.createElement('span');
  quiet.className = 'block-hint';
  quiet.textContent = hint;
  return [...parts, quiet];
}
