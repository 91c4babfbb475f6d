import { A } from '@solidjs/router';
import Smartphone from 'lucide-solid/icons/smartphone';
import Tag from 'lucide-solid/icons/tag';
import X from 'lucide-solid/icons/x';
import Download from 'lucide-solid/icons/download';
import { createSignal, onCleanup, onMount, Show } from 'solid-js';
import { t } from '../../i18n/translate.ts';
import { isClaimed } from '../../state/identity.ts';
import { install, installed, isLocalName, persistStorage } from '../../state/install.ts';
import { cardDismissed, dismissCard } from '../../state/preferences.ts';

/** Words that someone has written before the card asks for anything. */
const enough = 20;

/** After about twenty words, once: what can be done so that they stay. */
export default function FirstStepsCard(props: { column: () => HTMLElement | undefined }) {
  const [written, setWritten] = createSignal(false);
  const [note, setNote] = createSignal('');
  onMount(() => {
    const count = () => {
      const words = props.column()?.textContent?.match(/\S+/g)?.length ?? 0;
      if (words < enough) return;
      setWritten(true);
      clearInterval(timer);
    };
    const timer = setInterval(count, 1000);
    onCleanup(() => clearInterval(timer));
  });
  const tryInstall = async () => {
    const [persisted, prompted] = await Promise.all([persistStorage(), install()]);
    if (!prompted) setNote(t('card.installHow'));
    else setNote(persisted ? t('card.persisted') : '');
  };
  const phone = () => {
    void persistStorage();
    setNote(t('card.phoneLocal'));
  };
  return (
    <Show when={written() && !cardDismissed() && !isClaimed()}>
      <aside class="card first-steps" aria-label={t('card.title')}>
        <p>
          <strong>{t('card.title')}</strong> <span class="quiet-text">{t('card.text')}</span>
        </p>
        <div class="first-steps-row">
          <Show when={!installed()}>
            <button type="button" class="button" onClick={() => void tryInstall()}>
              <Download size={16} />
              {t('card.install')}
            </button>
          </Show>
          <Show
            when={isLocalName(location.hostname)}
            fallback={
              <A class="button" href="/settings#link" onClick={() => void persistStorage()}>
                <Smartphone size={16} />
                {t('card.phone')}
              </A>
            }
          >
            <button type="button" class="button" onClick={phone}>
              <Smartphone size={16} />
              {t('card.phone')}
            </button>
          </Show>
          <A class="button" href="/name" onClick={() => void persistStorage()}>
            <Tag size={16} />
            {t('card.name')}
          </A>
        </div>
        <Show when={note()}>
          <p class="quiet-text small" role="status">
            {note()}
          </p>
        </Show>
        <button
          type="button"
          class="icon-button first-steps-close"
          aria-label={t('card.dismiss')}
          onClick={() => dismissCard(true)}
        >
          <X size={16} />
        </button>
      </aside>
    </Show>
  );
}
