import { A, useLocation } from '@solidjs/router';
import Cloud from 'lucide-solid/icons/cloud-check';
import HardDrive from 'lucide-solid/icons/hard-drive';
import { createSignal, For, lazy, Match, Show, Suspense, Switch } from 'solid-js';
import { formatAgo, formatNumber, formatTime } from '../i18n/translate.ts';
import { t, tCount, type WhereKey } from '../i18n/where/translate.ts';
import { chip, type ChipInput } from '../state/chip.ts';
import { ChipNotice } from './chip-notice.tsx';
import './chip-panel.css';

const WherePanel = lazy(() => import('../pages/document/where-panel.tsx'));

/** What the chip says in full: notices first, then when and where. */
export default function ChipPanel() {
  const now = Date.now();
  const [asked, setAsked] = createSignal(false);
  const location = useLocation();
  const documentId = () => /^\/d\/([0-9A-Za-z]{24})$/.exec(location.pathname)?.[1];
  return (
    <>
      <For each={chip.notices}>{(notice) => <ChipNotice notice={notice} />}</For>
      <dl>
        <div>
          <dt>
            <HardDrive size={16} />
            {t('thisDevice')}
          </dt>
          <dd>{deviceWords(chip, now)}</dd>
        </div>
        <div>
          <dt>
            <Cloud size={16} />
            {t('theRelay')}
          </dt>
          <dd>
            <RelayWords now={now} />
          </dd>
        </div>
      </dl>
      <Show when={documentId()}>
        {(id) => (
          <>
            <button type="button" class="button quiet" onClick={() => setAsked(true)}>
              {t('where')}
            </button>
            <Suspense>
              <Show when={asked()}>
                <WherePanel id={id()} onClose={() => setAsked(false)} />
              </Show>
            </Suspense>
          </>
        )}
      </Show>
    </>
  );
}

function deviceWords({ device }: ChipInput, now: number): string {
  if (!device) return t('opening');
  if (device.kind === 'failed') return t('saveFailed', { message: device.message });
  if (device.kind === 'saving') return t('savingSince', { time: formatTime(device.since, now) });
  return t('savedAt', { time: formatTime(device.at, now) });
}

function RelayWords(props: { now: number }) {
  const relay = () => chip.relay;
  return (
    <>
      <Switch>
        <Match when={relay().kind === 'unclaimed'}>
          {t('unclaimed')} <A href="/settings">{t('claim')}</A>
        </Match>
        <Match when={relayOf(relay(), 'offline')}>
          {(offline) => (
            <>
              {t(offline().sent ? 'offlineSent' : 'offlineSince', {
                time: formatTime(offline().since, props.now),
              })}{' '}
              {offline().dirty > 0 ? tCount('dirty', offline().dirty) : ''}
            </>
          )}
        </Match>
        <Match when={relayOf(relay(), 'reading')}>{(reading) => readingWords(reading())}</Match>
        <Match when={relayOf(relay(), 'synced')}>
          {(synced) => t('syncedAt', { time: formatTime(synced().at, props.now) })}
        </Match>
        <Match when={relayOf(relay(), 'sending')}>{(sending) => tCount('sending', sending().rows)}</Match>
        <Match when={relayOf(relay(), 'attention')}>{(attention) => attentionWords(attention())}</Match>
      </Switch>
      <Show when={oldestOf(relay())}>
        {(oldest) => (
          <p class="chip-oldest">
            {t('oldest', { time: formatTime(oldest(), props.now), ago: formatAgo(oldest(), props.now) })}
          </p>
        )}
      </Show>
    </>
  );
}

/** How far it is, where that is known; what comes first comes before any of it is counted. */
function readingWords({ rows, of }: Extract<Relay, { kind: 'reading' }>) {
  if (of === undefined) return tCount('reading', rows);
  const words =
    rows === 0 ? t('readingFirst') : t('readingOf', { rows: formatNumber(rows), of: formatNumber(of) });
  return (
    <>
      {words}
      <progress max={of} value={rows} aria-label={t('theRelay')} />
    </>
  );
}

type Relay = ChipInput['relay'];

function oldestOf(relay: Relay): number | undefined {
  return 'oldest' in relay ? relay.oldest : undefined;
}

/** What a person can do about it, where that is known; else the relay's own words. */
const remedies: Partial<Record<string, WhereKey>> = {
  'E-DELEGATION-REVOKED': 'removed',
  'E-DELEGATION-EXPIRED': 'expired',
  'E-TOKEN-TIME': 'clock',
  'E-LOG-FORK': 'fork',
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
