import { createSignal, createUniqueId, lazy, onCleanup, Show, Suspense } from 'solid-js';
import { t } from '../i18n/translate.ts';
import { chip, chipSays } from '../state/chip.ts';

const ChipPanel = lazy(() => import('./chip-panel.tsx'));

/** The one place that says where the last words are, in words and colour; opens to tell when. */
export function SyncChip() {
  const [open, setOpen] = createSignal(false);
  const panelId = createUniqueId();
  const says = () => chipSays(chip);
  let anchor: HTMLDivElement | undefined;
  let button: HTMLButtonElement | undefined;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open()) return;
    setOpen(false);
    button?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  const onOutside = (event: Event) => {
    if (event.target instanceof Node && !anchor?.contains(event.target)) setOpen(false);
  };
  document.addEventListener('pointerdown', onOutside);
  document.addEventListener('focusin', onOutside);
  onCleanup(() => {
    document.removeEventListener('pointerdown', onOutside);
    document.removeEventListener('focusin', onOutside);
  });

  return (
    <div class="chip-anchor" ref={anchor} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        class="chip"
        data-says={says()}
        aria-label={`${t('chip.label')}: ${t(`chip.${says()}`)}`}
        aria-expanded={open()}
        aria-controls={open() ? panelId : undefined}
        onClick={() => setOpen(!open())}
      >
        <span class="chip-dot" aria-hidden="true" />
        <span class="chip-text" data-testid="chip">
          {t(`chip.${says()}`)}
        </span>
      </button>
      <SlowAnnouncer text={() => t(`chip.${says()}`)} />
      <Show when={open()}>
        <div class="chip-panel" id={panelId} role="group" aria-label={t('chip.label')}>
          <Suspense>
            <ChipPanel />
          </Suspense>
        </div>
      </Show>
    </div>
  );
}

/** Tells screen readers the state when it has rested for two seconds, not at every key. */
function SlowAnnouncer(props: { text: () => string }) {
  const [said, setSaid] = createSignal('');
  const timer = setInterval(() => setSaid(props.text()), 2000);
  onCleanup(() => clearInterval(timer));
  return (
    <span class="visually-hidden" role="status">
      {said()}
    </span>
  );
}
