import { createSignal } from 'solid-js';
import { t } from '../../i18n/board/translate.ts';
import type { BoardState } from './board-state.ts';
import { type Card, type Column, findCard, titleOf } from './model/board.ts';

/** A card that is being moved: where it would stand now. */
export interface Carried {
  id: string;
  column: string;
  /** The card that it would stand before; the end of the column without. */
  before: string | undefined;
  /** Where the pointer is, in pixels of the window; undefined for the keyboard. */
  at?: { x: number; y: number };
}

/** Moving cards, by keys and by pointer: it is seen and heard where a card would stand, and done when it is put down. */
export interface Carrying {
  carried(): Carried | undefined;
  pickUp(card: Card, at?: { x: number; y: number }): void;
  /** To where the pointer is. */
  follow(to: Carried): void;
  step(key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight'): void;
  putDown(): void;
  putBack(): void;
}

export const cardTitle = (card: Card): string => titleOf(card) || t('card.untitled');
export const columnName = (column: Pick<Column, 'name'> | undefined): string =>
  column?.name || t('column.untitled');

export function createCarrying(state: BoardState): Carrying {
  const { board, shown, announce } = state;
  const [carried, setCarried] = createSignal<Carried>();
  const columnOf = (id: string): Column | undefined => board.columns.find((column) => column.id === id);
  /** The cards that it stands among. */
  const among = (column: Column | undefined, id: string): Card[] =>
    column ? shown(column).filter((card) => card.id !== id) : [];
  const placeOf = ({ id, column, before }: Carried): { place: number; places: number } => {
    const cards = among(columnOf(column), id);
    const at = cards.findIndex((card) => card.id === before);
    return { place: (at < 0 ? cards.length : at) + 1, places: cards.length + 1 };
  };
  const tell = (now: Carried): void => {
    announce(t('card.at', { column: columnName(columnOf(now.column)), ...placeOf(now) }));
  };
  const moveTo = (now: Carried, column: Column | undefined, place: number): void => {
    if (column === undefined) return;
    const cards = among(column, now.id);
    const at = Math.max(0, Math.min(place, cards.length));
    const next = { ...now, column: column.id, before: cards[at]?.id };
    setCarried(next);
    tell(next);
  };
  const finish = (now: Carried): void => {
    const cards = (columnOf(now.column)?.cards ?? []).filter((card) => card.id !== now.id);
    const at = cards.findIndex((card) => card.id === now.before);
    const index = at < 0 ? cards.length : at;
    const card = findCard(board, now.id);
    const standing = columnOf(card?.column ?? '')?.cards.findIndex(({ id }) => id === now.id);
    if (card && !(card.column === now.column && standing === index))
      state.change((change) => change.moveCard(now.id, { column: now.column, index }));
  };
  return {
    carried,
    pickUp(card, at) {
      const cards = columnOf(card.column)?.cards ?? [];
      const before = cards[cards.findIndex(({ id }) => id === card.id) + 1]?.id;
      setCarried({ id: card.id, column: card.column, before, ...(at && { at }) });
      if (!at) announce(t('card.picked', { title: cardTitle(card) }));
    },
    follow: setCarried,
    step(key) {
      const now = carried();
      if (!now) return;
      const { place } = placeOf(now);
      const at = board.columns.findIndex(({ id }) => id === now.column);
      if (key === 'ArrowUp' || key === 'ArrowDown')
        moveTo(now, board.columns[at], place - 1 + (key === 'ArrowDown' ? 1 : -1));
      else moveTo(now, board.columns[at + (key === 'ArrowRight' ? 1 : -1)], place - 1);
    },
    putDown() {
      const now = carried();
      const card = now && findCard(board, now.id);
      setCarried(undefined);
      if (!now || !card) return;
      finish(now);
      const column = columnName(columnOf(now.column));
      announce(t('card.put', { title: cardTitle(card), column, ...placeOf(now) }));
    },
    putBack() {
      const card = findCard(board, carried()?.id ?? '');
      setCarried(undefined);
      if (card) announce(t('card.back', { title: cardTitle(card) }));
    },
  };
}
