import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import { t } from '../../i18n/board/translate.ts';
import type { BoardState } from './board-state.ts';
import type { Card } from './model/board.ts';

/** The checklist of a card. */
export function CardChecks(props: { card: Card; state: BoardState }) {
  let fresh: HTMLInputElement | undefined;
  const add = (): void => {
    const text = fresh?.value.trim() ?? '';
    if (!fresh || text === '') return;
    props.state.change((change) => change.addCheck(props.card.id, text));
    fresh.value = '';
    fresh.focus();
  };
  return (
    <fieldset class="card-part">
      <legend class="label">{t('dialog.checks')}</legend>
      <ul role="list">
        <For each={props.card.checks}>
          {(check) => (
            <li class="card-check-row">
              <input
                type="checkbox"
                aria-label={check.text}
                checked={check.done}
                onChange={(event) => {
                  const done = event.currentTarget.checked;
                  props.state.change((change) => change.setCheck(props.card.id, check.id, { done }));
                }}
              />
              <input
                class="input bare"
                aria-label={t('dialog.check')}
                value={check.text}
                onChange={(event) => {
                  const text = event.currentTarget.value;
                  props.state.change((change) => change.setCheck(props.card.id, check.id, { text }));
                }}
              />
              <button
                type="button"
                class="icon-button"
                aria-label={t('dialog.removeCheck', { text: check.text })}
                onClick={() => props.state.change((change) => change.removeCheck(props.card.id, check.id))}
              >
                <X size={16} />
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.state.app.writable()}>
        <div class="card-new-row">
          <input
            ref={fresh}
            class="input"
            aria-label={t('dialog.newCheck')}
            placeholder={t('dialog.newCheck')}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add();
            }}
          />
          <button type="button" class="icon-button" aria-label={t('dialog.addCheck')} onClick={add}>
            <Plus size={18} />
          </button>
        </div>
      </Show>
    </fieldset>
  );
}
