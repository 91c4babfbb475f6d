import { createResource, createSignal, createUniqueId, Show } from 'solid-js';
import { formatBytes, t } from '../../i18n/translate.ts';
import { persistStorage, readStorage } from '../../state/install.ts';

/** How much is kept here, and whether the browser promised to keep it. */
export function StorageSection() {
  const id = createUniqueId();
  const [storage, { refetch }] = createResource(readStorage);
  const [refused, setRefused] = createSignal(false);
  const ask = async () => {
    setRefused(!(await persistStorage()));
    await refetch();
  };
  return (
    <section class="settings-section" aria-labelledby={id}>
      <h2 id={id}>{t('settings.storage')}</h2>
      <div class="card settings-card">
        <Show when={storage.latest}>
          {(now) => (
            <>
              <p>
                {t('settings.storageUsed', {
                  used: formatBytes(now().used),
                  quota: formatBytes(now().quota),
                })}
              </p>
              <div class="setting">
                <span class="quiet-text">
                  {t(now().persistent ? 'settings.storagePersistent' : 'settings.storageBestEffort')}
                </span>
                <Show when={!now().persistent}>
                  <button type="button" class="button" onClick={() => void ask()}>
                    {t('settings.persist')}
                  </button>
                </Show>
              </div>
              <Show when={refused()}>
                <p class="small" role="status">
                  {t('settings.persistRefused')}
                </p>
              </Show>
            </>
          )}
        </Show>
      </div>
    </section>
  );
}
