import { A, useLocation } from '@solidjs/router';
import { createSignal, createUniqueId, Match, Show, Switch } from 'solid-js';
import { t, type Key } from '../../i18n/translate.ts';
import { setPageTitle } from '../../state/frame.ts';
import { join, joining, parseEnrolFragment, type Joining, type JoinFailure } from '../../state/joining.ts';
import { JoinCard } from '../../ui/join-card.tsx';
import '../../ui/join-card.css';
import { deviceName } from './device-name.ts';

/** Another device of a space: opened from the one-time link that the first device shows. */
export default function EnrolPage() {
  setPageTitle(t('enrol.title'));
  const location = useLocation();
  const link = () => parseEnrolFragment(location.hash);
  const [name, setName] = createSignal(deviceName(navigator.userAgent));
  const nameId = createUniqueId();
  const start = () => {
    const found = link();
    const wanted = name().trim();
    if (found && wanted) void join((source) => source.enrol(found, wanted));
  };
  const waits = () => joining().kind === 'idle' || joining().kind === 'failed';
  return (
    <JoinCard title={t('enrol.title')}>
      <Show when={link() ?? joining().kind === 'done'} fallback={<p>{t('enrol.noToken')}</p>}>
        <div aria-live="polite">
          <Progress state={joining()} />
        </div>
        <Show when={waits()}>
          <form
            class="join-form"
            onSubmit={(event) => {
              event.preventDefault();
              start();
            }}
          >
            <div class="field">
              <label for={nameId}>{t('enrol.name')}</label>
              <input
                id={nameId}
                class="input"
                maxlength={60}
                value={name()}
                onInput={(event) => setName(event.currentTarget.value)}
              />
            </div>
            <button type="submit" class="button primary" disabled={name().trim() === ''}>
              {t(joining().kind === 'failed' ? 'setup.retry' : 'enrol.start')}
            </button>
          </form>
        </Show>
        <Show when={joining().kind === 'done'}>
          <A class="button primary" href="/home">
            {t('setup.open')}
          </A>
        </Show>
      </Show>
    </JoinCard>
  );
}

const failureKeys = {
  used: 'enrol.error.used',
  expired: 'enrol.error.expired',
  unreachable: 'enrol.error.unreachable',
  invalid: 'enrol.error.invalid',
  other: 'setup.error.other',
} as const satisfies Record<JoinFailure, Key>;

function Progress(props: { state: Joining }) {
  const failed = () => (props.state.kind === 'failed' ? props.state : undefined);
  const done = () => (props.state.kind === 'done' ? props.state : undefined);
  return (
    <Switch fallback={<p>{t('enrol.asking')}</p>}>
      <Match when={props.state.kind === 'idle'}>
        <p>{t('enrol.intro')}</p>
      </Match>
      <Match when={props.state.kind === 'waiting'}>
        <p>{t('enrol.waiting')}</p>
        <progress class="progress" aria-label={t('enrol.waiting')} />
      </Match>
      <Match when={failed()}>
        {(failure) => (
          <p class="error-text" role="alert">
            {t(failureKeys[failure().reason], { message: failure().message })}
          </p>
        )}
      </Match>
      <Match when={done()}>
        {(end) => (
          <>
            <p class="label">{t('enrol.done', { idTag: end().idTag })}</p>
            <p class="quiet-text">{t('enrol.doneText')}</p>
          </>
        )}
      </Match>
    </Switch>
  );
}
