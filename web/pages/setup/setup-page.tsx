import { A, useLocation } from '@solidjs/router';
import { createEffect, createSignal, lazy, Match, on, onMount, Show, Switch } from 'solid-js';
import { formatNumber, t, tCount, type Key } from '../../i18n/translate.ts';
import { t as tRecovery } from '../../i18n/recovery/translate.ts';
import { t as tSetup } from '../../i18n/setup/translate.ts';
import { setPageTitle } from '../../state/frame.ts';
import {
  join,
  joining,
  parseSetupFragment,
  parseSetupOwner,
  type Joining,
  type JoinFailure,
} from '../../state/joining.ts';
import { endDecision, isDecided, readSetupPlan, type SetupPlan } from '../../state/setup.ts';
import { JoinCard } from '../../ui/join-card.tsx';
import '../../ui/join-card.css';

const ArchivePage = lazy(() => import('./archive-page.tsx'));

/** `/setup?archive#<token>`: an identity that comes with an archive from another relay. */
export default function SetupPage() {
  const location = useLocation();
  return (
    <Show when={'archive' in location.query} fallback={<FirstDevice />}>
      <ArchivePage />
    </Show>
  );
}

/** The first device of a space: opened from the link that the relay prints. */
function FirstDevice() {
  setPageTitle(t('setup.title'));
  const location = useLocation();
  const token = () => parseSetupFragment(location.hash);
  const [plan, setPlan] = createSignal<SetupPlan>();
  createEffect(
    on(
      () => location.hash,
      (hash) => {
        setPlan();
        const tell = (next: SetupPlan) => location.hash === hash && setPlan(next);
        readSetupPlan(parseSetupOwner(hash), tell).catch(() => tell({ kind: 'first', idTag: undefined })); // told by the claim itself
      },
    ),
  );
  const start = async () => {
    const found = token();
    if (!found) return;
    await join((source) => source.claim(found, parseSetupOwner(location.hash)));
    // Otherwise it goes on in a space of its own.
    if (joining().kind === 'done' || joining().kind === 'failed') endDecision();
  };
  onMount(() => {
    const found = token();
    if (found && isDecided(found)) void start(); // a person has said so on the page before
  });
  return (
    <JoinCard title={t('setup.title')}>
      <Show when={token() ?? joining().kind === 'done'} fallback={<p>{t('setup.noToken')}</p>}>
        <div aria-live="polite">
          <Switch>
            <Match when={joining().kind === 'idle'}>{describePlan(plan())}</Match>
            <Match when={joining().kind === 'keys' || joining().kind === 'waiting'}>
              {t('setup.enrolling')}
            </Match>
            <Match when={of(joining(), 'claiming')}>{(claiming) => <Claiming state={claiming()} />}</Match>
            <Match when={of(joining(), 'failed')}>
              {(failed) => (
                <p class="error-text" role="alert">
                  {t(failureKeys[failed().reason], { message: failed().message })}
                </p>
              )}
            </Match>
            <Match when={of(joining(), 'done')}>
              {(done) => (
                <>
                  <p class="label">{t('setup.done', { idTag: done().idTag })}</p>
                  <p class="quiet-text">{t('setup.doneText')}</p>
                  <p class="quiet-text">
                    {tRecovery('kit.offer')} <A href="/settings#kit">{tRecovery('kit.offerLink')}</A>
                  </p>
                </>
              )}
            </Match>
          </Switch>
        </div>
        <Show when={joining().kind === 'idle' || joining().kind === 'failed'}>
          <Show
            when={plan()?.kind === 'holds'}
            fallback={
              <button
                type="button"
                class="button primary"
                disabled={plan() === undefined}
                onClick={() => void start()}
              >
                {startWords(joining().kind, plan())}
              </button>
            }
          >
            <A class="button primary" href={`/recover${location.hash}`}>
              {tSetup('holds.go')}
            </A>
          </Show>
        </Show>
        <Show when={joining().kind === 'done'}>
          <A class="button primary" href="/">
            {t('setup.open')}
          </A>
        </Show>
      </Show>
    </JoinCard>
  );
}

function describePlan(plan: SetupPlan = { kind: 'first', idTag: undefined }): string {
  const { kind, idTag } = plan;
  if (kind === 'holds') return tSetup('holds.text', { idTag });
  if (kind === 'first') return idTag === undefined ? t('setup.intro') : tSetup('first.named', { idTag });
  const { own } = plan;
  return idTag === undefined
    ? tSetup('another.textUnnamed', { own })
    : tSetup('another.text', { idTag, own });
}

function startWords(state: Joining['kind'], plan: SetupPlan | undefined): string {
  if (state === 'failed') return t('setup.retry');
  return plan?.kind === 'another' ? tSetup('another.start') : t('setup.start');
}

const failureKeys = {
  used: 'setup.error.used',
  expired: 'setup.error.expired',
  unreachable: 'setup.error.unreachable',
  invalid: 'setup.error.invalid',
  other: 'setup.error.other',
} as const satisfies Record<JoinFailure, Key>;

function Claiming(props: { state: Extract<Joining, { kind: 'claiming' }> }) {
  return (
    <>
      <p>{tCount('setup.claiming', props.state.total)}</p>
      <progress
        class="progress"
        aria-label={tCount('setup.claiming', props.state.total)}
        max={props.state.total}
        value={props.state.done}
      />
      <p class="quiet-text small">
        {t('setup.progress', {
          done: formatNumber(props.state.done),
          total: formatNumber(props.state.total),
        })}
      </p>
    </>
  );
}

/** The state when it is of that kind, for `<Match when>`. */
function of<K extends Joining['kind']>(state: Joining, kind: K): Extract<Joining, { kind: K }> | undefined {
  return isKind(state, kind) ? state : undefined;
}

function isKind<K extends Joining['kind']>(state: Joining, kind: K): state is Extract<Joining, { kind: K }> {
  return state.kind === kind;
}
