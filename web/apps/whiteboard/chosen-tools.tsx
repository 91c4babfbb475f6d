import BringToFront from 'lucide-solid/icons/bring-to-front';
import Copy from 'lucide-solid/icons/copy';
import PenLine from 'lucide-solid/icons/pen-line';
import RotateCw from 'lucide-solid/icons/rotate-cw';
import SendToBack from 'lucide-solid/icons/send-to-back';
import Trash from 'lucide-solid/icons/trash';
import { createMemo, For, Show } from 'solid-js';
import { t } from '../../i18n/whiteboard/translate.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { duplicate, remove } from './keys.ts';
import { type Color, type Shown, colors, holdsText, isLine } from './model/objects.ts';
import type { StageState } from './stage-state.ts';

/** The colour of what is drawn next, and what can be done with what is chosen. */
export function ChosenTools(props: { state: StageState }) {
  const { state } = props;
  const chosen = createMemo(() => state.objects().filter(({ id }) => state.selected().has(id)));
  const one = () => (chosen().length === 1 && !isLine(chosen()[0]!.kind) ? chosen()[0] : undefined);
  const any = () => chosen().length > 0;
  const color = (): Color => chosen()[0]?.color ?? state.color();
  const setColor = (next: Color) => {
    state.setColor(next);
    if (any()) state.change((change) => change.setLook(state.selected(), { color: next }));
  };
  const fillable = () => chosen().some(({ kind }) => kind === 'rect' || kind === 'ellipse');
  const filled = () => chosen().some((object) => object.filled);
  const restack = (to: 'front' | 'back') => () =>
    state.change((change) => change.restack(state.selected(), to));
  return (
    <div class="white-chosen" role="group" aria-label={t('act.color')}>
      <div class="white-colors">
        <For each={colors}>
          {(one) => (
            <button
              type="button"
              class="white-color"
              aria-label={t(`color.${one}`)}
              title={t(`color.${one}`)}
              aria-pressed={one === color()}
              style={{ '--swatch': `var(--white-${one}-line)` }}
              onClick={() => setColor(one)}
            />
          )}
        </For>
      </div>
      <Show when={any()}>
        <div class="white-acts">
          <Show when={fillable()}>
            <button
              type="button"
              class="button quiet"
              aria-pressed={filled()}
              onClick={() =>
                state.change((change) => change.setLook(state.selected(), { filled: !filled() }))
              }
            >
              {t('act.filled')}
            </button>
          </Show>
          <Show when={chosen().length === 1 && holdsText(chosen()[0]!.kind)}>
            <IconButton icon={PenLine} label={t('act.edit')} run={() => state.edit(chosen()[0]?.id)} />
          </Show>
          <Show when={one()}>{(object) => <Angle object={object()} state={state} />}</Show>
          <IconButton icon={BringToFront} label={t('act.front')} run={restack('front')} />
          <IconButton icon={SendToBack} label={t('act.back')} run={restack('back')} />
          <IconButton icon={Copy} label={t('act.copy')} run={() => duplicate(state)} />
          <IconButton icon={Trash} label={t('act.remove')} run={() => remove(state)} />
        </div>
      </Show>
    </div>
  );
}

/** By how many degrees an object is turned. */
function Angle(props: { object: Shown; state: StageState }) {
  const set = (field: HTMLInputElement) => {
    const turn = field.valueAsNumber;
    if (Number.isFinite(turn)) props.state.change((change) => change.setTurn(props.object.id, turn));
    field.value = String(props.object.turn);
  };
  return (
    <label class="white-angle" title={t('act.angle')}>
      <RotateCw size={16} aria-hidden="true" />
      <span class="visually-hidden">{t('act.angle')}</span>
      <input
        type="number"
        class="input"
        step="15"
        value={props.object.turn}
        onChange={(event) => set(event.currentTarget)}
      />
      <span aria-hidden="true">°</span>
    </label>
  );
}
