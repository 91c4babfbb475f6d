import { createSignal, createUniqueId, For } from 'solid-js';
import { t } from '../../i18n/identity/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { type IdentityKeys, saveServices, type Services } from '../../state/identity-care.ts';
import { identityState } from '../../state/identity.ts';
import { Switch } from '../../ui/switch.tsx';

/** What the did document names besides keys: nothing unless it is chosen. */
export function ServiceChoice(props: { services: Services; onChange: (keys: IdentityKeys) => void }) {
  const siteId = createUniqueId();
  const [site, setSite] = createSignal('');
  const did = () =>
    identityState.identity.kind === 'claimed' ? `did:web:${identityState.identity.idTag}` : '';
  const save = (services: Services) => attempt(saveServices(services).then(props.onChange));
  const add = async () => {
    const url = URL.parse(site().trim())?.href ?? site().trim();
    const sites = [...props.services.sites, url];
    if (await save({ ...props.services, sites })) setSite('');
  };
  return (
    <div class="identity-part">
      <h3 class="label">{t('services.title')}</h3>
      <p class="quiet-text">{t('services.text', { did: did() })}</p>
      <Switch
        label={t('services.relay')}
        checked={props.services.relay}
        onChange={(relay) => void save({ ...props.services, relay })}
      />
      <Switch
        label={t('services.app')}
        checked={props.services.app}
        onChange={(app) => void save({ ...props.services, app })}
      />
      <ul role="list" class="identity-list">
        <For each={props.services.sites}>
          {(uri) => (
            <li class="identity-line">
              <code>{uri}</code>
              <button
                type="button"
                class="button"
                aria-label={t('services.remove', { uri })}
                onClick={() =>
                  void save({
                    ...props.services,
                    sites: props.services.sites.filter((other) => other !== uri),
                  })
                }
              >
                {t('links.removeShort')}
              </button>
            </li>
          )}
        </For>
      </ul>
      <form
        class="identity-form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div class="field">
          <label for={siteId}>{t('services.site')}</label>
          <input
            id={siteId}
            class="input"
            type="url"
            required
            placeholder="https://"
            value={site()}
            onInput={(event) => setSite(event.currentTarget.value)}
          />
        </div>
        <div class="identity-buttons">
          <button type="submit" class="button">
            {t('services.add')}
          </button>
        </div>
      </form>
    </div>
  );
}
