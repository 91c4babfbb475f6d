import { createSignal } from 'solid-js';

const [paletteOpen, setPaletteOpen] = createSignal(false);
export { paletteOpen };

/** The field that takes keys until the palette is there: in the document they would be words of it. */
let field: HTMLInputElement | undefined;
/** Gives the focus back to what had it, with the caret where it was. */
let giveBack: (() => void) | undefined;
let isThere = false;

/** Binds the keys that open and close the palette: on every page, before anything else of the palette is fetched. Returns the end. */
export function bindPaletteKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    if (field && event.key === 'Escape') closePalette();
    else if (!isSearch(event)) return;
    else if (paletteOpen()) closePalette();
    else if (document.querySelector('dialog[open]')) return;
    else openPalette();
    event.preventDefault();
  };
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

/** Opens it; until its code has come, a field takes the keys. */
export function openPalette(): void {
  if (!isThere) catchKeys();
  setPaletteOpen(true);
}

/** Closes it, and gives the focus back when only the field was there. */
export function closePalette(): void {
  takeCaught();
  setPaletteOpen(false);
}

/** Says that the palette is there, and takes the keys itself. Returns the end. */
export function providePalette(): () => void {
  isThere = true;
  return () => (isThere = false);
}

/** What was typed before the palette was there; the focus is where it was before that. */
export function takeCaught(): string {
  const typed = field?.value ?? '';
  field?.remove();
  if (field) giveBack?.();
  field = undefined;
  return typed;
}

function catchKeys(): void {
  const before = document.activeElement;
  const selection = getSelection();
  const caret = selection?.rangeCount ? selection.getRangeAt(0) : undefined;
  giveBack = () => {
    if (!(before instanceof HTMLElement) || !before.isConnected) return;
    before.focus({ preventScroll: true });
    if (!caret || !before.contains(caret.startContainer)) return;
    selection?.removeAllRanges();
    selection?.addRange(caret);
  };
  field = document.createElement('input');
  field.className = 'visually-hidden';
  document.body.append(field);
  field.focus({ preventScroll: true });
}

function isSearch({ ctrlKey, metaKey, altKey, shiftKey, key }: KeyboardEvent): boolean {
  return ctrlKey !== metaKey && !altKey && !shiftKey && key.toLowerCase() === 'k';
}
