import { createUniqueId, lazy, Match, Show, Switch } from 'solid-js';
import { t } from '../../i18n/standing/translate.ts';
import { standing } from '../../state/standing.ts';

const OwnKeys = lazy(() => import('./own-keys.tsx'));

/** In plain words why this browser may not speak just now, and what helps; nothing while it may. */
export default function StandingSection() {
  const id = createUniqueId();
  const kind = () => standing().kind;
  return (
    <Show when={kind() !== 'in'}>
      <section class="settings-section" aria-labelledby={id} data-testid="standing">
        <h2 id={id}>{t('title')}</h2>
        <div class="card settings-card setting-text" role="status">
          <Switch>
            <Match when={kind() === 'away'}>
              <p>{t('away')}</p>
              <p>{t('kept')}</p>
              <p class="quiet-text">{t('awayAlone')}</p>
            </Match>
            <Match when={kind() === 'suspended'}>
              <OwnKeys />
            </Match>
            <Match when={kind() === 'removed'}>
              <p>{t('removed')}</p>
            </Match>
          </Switch>
        </div>
      </section>
    </Show>
  );
}
