import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createSignal, For, Show } from 'solid-js';
import { t } from '../../i18n/board/translate.ts';
import type { BoardState } from './board-state.ts';
import { type Card, type LabelColor, labelColors } from './model/board.ts';

/** The labels of a card, and new ones for the board. */
export function CardLabels(props: { card: Card; state: BoardState }) {
  const [color, setColor] = createSignal<LabelColor>('blue');
  let name: HTMLInputElement | undefined;
  const add = (): void => {
    const text = name?.value.trim() ?? '';
    if (!name || text === '') return;
    props.state.change((change) => change.setLabel(props.card.id, change.addLabel(text, color()), true));
    name.value = '';
    setColor(labelColors[(labelColors.indexOf(color()) + 1) % labelColors.length]!);
  };
  return (
    <fieldset class="card-part">
      <legend class="label">{t('dialog.labels')}</legend>
      <div class="card-choices">
        <For each={props.state.board.labels}>
          {(label) => (
            <span class="card-choice">
              <label class={`board-label label-${label.color}`}>
                <input
                  type="checkbox"
                  checked={props.card.labels.includes(label.id)}
                  onChange={(event) => {
                    const on = event.currentTarget.checked;
                    props.state.change((change) => change.setLabel(props.card.id, label.id, on));
                  }}
                />
                {label.name}
              </label>
              <button
                type="button"
                class="icon-button"
                aria-label={t('dialog.removeLabel', { name: label.name })}
                onClick={() => props.state.change((change) => change.removeLabel(label.id))}
              >
                <X size={14} />
              </button>
            </span>
          )}
        </For>
      </div>
      <Show when={props.state.app.writable()}>
        <div class="card-new-row">
          <input
            ref={name}
            class="input"
            aria-label={t('dialog.newLabel')}
            placeholder={t('dialog.newLabel')}
            maxlength="40"
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add();
            }}
          />
          <select
            class="input card-color"
            aria-label={t('dialog.color')}
            onChange={(event) => {
              const picked = labelColors.find((one) => one === event.currentTarget.value);
              if (picked) setColor(picked);
            }}
          >
            <For each={labelColors}>
              {(one) => (
                <option value={one} selected={one === color()}>
                  {t(`color.${one}`)}
                </option>
              )}
            </For>
          </select>
          <button type="button" class="icon-button" aria-label={t('dialog.addLabel')} onClick={add}>
            <Plus size={18} />
          </button>
        </div>
      </Show>
    </fieldset>
  );
}
