import { A } from '@solidjs/router';
import { createResource, createSignal, createUniqueId, Match, onMount, Show, Switch } from 'solid-js';
import { formatDay } from '../../i18n/translate.ts';
import { t } from '../../i18n/recovery/translate.ts';
import { chip } from '../../state/chip.ts';
import { isClaimed } from '../../state/identity.ts';
import { kits } from '../../state/recovery.ts';
import { KitMaker } from './kit-maker.tsx';
import './kit.css';

/** What brings a person back who lost every device, and the way to a new relay. */
export default function KitSection() {
  const id = createUniqueId();
  const [making, setMaking] = createSignal(false);
  let section: HTMLElement | undefined;
  onMount(() => {
    if (location.hash === '#kit') section?.scrollIntoView();
  });
  const known = () => isClaimed() && chip.relay.kind === 'synced';
  const [state, { refetch }] = createResource(known, async (ready) => {
    if (!ready) return undefined;
    return (await kits.state().catch(() => undefined)) ?? 'none';
  });
  return (
    <section ref={section} class="settings-section" id="kit" aria-labelledby={id}>
      <h2 id={id}>{t('kit.title')}</h2>
      <div class="card settings-card">
        <Show when={isClaimed()} fallback={<p class="quiet-text">{t('kit.unclaimed')}</p>}>
          <div class="setting-text">
            <p class="label">{t('kit.promise')}</p>
            <p class="quiet-text">{t('kit.what')}</p>
          </div>
          <Show
            when={making()}
            fallback={<KitStateLine state={state()} reachable={known()} onMake={() => setMaking(true)} />}
          >
            <KitMaker
              again={state() !== 'none'}
              onEnd={() => {
                setMaking(false);
                void refetch();
              }}
            />
          </Show>
          <p>
            <A href="/recover">{t('refill.settings')}</A>
          </p>
        </Show>
      </div>
    </section>
  );
}

type Known = Awaited<ReturnType<typeof kits.state>>;

function KitStateLine(props: { state: Known | 'none'; reachable: boolean; onMake: () => void }) {
  const kit = () => (props.state === 'none' ? undefined : props.state);
  return (
    <div class="setting">
      <span class="setting-text kit-state" aria-live="polite">
        <Switch fallback={<span class="quiet-text">{props.reachable ? '' : t('kit.offline')}</span>}>
          <Match when={props.state === 'none'}>{t('kit.none')}</Match>
          <Match when={kit()}>
            {(now) => (
              <>
                <span>{t('kit.madeAt', { date: formatDay(now().madeAt) })}</span>
                <Show when={now().unproven}>
                  <span class="storage-warning">{t('kit.unproven')}</span>
                </Show>
                <Show when={now().older && !now().unproven}>
                  <span class="quiet-text small">{t('kit.older')}</span>
                </Show>
              </>
            )}
          </Match>
        </Switch>
      </span>
      <button type="button" class="button" disabled={!props.reachable} onClick={() => props.onMake()}>
        {t(kit() ? 'kit.again' : 'kit.make')}
      </button>
    </div>
  );
}
