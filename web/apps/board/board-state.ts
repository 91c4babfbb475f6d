import { type Accessor, createEffect, createMemo, createSignal } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import * as v from 'valibot';
import type { Random } from '../../../shared/bytes.ts';
import type { AppDocument, Other } from '../../state/app-document.ts';
import { keepFocus } from './keys.ts';
import { type Board, type Card, type Column, findCard, readBoard } from './model/board.ts';
import { type BoardChanges, createChanges } from './model/change.ts';

/** Which cards are shown; empty ones filter nothing. */
export interface Filter {
  words: string;
  person: string;
  label: string;
}

/** A board on the screen, as its parts see it. */
export interface BoardState {
  readonly app: AppDocument;
  readonly board: Board;
  change(act: (change: BoardChanges) => void): void;
  readonly filter: Filter;
  setFilter(filter: Partial<Filter>): void;
  /** Cards of a column that the filter lets through. */
  shown(column: Column): Card[];
  readonly opened: Accessor<string | undefined>;
  open(card: string | undefined): void;
  /** Says it to who cannot see it. */
  readonly said: Accessor<string>;
  announce(words: string): void;
  /** Who else looks at a card. */
  lookers(card: string): Other[];
}

const lookShape = v.fallback(v.object({ card: v.string() }), { card: '' });

export function createBoardState(app: AppDocument, random: Random): BoardState {
  const read = app.read(readBoard);
  const [board, setBoard] = createStore<Board>(read());
  createEffect(() => {
    keepFocus();
    setBoard(reconcile(read(), { key: 'id', merge: true }));
  });
  const [filter, setFilter] = createStore<Filter>({ words: '', person: '', label: '' });
  const [opened, open] = createSignal<string>();
  const [said, announce] = createSignal('');
  const changes = createChanges(app.doc, random);
  const lookers = createMemo(() => Map.groupBy(app.others(), ({ at }) => v.parse(lookShape, at).card));
  createEffect(() => {
    const card = opened();
    if (card !== undefined && !findCard(board, card)) open(undefined);
  });
  return {
    ...{ app, board, filter, setFilter, opened, open, said, announce },
    change: (act) => app.edit(() => act(changes)),
    shown: (column) => column.cards.filter((card) => fits(card, filter)),
    lookers: (card) => lookers().get(card) ?? [],
  };
}

function fits(card: Card, { words, person, label }: Filter): boolean {
  if (person !== '' && !card.people.includes(person)) return false;
  if (label !== '' && !card.labels.includes(label)) return false;
  const sought = words.trim().toLowerCase();
  return sought === '' || card.text.toLowerCase().includes(sought);
}
