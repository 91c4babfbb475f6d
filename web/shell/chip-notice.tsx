import { A } from '@solidjs/router';
import { createResource, type JSX, Match, Show, Switch } from 'solid-js';
import { formatNumber } from '../i18n/translate.ts';
import { t, tCount } from '../i18n/where/translate.ts';
import type { Notice } from '../state/chip.ts';
import { putAsideEvicted, readEvicted } from '../state/eviction.ts';
import { whyUnread } from '../state/followed.ts';
import { identityState } from '../state/identity.ts';
import { showToast } from '../state/toasts.ts';
import { decideDeletions, heldDeletions, readFullness } from '../state/upkeep.ts';

/** Titles that are named before the rest is only counted. */
const named = 5;

/** Something that a person has to know or decide, with what can be done about it. */
export function ChipNotice(props: { notice: Notice }) {
  return (
    <div class="chip-notice">
      <Switch>
        <Match when={props.notice === 'deletions'}>
          <Deletions />
        </Match>
        <Match when={props.notice === 'evicted'}>
          <Evicted />
        </Match>
        <Match when={props.notice === 'newer'}>
          <p>{t('newer')}</p>
          <Act label={t('reload')} run={() => location.reload()} primary />
        </Match>
        <Match when={props.notice === 'unread'}>
          <p>{t('unread', { message: whyUnread() })}</p>
        </Match>
        <Match when={props.notice === 'full'}>
          <Full />
        </Match>
      </Switch>
    </div>
  );
}

function Act(props: { label: string; run: () => void; primary?: boolean }): JSX.Element {
  const act = (): void => {
    props.run();
    // The button goes with its notice.
    document.querySelector<HTMLElement>('.chip')?.focus();
  };
  return (
    <button type="button" class="button" classList={{ primary: props.primary === true }} onClick={act}>
      {props.label}
    </button>
  );
}

function shorten(titles: readonly string[]): string {
  const rest = titles.length - named;
  return titles.slice(0, named).join(', ') + (rest > 0 ? ` + ${formatNumber(rest)}` : '');
}

function Deletions() {
  const [lost] = createResource(heldDeletions);
  const decide = (keep: boolean): void => {
    decideDeletions(keep).catch((error: unknown) =>
      showToast(error instanceof Error ? error.message : String(error)),
    );
  };
  return (
    <Show when={lost.latest}>
      {(entries) => (
        <>
          <p>{tCount('deletions', entries().length)}</p>
          <p class="chip-names">
            {t('deletionsSome', { titles: shorten(entries().map(({ title }) => title)) })}
          </p>
          <div class="chip-acts">
            <Act label={t('deletionsKeep')} run={() => decide(true)} primary />
            <Act label={t('deletionsRemove')} run={() => decide(false)} />
          </div>
        </>
      )}
    </Show>
  );
}

function Evicted() {
  const before = readEvicted();
  const isBack = () => identityState.identity.kind === 'claimed';
  if (!before) return undefined;
  const rest = (): string => {
    if (!before.claimed) return t('evictedLocal');
    return before.unsent.length === 0
      ? t('evictedNothing')
      : t('evictedLost', { titles: shorten(before.unsent) });
  };
  return (
    <>
      <p>{t(isBack() ? 'evicted' : 'evictedAlone', { count: formatNumber(before.entries) })}</p>
      <p class="chip-names">{rest()}</p>
      <div class="chip-acts">
        <Show when={!isBack()}>
          <A class="button primary" href="/settings">
            {t('link')}
          </A>
        </Show>
        <Act label={t('understood')} run={putAsideEvicted} />
      </div>
    </>
  );
}

function Full() {
  const [fullness] = createResource(readFullness);
  return (
    <Show when={fullness.latest}>
      {(now) => (
        <>
          <p>{t('full', now().words)}</p>
          <A class="button" href="/settings">
            {t('storage')}
          </A>
        </>
      )}
    </Show>
  );
}
