import type { BoardState } from './board-state.ts';
import type { Carrying } from './carrying.ts';
import type { Card } from './model/board.ts';

const arrows = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'] as const;
type Arrow = (typeof arrows)[number];
const isArrow = (key: string): key is Arrow => arrows.some((arrow) => arrow === key);

/** Keys on a card: arrows go on, or move the card that was picked up with Space. Left and right are those of the screen. */
export function onCardKey(
  event: KeyboardEvent & { currentTarget: HTMLElement },
  card: Card,
  { state, carrying }: { state: BoardState; carrying: Carrying },
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const carried = carrying.carried() !== undefined;
  const arrow = isArrow(event.key) ? onScreen(event.key, event.currentTarget) : undefined;
  if (arrow && carried) carrying.step(arrow);
  else if (arrow) goOn(arrow, card, state);
  else if (event.key === ' ' && state.app.writable()) {
    if (carried) putDown(card.id, carrying);
    else carrying.pickUp(card);
  } else if (carried && event.key === 'Enter') putDown(card.id, carrying);
  else if (carried && event.key === 'Escape') carrying.putBack();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function onScreen(key: Arrow, at: HTMLElement): Arrow {
  if (key === 'ArrowUp' || key === 'ArrowDown' || getComputedStyle(at).direction !== 'rtl') return key;
  return key === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
}

function putDown(id: string, carrying: Carrying): void {
  carrying.putDown();
  // In another column it is drawn anew.
  queueMicrotask(() => focusCard(id));
}

/** Focuses a card by its id. */
export function focusCard(id: string | undefined): void {
  if (id !== undefined) document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`)?.focus();
}

/** Called before the board is drawn anew: gives the focus back to a card that then stands elsewhere, or to the board when what had it is gone. */
export function keepFocus(): void {
  const held = document.activeElement;
  const board = held?.closest<HTMLElement>('.board');
  if (!board || !(held instanceof HTMLElement)) return;
  queueMicrotask(() => {
    if (held.isConnected) return;
    focusCard(held.dataset['card']);
    if (document.activeElement === document.body) board.focus({ preventScroll: true });
  });
}

function goOn(arrow: Arrow, card: Card, { board, shown }: BoardState): void {
  const at = board.columns.findIndex(({ id }) => id === card.column);
  const cards = shown(board.columns[at]!);
  const place = cards.findIndex(({ id }) => id === card.id);
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown')
    return focusCard(cards[place + (arrow === 'ArrowDown' ? 1 : -1)]?.id);
  const step = arrow === 'ArrowRight' ? 1 : -1;
  for (let next = at + step; board.columns[next]; next += step) {
    const there = shown(board.columns[next]!);
    if (there.length > 0) return focusCard(there[Math.min(place, there.length - 1)]?.id);
  }
}
