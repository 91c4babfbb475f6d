import { A } from '@solidjs/router';
import Cloud from 'lucide-solid/icons/cloud-check';
import HardDrive from 'lucide-solid/icons/hard-drive';
import { createSignal, createUniqueId, Match, onCleanup, Show, Switch } from 'solid-js';
import { formatTime, type Key, t, tCount } from '../i18n/translate.ts';
import { chip, chipSays, type ChipInput } from '../state/chip.ts';

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
          <ChipTimes />
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

function ChipTimes() {
  const now = Date.now();
  return (
    <dl>
      <div>
        <dt>
          <HardDrive size={16} />
          {t('chip.thisDevice')}
        </dt>
        <dd>{deviceWords(chip, now)}</dd>
      </div>
      <div>
        <dt>
          <Cloud size={16} />
          {t('chip.theRelay')}
        </dt>
        <dd>
          <RelayWords now={now} />
        </dd>
      </div>
    </dl>
  );
}

function deviceWords({ device }: ChipInput, now: number): string {
  if (!device) return t('chip.opening');
  if (device.kind === 'failed') return t('chip.saveFailed', { message: device.message });
  if (device.kind === 'saving') return t('chip.savingSince', { time: formatTime(device.since, now) });
  return t('chip.savedAt', { time: formatTime(device.at, now) });
}

function RelayWords(props: { now: number }) {
  const relay = () => chip.relay;
  return (
    <Switch>
      <Match when={relay().kind === 'unclaimed'}>
        {t('chip.unclaimed')} <A href="/settings">{t('chip.claim')}</A>
      </Match>
      <Match when={relayOf(relay(), 'offline')}>
        {(offline) => (
          <>
            {t('chip.offlineSince', { time: formatTime(offline().since, props.now) })}{' '}
            {offline().dirty > 0 ? tCount('chip.dirty', offline().dirty) : ''}
          </>
        )}
      </Match>
      <Match when={relayOf(relay(), 'synced')}>
        {(synced) => t('chip.syncedAt', { time: formatTime(synced().at, props.now) })}
      </Match>
      <Match when={relayOf(relay(), 'sending')}>{(sending) => tCount('chip.sending', sending().rows)}</Match>
      <Match when={relayOf(relay(), 'attention')}>{(attention) => attentionWords(attention())}</Match>
    </Switch>
  );
}

type Relay = ChipInput['relay'];

/** What a person can do about it, where that is known; else the relay's own words. */
const remedies: Partial<Record<string, Key>> = {
  'E-DELEGATION-REVOKED': 'chip.removed',
  'E-DELEGATION-EXPIRED': 'chip.expired',
  'E-TOKEN-TIME': 'chip.clock',
  'E-LOG-FORK': 'chip.fork',
};

function attentionWords({ message, code = '' }: Extract<Relay, { kind: 'attention' }>): string {
  const remedy = remedies[code];
  return remedy ? t(remedy) : message;
}

/** The state narrowed to one kind, for `<Match when>`. */
function relayOf<K extends Relay['kind']>(relay: Relay, kind: K): Extract<Relay, { kind: K }> | undefined {
  return isKind(relay, kind) ? relay : undefined;
}

function isKind<K extends Relay['kind']>(relay: Relay, kind: K): relay is Extract<Relay, { kind: K }> {
  return relay.kind === kind;
}
