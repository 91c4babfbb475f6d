import type { Carried, Carrying } from './carrying.ts';
import type { Card } from './model/board.ts';

/** How far a mouse goes before it drags, in pixels; how long a finger rests, in milliseconds. */
const drags = 5;
const rests = 320;
/** So near to an edge it scrolls, so many pixels a frame. */
const edge = 48;
const speed = 12;

/** Follows a pointer that went down on a card: a mouse drags at once, a finger after it has rested. */
export function followPointer(event: PointerEvent, card: Card, carrying: Carrying): void {
  const target = event.currentTarget;
  if (event.button !== 0 || !(target instanceof HTMLElement)) return;
  const start = { x: event.clientX, y: event.clientY };
  const finger = event.pointerType !== 'mouse';
  const board = target.closest<HTMLElement>('.board-columns');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isCarrying = (): boolean => carrying.carried()?.at !== undefined;
  const begin = (): void => {
    carrying.pickUp(card, start);
    if (board) scrollAtEdges(board, carrying);
  };
  const onMove = (move: PointerEvent): void => {
    if (move.pointerId !== event.pointerId) return;
    const at = { x: move.clientX, y: move.clientY };
    const far = Math.hypot(at.x - start.x, at.y - start.y) > drags;
    if (!isCarrying() && far && finger) return end();
    if (!isCarrying() && far) begin();
    const now = carrying.carried();
    if (now?.at && board) carrying.follow(placeAt(board, now.id, at));
  };
  const onUp = (up: PointerEvent): void => {
    // Another finger may touch the board meanwhile.
    if (up.pointerId !== event.pointerId) return;
    if (isCarrying()) {
      swallowClick();
      carrying.putDown();
    }
    end();
  };
  const putBack = (): void => {
    if (isCarrying()) carrying.putBack();
    end();
  };
  const onCancel = (cancel: PointerEvent): void =>
    cancel.pointerId === event.pointerId ? putBack() : undefined;
  const onTouch = (touch: TouchEvent): void => (isCarrying() ? touch.preventDefault() : undefined);
  const onKey = (key: KeyboardEvent): void => {
    if (key.key !== 'Escape' || !isCarrying()) return;
    key.stopPropagation();
    putBack();
    addEventListener('pointerup', swallowClick, { once: true });
  };
  const ends = new AbortController();
  const end = (): void => {
    clearTimeout(timer);
    ends.abort();
  };
  if (finger) timer = setTimeout(begin, rests);
  const { signal } = ends;
  addEventListener('pointermove', onMove, { signal });
  addEventListener('pointerup', onUp, { signal });
  addEventListener('pointercancel', onCancel, { signal });
  addEventListener('keydown', onKey, { signal, capture: true });
  target.addEventListener('touchmove', onTouch, { signal, passive: false });
}

/** The click that follows opens nothing. */
function swallowClick(): void {
  addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener('click', swallow, { capture: true }), 50);
}

function swallow(event: Event): void {
  event.stopPropagation();
  event.preventDefault();
}

/** Where a card would stand under the pointer. */
function placeAt(board: HTMLElement, id: string, at: { x: number; y: number }): Carried {
  const columns = [...board.querySelectorAll<HTMLElement>('[data-column]')];
  const away = (column: HTMLElement): number => {
    const { left, right } = column.getBoundingClientRect();
    return Math.max(left - at.x, 0, at.x - right);
  };
  const column = columns.reduce((best, one) => (away(one) < away(best) ? one : best), columns[0]!);
  const cards = [...column.querySelectorAll<HTMLElement>('[data-card]')].filter(
    (card) => card.dataset['card'] !== id,
  );
  const before = cards.find((card) => {
    const { top, height } = card.getBoundingClientRect();
    return at.y < top + height / 2;
  });
  return { id, column: column.dataset['column'] ?? '', before: before?.dataset['card'], at };
}

function scrollAtEdges(board: HTMLElement, carrying: Carrying): void {
  const scroll = (): void => {
    const at = carrying.carried()?.at;
    if (!at) return;
    const { left, right } = board.getBoundingClientRect();
    if (at.x < left + edge) board.scrollLeft -= speed;
    if (at.x > right - edge) board.scrollLeft += speed;
    if (at.y < edge * 2) scrollBy(0, -speed);
    if (at.y > innerHeight - edge * 2) scrollBy(0, speed);
    requestAnimationFrame(scroll);
  };
  requestAnimationFrame(scroll);
}
