import { paletteOpen } from '../../state/palette.ts';

/** A press on the page, in CSS pixels of the window. */
interface Press {
  at: number;
  x: number;
  y: number;
  inText: boolean;
}

/** What the reader did themselves while a document was being opened. */
export interface Arrival {
  /** They went to something else, and it keeps the focus. */
  wentElsewhere: boolean;
  /** Where in the text they pressed last, before there was a text. */
  pressed: { x: number; y: number } | undefined;
}

let lastPress: Press | undefined;
let lastTab = -1;

// Listened to from the start: someone may press before the document is asked for.
document.addEventListener(
  'pointerdown',
  ({ target, clientX: x, clientY: y }) => {
    const inText = target instanceof Element && target.closest('#first-words, .document-column') !== null;
    lastPress = { at: performance.now(), x, y, inText };
  },
  true,
);
document.addEventListener(
  'keydown',
  ({ key }) => {
    if (key === 'Tab') lastTab = performance.now();
  },
  true,
);

/** Reads what was done since `start`, a time of `performance.now()`. */
export function readArrival(start: number): Arrival {
  const press = lastPress && lastPress.at >= start ? lastPress : undefined;
  const active = document.activeElement;
  const isIdle = active === null || active.matches('body, #main, #first-words');
  return {
    wentElsewhere: paletteOpen() || (!isIdle && (press !== undefined || lastTab >= start)),
    pressed: press?.inText ? { x: press.x, y: press.y } : undefined,
  };
}

/** Puts the caret of the focused text at a point, when there is text. */
export function placeCaret(text: HTMLElement, { x, y }: { x: number; y: number }): void {
  if (!('caretPositionFromPoint' in document)) return;
  const place = document.caretPositionFromPoint(x, y);
  if (place && text.contains(place.offsetNode)) {
    document.getSelection()?.collapse(place.offsetNode, place.offset);
  }
}
