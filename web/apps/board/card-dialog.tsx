import Trash from 'lucide-solid/icons/trash';
import { createEffect, For, on, onCleanup, Show } from 'solid-js';
import { bindText } from '../../client/documents/bind-text.ts';
import { t } from '../../i18n/board/translate.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import type { BoardState } from './board-state.ts';
import { CardChecks } from './card-checks.tsx';
import { CardLabels } from './card-labels.tsx';
import { CardPeople } from './card-people.tsx';
import { cardTitle, columnName } from './carrying.ts';
import { focusCard } from './keys.ts';
import { type Card, cardText, findCard } from './model/board.ts';

/** A card, to be read and changed whole. */
export function CardDialog(props: { state: BoardState }) {
  const card = () => findCard(props.state.board, props.state.opened() ?? '');
  let last: string | undefined;
  createEffect(() => {
    const id = props.state.opened();
    props.state.app.say(id === undefined ? undefined : { card: id });
    if (id === undefined) focusCard(last);
    last = id;
  });
  return (
    <Dialog
      open={card() !== undefined}
      title={t('dialog.title')}
      closeLabel={t('dialog.close')}
      onClose={() => props.state.open(undefined)}
    >
      <Show when={card()}>{(one) => <CardForm card={one()} state={props.state} />}</Show>
    </Dialog>
  );
}

function CardForm(props: { card: Card; state: BoardState }) {
  const locked = () => !props.state.app.writable();
  const place = (column: string) =>
    props.state.change((change) => {
      const there = props.state.board.columns.find(({ id }) => id === column);
      change.moveCard(props.card.id, { column, index: there?.cards.length ?? 0 });
    });
  const remove = () => {
    const { card, state } = props;
    const title = cardTitle(card);
    state.change((change) => change.removeCard(card.id));
    showToast(t('card.removed', { title }), { label: t('board.undo'), run: () => state.app.undo() });
  };
  return (
    <fieldset class="card-form" disabled={locked()}>
      <CardWords card={props.card} state={props.state} />
      <div class="card-form-row">
        <label class="field">
          <span class="label">{t('dialog.column')}</span>
          <select
            class="input"
            value={props.card.column}
            onChange={(event) => place(event.currentTarget.value)}
          >
            <For each={props.state.board.columns}>
              {(column) => (
                <option value={column.id} selected={column.id === props.card.column}>
                  {columnName(column)}
                </option>
              )}
            </For>
          </select>
        </label>
        <label class="field">
          <span class="label">{t('dialog.due')}</span>
          <input
            class="input"
            type="date"
            value={props.card.due}
            onChange={(event) => {
              const due = event.currentTarget.value;
              props.state.change((change) => change.setCard(props.card.id, { due }));
            }}
          />
        </label>
      </div>
      <label class="card-check">
        <input
          type="checkbox"
          checked={props.card.done}
          onChange={(event) => {
            const done = event.currentTarget.checked;
            props.state.change((change) => change.setCard(props.card.id, { done }));
          }}
        />
        {t('card.done')}
      </label>
      <CardChecks card={props.card} state={props.state} />
      <CardLabels card={props.card} state={props.state} />
      <CardPeople card={props.card} state={props.state} />
      <Show when={!locked()}>
        <button type="button" class="button quiet card-remove" onClick={remove}>
          <Trash size={16} />
          {t('dialog.remove')}
        </button>
      </Show>
    </fieldset>
  );
}

/** The words of a card; two who write in them at once keep what both wrote. */
function CardWords(props: { card: Card; state: BoardState }) {
  let field: HTMLTextAreaElement | undefined;
  createEffect(
    on(
      () => props.card.id,
      (id) => {
        const { app } = props.state;
        const text = cardText(app.doc, id);
        if (field && text) onCleanup(bindText(field, text, app.origin));
      },
    ),
  );
  return (
    <label class="field">
      <span class="label">{t('dialog.text')}</span>
      <textarea
        class="input"
        ref={field}
        onKeyDown={(event) => {
          if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
          event.preventDefault();
          if (event.shiftKey) props.state.app.redo();
          else props.state.app.undo();
        }}
      />
    </label>
  );
}
