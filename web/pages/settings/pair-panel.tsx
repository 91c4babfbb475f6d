import { createSignal, createUniqueId, Match, onCleanup, onMount, Show, Switch } from 'solid-js';
import { formatTime } from '../../i18n/translate.ts';
import { t } from '../../i18n/ways/translate.ts';
import {
  keepOut,
  leavePairing,
  mayLetIn,
  pairing,
  type Pairing,
  readCode,
  showCode,
} from '../../state/pairing.ts';
import { showToast } from '../../state/toasts.ts';
import { tellFailure } from '../../state/way-failure.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { Scanner } from '../../ui/scanner.tsx';
import { PairDecision } from './pair-decision.tsx';
import './pair-panel.css';

/** Lets another device in: by a code that this one shows, or by one that the other shows. */
export default function PairPanel() {
  const [reading, setReading] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    await work().catch((error: unknown) => showToast(tellFailure(error)));
    setBusy(false);
  };
  onMount(() => {
    // Somebody scanned the code of a new device with the camera of the phone.
    if (location.search === '?pair' && location.hash.length > 1) void run(() => readCode(location.hash));
  });
  onCleanup(leavePairing);
  const rests = () => !['shown', 'asked'].includes(pairing().kind);
  return (
    <div class="link-panel">
      <p aria-live="polite" classList={{ 'visually-hidden': pairing().kind === 'none' }}>
        <Outcome now={pairing()} />
      </p>
      <Switch>
        <Match when={of(pairing(), 'shown')}>{(now) => <ShownCode now={now()} />}</Match>
        <Match when={of(pairing(), 'asked')}>{(now) => <PairDecision asked={now()} />}</Match>
      </Switch>
      <Show when={mayLetIn()} fallback={<p class="quiet-text">{t('pair.may-not')}</p>}>
        <Show when={rests() && !reading()}>
          <div class="pair-buttons">
            <button type="button" class="button" disabled={busy()} onClick={() => void run(showCode)}>
              {t('pair.link')}
            </button>
            <button type="button" class="button quiet" onClick={() => setReading(true)}>
              {t('pair.readOther')}
            </button>
          </div>
        </Show>
        <Show when={rests() && reading()}>
          <ReadCode
            busy={busy()}
            onRead={(text) => void run(() => readCode(text).then(() => void setReading(false)))}
          />
        </Show>
      </Show>
      <Show when={reading() || pairing().kind === 'shown'}>
        <button
          type="button"
          class="button quiet"
          onClick={() => {
            setReading(false);
            if (pairing().kind === 'shown') void run(() => keepOut().then(leavePairing));
          }}
        >
          {t('pair.cancel')}
        </button>
      </Show>
    </div>
  );
}

function of<K extends Pairing['kind']>(now: Pairing, kind: K): Extract<Pairing, { kind: K }> | undefined {
  return now.kind === kind ? (now as Extract<Pairing, { kind: K }>) : undefined;
}

function Outcome(props: { now: Pairing }) {
  const name = () => ('name' in props.now ? props.now.name : '');
  return (
    <Switch>
      <Match when={props.now.kind === 'shown'}>{t('pair.waiting')}</Match>
      <Match when={props.now.kind === 'asked'}>{t('pair.asks', { name: name() })}</Match>
      <Match when={props.now.kind === 'approved'}>{t('pair.approved', { name: name() })}</Match>
      <Match when={props.now.kind === 'refused'}>{t('pair.refused')}</Match>
      <Match when={props.now.kind === 'expired'}>{t('pair.expired')}</Match>
      <Match when={of(props.now, 'failed')}>{(now) => t('pair.failed', { message: now().message })}</Match>
    </Switch>
  );
}

function ShownCode(props: { now: Extract<Pairing, { kind: 'shown' }> }) {
  return (
    <div class="pair-code">
      <QrCode text={props.now.url} label={t('door.codeLabel')} />
      <div class="pair-code-words">
        <p class="quiet-text">{t('pair.shownText', { time: formatTime(props.now.expiresAt, Date.now()) })}</p>
        <p class="code-text" data-testid="code" aria-label={t('pair.code')}>
          {props.now.code}
        </p>
        <CopyButton
          value={props.now.url}
          label={t('pair.copy')}
          doneLabel={t('pair.copied')}
          onError={(error) => showToast(tellFailure(error))}
        />
      </div>
    </div>
  );
}

/** The code that the other device shows, typed or seen by the camera. */
function ReadCode(props: { busy: boolean; onRead: (text: string) => void }) {
  const [camera, setCamera] = createSignal(false);
  const [text, setText] = createSignal('');
  const id = createUniqueId();
  return (
    <form
      class="pair-read"
      onSubmit={(event) => {
        event.preventDefault();
        props.onRead(text());
      }}
    >
      <p class="quiet-text">{t('pair.readText')}</p>
      <Show
        when={camera()}
        fallback={
          <button type="button" class="button" onClick={() => setCamera(true)}>
            {t('pair.useCamera')}
          </button>
        }
      >
        <Scanner
          label={t('door.camera')}
          onText={(read) => {
            const isOurs = read.includes('#');
            if (isOurs) props.onRead(read);
            return isOurs;
          }}
          onError={(error) => {
            setCamera(false);
            showToast(
              t('door.noCamera', { message: error instanceof Error ? error.message : String(error) }),
            );
          }}
        />
      </Show>
      <div class="field">
        <label for={id}>{t('pair.typed')}</label>
        <input
          id={id}
          class="input code-text"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          placeholder="0000-0000-0000-0000"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <button type="submit" class="button primary" disabled={props.busy || text().trim() === ''}>
        {t('pair.find')}
      </button>
    </form>
  );
}
