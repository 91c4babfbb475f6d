import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import Pause from 'lucide-solid/icons/pause';
import Play from 'lucide-solid/icons/play';
import { createSignal, createUniqueId, onCleanup, Show } from 'solid-js';
import { t } from '../../i18n/history/translate.ts';
import { Segments } from '../../ui/segments.tsx';
import type { HistoryView, Look } from './history-view.ts';

/** Playing shows this many moments at most, this many milliseconds apart. */
const playing = { moments: 60, beat: 350 };

/** The slider of a history with its buttons, and what is shown of the moment. */
export function HistoryPlayer(props: { view: HistoryView }) {
  const [timer, setTimer] = createSignal<ReturnType<typeof setInterval>>();
  const stop = () => {
    clearInterval(timer());
    setTimer(undefined);
  };
  const go = (count: number) => props.view.setCount(Math.max(0, Math.min(count, props.view.total())));
  const step = (by: number) => {
    stop();
    go(props.view.count() + by);
  };
  const play = () => {
    if (timer()) return stop();
    if (props.view.count() >= props.view.total()) go(0);
    const by = Math.ceil(props.view.total() / playing.moments);
    setTimer(
      setInterval(() => {
        go(props.view.count() + by);
        if (props.view.count() >= props.view.total()) stop();
      }, playing.beat),
    );
  };
  onCleanup(stop);
  const looks = (['changes', 'plain', 'compare'] as const).map((value) => ({
    value,
    label: t(`look.${value}`),
  }));
  return (
    <div class="history-player">
      <p class="history-moment" data-testid="history-moment" aria-live={timer() ? 'off' : 'polite'}>
        {props.view.moment(props.view.count())}
      </p>
      <div class="history-bar">
        <button
          type="button"
          class="icon-button"
          aria-label={timer() ? t('pause') : t('play')}
          onClick={play}
        >
          <Show when={timer()} fallback={<Play size={18} />}>
            <Pause size={18} />
          </Show>
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={t('earlier')}
          disabled={props.view.count() === 0}
          onClick={() => step(-1)}
        >
          <ChevronLeft size={18} />
        </button>
        <MomentSlider
          label={t('slider')}
          view={props.view}
          value={props.view.count()}
          onInput={(count) => {
            stop();
            go(count);
          }}
        />
        <button
          type="button"
          class="icon-button"
          aria-label={t('later')}
          disabled={props.view.count() === props.view.total()}
          onClick={() => step(1)}
        >
          <ChevronRight size={18} />
        </button>
      </div>
      <Segments<Look>
        label={t('look')}
        value={props.view.look()}
        choices={looks}
        onChange={(look) => props.view.setLook(look)}
      />
      <Show when={props.view.look() === 'compare'}>
        <OtherMoment view={props.view} />
      </Show>
    </div>
  );
}

function OtherMoment(props: { view: HistoryView }) {
  const id = createUniqueId();
  return (
    <div class="history-other">
      <label for={id}>
        {t('other')}: <span data-testid="history-other">{props.view.moment(props.view.other())}</span>
      </label>
      <MomentSlider
        id={id}
        label={t('other')}
        view={props.view}
        value={props.view.other()}
        onInput={(count) => props.view.setOther(count)}
      />
    </div>
  );
}

function MomentSlider(props: {
  id?: string;
  label: string;
  view: HistoryView;
  value: number;
  onInput: (count: number) => void;
}) {
  const position = () => t('position', { n: props.value, total: props.view.total() });
  return (
    <input
      id={props.id}
      type="range"
      class="history-slider"
      aria-label={props.label}
      aria-valuetext={`${position()}: ${props.view.moment(props.value)}`}
      min={0}
      max={props.view.total()}
      value={props.value}
      onInput={(event) => props.onInput(event.currentTarget.valueAsNumber)}
    />
  );
}
