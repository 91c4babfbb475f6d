import { A, useLocation } from '@solidjs/router';
import { createResource, Match, Show, Switch } from 'solid-js';
import { t } from '../../i18n/recovery/translate.ts';
import { setPageTitle } from '../../state/frame.ts';
import { readSetup, readStanding } from '../../state/recovery.ts';
import { JoinCard } from '../../ui/join-card.tsx';
import '../../ui/join-card.css';
import { FillForm } from './fill-form.tsx';
import { FillProgress } from './fill-progress.tsx';
import { KitForm } from './kit-form.tsx';
import './recover.css';

/** The way back: a browser that has nothing comes in by a recovery kit; one that holds everything fills an empty relay. */
export default function RecoverPage() {
  const location = useLocation();
  const setup = () => readSetup(location.hash);
  const [standing] = createResource(() => readStanding().catch(() => 'unreachable' as const));
  const holder = () => {
    const now = standing();
    return now && now !== 'unreachable' && now.idTag !== undefined ? { ...now, idTag: now.idTag } : undefined;
  };
  const title = () => t(holder() ? 'refill.title' : 'recover.title');
  setPageTitle(t('recover.title'));
  return (
    <JoinCard title={title()}>
      <Switch fallback={<p>{t('recover.opening')}</p>}>
        <Match when={location.hash === '#filling'}>
          <FillProgress />
        </Match>
        <Match when={standing() === 'unreachable'}>
          <p class="error-text" role="alert">
            {t('kit.error.unreachable')}
          </p>
        </Match>
        <Match when={holder()}>
          {(now) => (
            <Show
              when={now().empty}
              fallback={<Enrolled idTag={now().idTag} asked={setup() !== undefined} />}
            >
              <FillForm idTag={now().idTag} setup={setup()} />
            </Show>
          )}
        </Match>
        <Match when={standing()}>
          <KitForm setup={setup()} />
        </Match>
      </Switch>
    </JoinCard>
  );
}

function Enrolled(props: { idTag: string; asked: boolean }) {
  return (
    <>
      <p>{t('recover.enrolled', { name: props.idTag })}</p>
      <Show when={props.asked}>
        <p class="quiet-text">{t('refill.has')}</p>
      </Show>
      <A class="button primary" href="/home">
        {t('recover.open')}
      </A>
    </>
  );
}
