import { A, useLocation } from '@solidjs/router';
import { createSignal, createUniqueId, Match, onCleanup, Show, Switch } from 'solid-js';
import { formatDay } from '../../i18n/translate.ts';
import { t } from '../../i18n/moving/translate.ts';
import { type Arriving, createArriving, parseKit, type RecoveryKit } from '../../state/arriving.ts';
import { setPageTitle } from '../../state/frame.ts';
import { isClaimed } from '../../state/identity.ts';
import { parseSetupFragment, parseSetupOwner } from '../../state/joining.ts';
import { FilePicker } from '../../ui/file-picker.tsx';
import { JoinCard } from '../../ui/join-card.tsx';
import '../../ui/join-card.css';

/** An identity comes to this relay with everything it had at another one. */
export default function ArchivePage() {
  setPageTitle(t('arrive.title'));
  const location = useLocation();
  const token = () => parseSetupFragment(location.hash);
  return (
    <JoinCard title={t('arrive.title')}>
      <Show when={token()} fallback={<p>{t('arrive.noToken')}</p>}>
        {(setup) => <Arrive setup={setup()} whose={parseSetupOwner(location.hash)} />}
      </Show>
    </JoinCard>
  );
}

function Arrive(props: { setup: string; whose: string | undefined }) {
  // The link names one relay: another link is another page.
  const { arriving, send, take, close } = createArriving(props.setup, props.whose);
  onCleanup(close);
  const idle = () => arriving().kind === 'idle' || arriving().kind === 'failed';
  return (
    <>
      <div aria-live="polite">
        <Switch>
          <Match when={of(arriving(), 'moving')}>{(now) => <Progress state={now().state} />}</Match>
          <Match when={of(arriving(), 'failed')}>
            {(now) => (
              <p class="error-text" role="alert">
                {t('arrive.failed', { message: now().message })}
              </p>
            )}
          </Match>
          <Match when={of(arriving(), 'done')}>{(now) => <Done idTag={now().idTag} />}</Match>
          <Match when={idle()}>
            <p>{t('arrive.intro')}</p>
          </Match>
        </Switch>
      </div>
      <Show when={idle()}>
        <FilePicker
          class="button primary"
          label={t('arrive.choose')}
          testId="archive-file"
          onPick={([file]) => file && void send(file)}
        >
          {t(arriving().kind === 'failed' ? 'arrive.again' : 'arrive.choose')}
        </FilePicker>
      </Show>
      <Show when={of(arriving(), 'checked')}>{(now) => <Keys state={now().state} take={take} />}</Show>
    </>
  );
}

type Moving = Extract<Arriving, { kind: 'moving' }>['state'];

const steps = { sending: 'arrive.sending', checking: 'arrive.checking' } as const;

function Progress(props: { state: Moving }) {
  const done = () => (props.state.state === 'sending' ? props.state.offset : props.state.done);
  const part = () => Math.min(1, done() / Math.max(1, props.state.size));
  const percent = () => new Intl.NumberFormat(undefined, { style: 'percent' }).format(part());
  const key = () => (props.state.state in steps ? steps[props.state.state as keyof typeof steps] : undefined);
  return (
    <>
      <p>{t(key() ?? 'arrive.taking', { percent: percent() })}</p>
      <progress class="progress" aria-label={t('arrive.title')} max={1} value={part()} />
    </>
  );
}

/** With the kit everybody sees the same identity; without it they see a change. */
function Keys(props: { state: Moving; take: ReturnType<typeof createArriving>['take'] }) {
  const passphraseId = createUniqueId();
  const [kit, setKit] = createSignal<RecoveryKit>();
  const [passphrase, setPassphrase] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setFailure(undefined);
    await work().catch((error: unknown) =>
      setFailure(error instanceof Error ? error.message : String(error)),
    );
    setBusy(false);
  };
  const pick = (file: File) => attempt(async () => void setKit(await parseKit(await file.text())));
  const start = () => {
    const found = kit();
    if (found) void attempt(() => props.take({ kit: found, passphrase: passphrase() }));
  };
  const made = () => formatDay(props.state.identity?.madeAt ?? 0);
  const hasKit = () => props.state.identity?.keys.some(({ sealed }) => sealed.length > 0) ?? false;
  return (
    <>
      <p class="label" role="status">
        {t('arrive.checked', { idTag: props.state.identity?.idTag ?? '', when: made() })}
      </p>
      <Show when={hasKit()}>
        <form
          class="join-form"
          onSubmit={(event) => {
            event.preventDefault();
            start();
          }}
        >
          <p>{t('arrive.kit')}</p>
          <p class="quiet-text small">{t('arrive.kitText')}</p>
          <FilePicker
            class="button"
            label={t('arrive.kitFile')}
            testId="kit-file"
            onPick={([file]) => file && void pick(file)}
          >
            {kit() ? t('arrive.kitHere', { idTag: kit()?.key.idTag ?? '' }) : t('arrive.kitFile')}
          </FilePicker>
          <Show when={kit()}>
            <div class="field">
              <label for={passphraseId}>{t('arrive.passphrase')}</label>
              <input
                id={passphraseId}
                class="input"
                type="password"
                autocomplete="off"
                onInput={(event) => setPassphrase(event.currentTarget.value)}
              />
            </div>
            <button type="submit" class="button primary" disabled={busy() || passphrase() === ''}>
              {t('arrive.take')}
            </button>
          </Show>
        </form>
      </Show>
      <Show when={failure()}>
        {(message) => (
          <p class="error-text" role="alert">
            {t('arrive.failed', { message: message() })}
          </p>
        )}
      </Show>
      <p class="quiet-text small">{t('arrive.withoutText')}</p>
      <button type="button" class="button" disabled={busy()} onClick={() => void attempt(() => props.take())}>
        {t('arrive.without')}
      </button>
    </>
  );
}

function Done(props: { idTag: string }) {
  return (
    <>
      <p class="label">{t('arrive.done', { idTag: props.idTag })}</p>
      <Show when={!isClaimed()}>
        <p class="quiet-text">{t('arrive.doneText')}</p>
      </Show>
      <Show
        when={isClaimed()}
        fallback={
          <A class="button primary" href="/recover">
            {t('arrive.recover')}
          </A>
        }
      >
        <A class="button primary" href="/home">
          {t('arrive.open')}
        </A>
      </Show>
    </>
  );
}

/** The state when it is of that kind, for `<Match when>`. */
function of<K extends Arriving['kind']>(
  state: Arriving,
  kind: K,
): Extract<Arriving, { kind: K }> | undefined {
  return isKind(state, kind) ? state : undefined;
}

function isKind<K extends Arriving['kind']>(
  state: Arriving,
  kind: K,
): state is Extract<Arriving, { kind: K }> {
  return state.kind === kind;
}
