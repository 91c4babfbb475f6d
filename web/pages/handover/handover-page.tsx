import { A, useLocation } from '@solidjs/router';
import { createSignal, createUniqueId, Match, onMount, Show, Switch } from 'solid-js';
import { formatNumber } from '../../i18n/translate.ts';
import { t } from '../../i18n/handover/translate.ts';
import { setPageTitle } from '../../state/frame.ts';
import { answerOffer, giveSpace, handover, type Handover, receiveSpace } from '../../state/handover.ts';
import { isClaimed } from '../../state/identity.ts';
import { JoinCard } from '../../ui/join-card.tsx';
import '../../ui/join-card.css';

/** Both ends of bringing a space to another address of the app: the old one asks here, the new one answers here. */
export default function HandoverPage() {
  setPageTitle(t('handover.title'));
  const { hash } = useLocation();
  const isNew = hash.startsWith('#from=');
  const [isAlone, setAlone] = createSignal(false);
  onMount(() => isNew && setAlone(!receiveSpace(hash)));
  return (
    <Switch fallback={isNew ? <Receiving isAlone={isAlone()} /> : <Giving />}>
      <Match when={hash === '#arrived'}>
        <Arrived />
      </Match>
    </Switch>
  );
}

function Giving() {
  const id = createUniqueId();
  const [to, setTo] = createSignal('');
  const [isBad, setBad] = createSignal(false);
  const isAsking = () => ['idle', 'refused', 'failed'].includes(handover().kind);
  const start = (event: SubmitEvent) => {
    event.preventDefault();
    setBad(!giveSpace(to()));
  };
  return (
    <JoinCard title={t('handover.title')}>
      <p class="quiet-text">{t('handover.what')}</p>
      <Show when={isAsking()}>
        <form class="field" onSubmit={start}>
          <label for={id}>{t('handover.address')}</label>
          <input
            id={id}
            class="input"
            required
            autocomplete="off"
            placeholder="https://"
            value={to()}
            aria-invalid={isBad()}
            onInput={(event) => setTo(event.currentTarget.value)}
          />
          <p class={isBad() ? 'error-text' : 'quiet-text small'}>
            {t(isBad() ? 'handover.badAddress' : 'handover.addressText')}
          </p>
          <button class="button primary">{t('handover.start')}</button>
        </form>
      </Show>
      <Progress state={handover()} />
      <Show when={handover().kind === 'done'}>
        <p class="label">{t('handover.done')}</p>
        <Show when={isClaimed()}>
          <p>{t('handover.doneIdentity')}</p>
        </Show>
        <p class="quiet-text">{t('handover.removeText')}</p>
        <A class="button" href="/settings#spaces">
          {t('handover.remove')}
        </A>
      </Show>
    </JoinCard>
  );
}

function Receiving(props: { isAlone: boolean }) {
  return (
    <Show
      when={offered(handover())}
      fallback={
        <JoinCard title={t('handover.title')}>
          <Show when={!props.isAlone} fallback={<p>{t('handover.noOpener')}</p>}>
            <Progress state={handover()} />
          </Show>
        </JoinCard>
      }
    >
      {(now) => (
        <JoinCard title={t('handover.offer', { from: new URL(now().from).host })}>
          <p>
            {t('handover.offerText', {
              name: now().offer.name || now().offer.idTag || t('handover.unnamed'),
              entries: formatNumber(now().offer.entries),
            })}
          </p>
          <button type="button" class="button primary" onClick={() => answerOffer('take')}>
            {t('handover.take')}
          </button>
          <button type="button" class="button" onClick={() => answerOffer('refuse')}>
            {t('handover.refuse')}
          </button>
        </JoinCard>
      )}
    </Show>
  );
}

function offered(state: Handover): Extract<Handover, { kind: 'offered' }> | undefined {
  return state.kind === 'offered' ? state : undefined;
}

function running(state: Handover): Extract<Handover, { kind: 'running' }> | undefined {
  return state.kind === 'running' ? state : undefined;
}

function Progress(props: { state: Handover }) {
  const failure = () => (props.state.kind === 'failed' ? props.state.message : undefined);
  return (
    <div aria-live="polite">
      <Switch>
        <Match when={props.state.kind === 'opening'}>{t('handover.opening')}</Match>
        <Match when={props.state.kind === 'refused'}>{t('handover.refused')}</Match>
        <Match when={running(props.state)}>
          {(now) => <Copying done={now().done} total={now().total} />}
        </Match>
        <Match when={failure()}>
          {(message) => <p class="error-text">{t('handover.failed', { message: message() })}</p>}
        </Match>
      </Switch>
    </div>
  );
}

function Copying(props: { done: number; total: number }) {
  const words = () =>
    t('handover.running', { done: formatNumber(props.done), total: formatNumber(props.total) });
  return (
    <>
      <p>{words()}</p>
      <progress class="progress" aria-label={words()} max={props.total} value={props.done} />
    </>
  );
}

function Arrived() {
  return (
    <JoinCard title={t('handover.arrived')}>
      <p>{t('handover.arrivedText')}</p>
      <A class="button primary" href="/enrol">
        {t('handover.enrol')}
      </A>
      <A class="button" href="/home">
        {t('handover.later')}
      </A>
    </JoinCard>
  );
}
