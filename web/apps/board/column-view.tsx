import Ellipsis from 'lucide-solid/icons/ellipsis';
import { createMemo, createSignal, createUniqueId, For, type JSX, Show } from 'solid-js';
import { t } from '../../i18n/board/translate.ts';
import { showToast } from '../../state/toasts.ts';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';
import type { BoardState } from './board-state.ts';
import { CardFace } from './card-face.tsx';
import { type Carrying, cardTitle, columnName } from './carrying.ts';
import { onCardKey } from './keys.ts';
import { type Card, type Column, findCard } from './model/board.ts';
import { followPointer } from './pointing.ts';

/** So many cards of a column are drawn, and more when asked. */
const drawnAtOnce = 100;

/** A column: its name, its cards, and a line to add one. */
export function ColumnView(props: { column: Column; state: BoardState; carrying: Carrying; keysId: string }) {
  const heading = createUniqueId();
  const [most, setMost] = createSignal(drawnAtOnce);
  const cards = createMemo(() => props.state.shown(props.column));
  const drawn = createMemo(() => cards().slice(0, most()));
  const carried = () => props.carrying.carried();
  const here = () => carried()?.column === props.column.id;
  return (
    <section class="board-column" aria-labelledby={heading} data-column={props.column.id}>
      <ColumnHead column={props.column} state={props.state} headingId={heading} />
      <ul role="list" class="board-cards">
        <For each={drawn()}>
          {(card) => (
            <>
              <Show when={here() && carried()?.before === card.id}>
                <Slot state={props.state} id={carried()!.id} />
              </Show>
              <CardItem {...props} card={card} />
            </>
          )}
        </For>
        <Show when={here() && !drawn().some(({ id }) => id === carried()?.before)}>
          <Slot state={props.state} id={carried()!.id} />
        </Show>
      </ul>
      <Show when={cards().length > most()}>
        <button type="button" class="button quiet" onClick={() => setMost(most() + drawnAtOnce)}>
          {t('column.more', { count: cards().length - most() })}
        </button>
      </Show>
      <Show when={props.state.app.writable()}>
        <AddCard column={props.column} state={props.state} />
      </Show>
    </section>
  );
}

/** Where the carried card would stand. */
function Slot(props: { state: BoardState; id: string }) {
  return (
    <li class="board-slot" aria-hidden="true">
      {cardTitle(findCard(props.state.board, props.id) ?? { ...emptyCard, id: props.id })}
    </li>
  );
}

const emptyCard: Card = {
  ...{ id: '', column: '', order: '', text: '', done: false, due: '' },
  ...{ people: [], labels: [], checks: [] },
};

function CardItem(props: { card: Card; state: BoardState; carrying: Carrying; keysId: string }) {
  const writable = () => props.state.app.writable();
  const carried = () => props.carrying.carried()?.id === props.card.id;
  return (
    <li>
      <button
        type="button"
        class="board-card"
        classList={{ carried: carried(), finished: props.card.done }}
        data-card={props.card.id}
        aria-describedby={writable() ? props.keysId : undefined}
        onClick={() => props.state.open(props.card.id)}
        onKeyDown={(event) => onCardKey(event, props.card, props)}
        onKeyUp={(event) => event.key === ' ' && event.preventDefault()}
        onPointerDown={(event) => writable() && followPointer(event, props.card, props.carrying)}
        onContextMenu={(event) =>
          'pointerType' in event && event.pointerType === 'touch' && event.preventDefault()
        }
        onBlur={() => carried() && !props.carrying.carried()?.at && props.carrying.putBack()}
      >
        <CardFace card={props.card} state={props.state} />
      </button>
    </li>
  );
}

function ColumnHead(props: { column: Column; state: BoardState; headingId: string }) {
  const [renaming, setRenaming] = createSignal(false);
  const name = () => columnName(props.column);
  const rename = (text: string) => {
    setRenaming(false);
    const next = text.trim();
    if (next !== props.column.name)
      props.state.change((change) => change.renameColumn(props.column.id, next));
  };
  return (
    <div class="column-head">
      <h2 id={props.headingId} classList={{ 'visually-hidden': renaming() }}>
        {name()}
      </h2>
      <Show when={renaming()} fallback={<CountOf count={props.column.cards.length} />}>
        <input
          class="input"
          aria-label={t('column.name')}
          value={props.column.name}
          ref={(input) => queueMicrotask(() => (input.focus(), input.select()))}
          onKeyDown={(event) => {
            if (event.key === 'Enter') rename(event.currentTarget.value);
            if (event.key !== 'Escape') return;
            event.stopPropagation();
            setRenaming(false);
          }}
          onBlur={(event) => renaming() && rename(event.currentTarget.value)}
        />
      </Show>
      <Show when={props.state.app.writable() && props.column.id !== ''}>
        <MenuButton
          label={t('column.menu', { name: name() })}
          items={columnMenu(props.column, props.state, () => setRenaming(true))}
        >
          <Ellipsis size={18} />
        </MenuButton>
      </Show>
    </div>
  );
}

function CountOf(props: { count: number }): JSX.Element {
  return (
    <span class="column-count">
      <span class="visually-hidden">{t('column.count', { count: props.count })}</span>
      <span aria-hidden="true">{props.count}</span>
    </span>
  );
}

function columnMenu(column: Column, state: BoardState, rename: () => void): MenuItem[] {
  const { columns } = state.board;
  const at = columns.findIndex(({ id }) => id === column.id);
  const move = (index: number) => () => state.change((change) => change.moveColumn(column.id, index));
  const heir = columns.find(({ id }) => id !== column.id);
  const remove = () => {
    state.change((change) => change.removeColumn(column.id));
    showToast(t('column.removed', { name: columnName(column), heir: columnName(heir) }), {
      label: t('board.undo'),
      run: () => state.app.undo(),
    });
  };
  return [
    // The field comes after the menu has given back the focus.
    { label: t('column.rename'), run: () => queueMicrotask(rename) },
    ...(at > 0 ? [{ label: t('column.left'), run: move(at - 1) }] : []),
    ...(at < columns.length - 1 ? [{ label: t('column.right'), run: move(at + 1) }] : []),
    ...(heir ? [{ label: t('column.remove'), danger: true, run: remove }] : []),
  ];
}

function AddCard(props: { column: Column; state: BoardState }) {
  const add = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const input = event.currentTarget.querySelector('input');
    const text = input?.value.trim() ?? '';
    if (!input || text === '') return;
    props.state.change((change) => change.addCard(props.column.id, { text }));
    input.value = '';
  };
  return (
    <form class="card-add" onSubmit={add}>
      <input
        class="input"
        aria-label={t('card.addTo', { name: columnName(props.column) })}
        placeholder={t('card.add')}
        enterkeyhint="done"
        autocomplete="off"
      />
    </form>
  );
}
