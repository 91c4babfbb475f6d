import { A } from '@solidjs/router';
import { Match, Show, Switch } from 'solid-js';
import { t } from '../../i18n/ways/translate.ts';
import { joining, type Joining } from '../../state/joining.ts';
import { failureWords } from '../../state/way-failure.ts';
import { ThreeWords } from '../../ui/three-words.tsx';

/** How far this browser is with coming in. */
export function Progress() {
  return (
    <div aria-live="polite" class="join-form">
      <Switch>
        <Match when={joining().kind === 'keys'}>
          <p>{t('door.working')}</p>
          <progress class="progress" aria-label={t('door.working')} />
        </Match>
        <Match when={of(joining(), 'waiting')}>{(now) => <Waiting words={now().words ?? []} />}</Match>
        <Match when={of(joining(), 'claiming')}>
          {(now) => (
            <>
              <p>{t('door.claiming', { done: String(now().done), total: String(now().total) })}</p>
              <progress
                class="progress"
                aria-label={t('door.doneText')}
                value={now().done}
                max={Math.max(1, now().total)}
              />
            </>
          )}
        </Match>
        <Match when={of(joining(), 'failed')}>
          {(now) => (
            <p class="error-text" role="alert">
              {failureWords(now().code ?? '', now().message)}
            </p>
          )}
        </Match>
        <Match when={of(joining(), 'done')}>
          {(now) => (
            <>
              <p class="label">{t('door.done', { idTag: now().idTag })}</p>
              <p class="quiet-text">{t('door.doneText')}</p>
              <A class="button primary" href="/home">
                {t('door.open')}
              </A>
            </>
          )}
        </Match>
      </Switch>
    </div>
  );
}

function Waiting(props: { words: readonly string[] }) {
  return (
    <>
      <p>{t('door.waiting')}</p>
      <Show when={props.words.length > 0}>
        <ThreeWords label={t('door.words')} words={props.words} />
      </Show>
      <p class="quiet-text">{t('door.waitingNext')}</p>
      <progress class="progress" aria-label={t('pair.waiting')} />
    </>
  );
}

/** The state when it is of this kind. */
export function of<K extends Joining['kind']>(
  now: Joining,
  kind: K,
): Extract<Joining, { kind: K }> | undefined {
  return now.kind === kind ? (now as Extract<Joining, { kind: K }>) : undefined;
}

/** Whether something is under way that a person waits for. */
export function isUnderWay(): boolean {
  return ['keys', 'waiting', 'claiming', 'done'].includes(joining().kind);
}
