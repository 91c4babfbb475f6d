import Plus from 'lucide-solid/icons/plus';
import { createEffect, createMemo, createUniqueId, For, on, Show } from 'solid-js';
import { t } from '../../i18n/board/translate.ts';
import { random } from '../../state/documents.ts';
import type { AppDocument } from '../../state/app-document.ts';
import './board.css';
import { BoardTools } from './board-tools.tsx';
import { type BoardState, createBoardState } from './board-state.ts';
import { CardDialog } from './card-dialog.tsx';
import { type Carrying, cardTitle, createCarrying } from './carrying.ts';
import { ColumnView } from './column-view.tsx';
import { findCard } from './model/board.ts';

/** A board: columns of cards, moved by pointer, finger and keys. */
export function BoardView(props: { app: AppDocument }) {
  const state = createBoardState(props.app, random);
  const carrying = createCarrying(state);
  const keysId = createUniqueId();
  const none = createMemo(
    () =>
      state.board.columns.some(({ cards }) => cards.length > 0) &&
      state.board.columns.every((column) => state.shown(column).length === 0),
  );
  // A card that was moved by its dialog or by another device is not carried any more when it is gone.
  createEffect(
    on(
      () => carrying.carried() && !findCard(state.board, carrying.carried()!.id),
      (gone) => gone && carrying.putBack(),
    ),
  );
  return (
    <section
      class="board"
      tabindex="-1"
      aria-label={t('board.label')}
      onKeyDown={(event) => onBoardKey(event, props.app)}
    >
      <Show when={props.app.newer()}>
        <p class="document-notice">{t('board.newer')}</p>
      </Show>
      <BoardTools state={state} />
      <p class="visually-hidden" id={keysId}>
        {t('card.keys')}
      </p>
      <Show when={none()}>
        <p class="quiet-text board-none">{t('board.noMatch')}</p>
      </Show>
      <div class="board-columns">
        <For each={state.board.columns}>
          {(column) => <ColumnView column={column} state={state} carrying={carrying} keysId={keysId} />}
        </For>
        <Show when={props.app.writable()}>
          <AddColumn state={state} />
        </Show>
      </div>
      <Show when={carrying.carried()?.at}>
        {(at) => <Ghost at={at()} state={state} carrying={carrying} />}
      </Show>
      <div class="visually-hidden" role="status" aria-live="assertive">
        {state.said()}
      </div>
      <CardDialog state={state} />
    </section>
  );
}

/** The card under the pointer. */
function Ghost(props: { at: { x: number; y: number }; state: BoardState; carrying: Carrying }) {
  const card = () => findCard(props.state.board, props.carrying.carried()?.id ?? '');
  return (
    <div
      class="board-ghost"
      aria-hidden="true"
      style={{ translate: `${props.at.x + 8}px ${props.at.y + 8}px` }}
    >
      <Show when={card()}>{(one) => cardTitle(one())}</Show>
    </div>
  );
}

function AddColumn(props: { state: BoardState }) {
  const add = () => {
    props.state.change((change) => change.addColumn(t('column.new')));
  };
  return (
    <button type="button" class="button quiet column-add" onClick={add}>
      <Plus size={16} />
      {t('column.add')}
    </button>
  );
}

/** Undo and redo anywhere but in a field, which takes back its own letters. */
function onBoardKey(event: KeyboardEvent, app: AppDocument): void {
  if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.target instanceof HTMLElement && event.target.matches('input, textarea, select')) return;
  const key = event.key.toLowerCase();
  if (key !== 'z' && key !== 'y') return;
  event.preventDefault();
  if (key === 'y' || event.shiftKey) app.redo();
  else app.undo();
}
