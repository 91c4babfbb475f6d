import { A } from '@solidjs/router';
import { createUniqueId, For, lazy, Show, type JSX } from 'solid-js';
import { localeNames, locales, t } from '../../i18n/translate.ts';
import { identityState } from '../../state/identity.ts';
import { language, setLanguage, setTheme, theme, themes, type Language } from '../../state/preferences.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { showToast } from '../../state/toasts.ts';
import { DeviceSection } from './device-section.tsx';
import { PictureSection } from './picture-section.tsx';
import './settings.css';
import { StorageSection } from './storage-section.tsx';

const StandingSection = lazy(() => import('./standing-section.tsx'));
const WaysSection = lazy(() => import('./ways-section.tsx'));
const IdentityKeysSection = lazy(() => import('./identity-keys.tsx'));
const KitSection = lazy(() => import('./kit-section.tsx'));
const RelaySection = lazy(() => import('./relay-section.tsx'));
const MovingSection = lazy(() => import('./moving-section.tsx'));
const ExportSection = lazy(() => import('./export-section.tsx'));
const SpaceSection = lazy(() => import('./space-section.tsx'));

/** Look, name, devices and storage. */
export default function SettingsPage() {
  return (
    <Page title={t('settings.title')}>
      <StandingSection />
      <Look />
      <IdentitySection />
      <PictureSection />
      <DeviceSection />
      <WaysSection />
      <KitSection />
      <IdentityKeysSection />
      <StorageSection />
      <ExportSection />
      <RelaySection />
      <MovingSection />
      <SpaceSection />
    </Page>
  );
}

/** A titled group of settings. */
function Section(props: { title: string; children: JSX.Element }) {
  const id = createUniqueId();
  return (
    <section class="settings-section" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      <div class="card settings-card">{props.children}</div>
    </section>
  );
}

function Look() {
  const languageId = createUniqueId();
  return (
    <Section title={t('settings.look')}>
      <div class="setting">
        <span class="label">{t('settings.theme')}</span>
        <Segments
          label={t('settings.theme')}
          value={theme()}
          choices={themes.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
          onChange={setTheme}
        />
      </div>
      <div class="setting">
        <label class="label" for={languageId}>
          {t('settings.language')}
        </label>
        <select
          id={languageId}
          class="input setting-select"
          onChange={(event) => setLanguage(parseLanguage(event.currentTarget.value))}
        >
          <option value="system" selected={language() === 'system'}>
            {t('settings.language.system')}
          </option>
          <For each={locales}>
            {(name) => (
              <option value={name} lang={name} selected={language() === name}>
                {localeNames[name]}
              </option>
            )}
          </For>
        </select>
      </div>
    </Section>
  );
}

function parseLanguage(value: string): Language {
  return locales.find((name) => name === value) ?? 'system';
}

function IdentitySection() {
  const idTag = () => (identityState.identity.kind === 'claimed' ? identityState.identity.idTag : undefined);
  return (
    <Section title={t('settings.identity')}>
      <Show
        when={idTag()}
        fallback={
          <div class="setting-text">
            <p>{t('settings.unclaimed')}</p>
            <p class="quiet-text">{t('settings.claimHow')}</p>
            <A class="button" href="/name">
              {t('card.name')}
            </A>
          </div>
        }
      >
        {(name) => <p>{t('settings.claimed', { idTag: name() })}</p>}
      </Show>
      <div class="setting">
        <span class="label">{t('settings.deviceId')}</span>
        <Show
          when={identityState.deviceId}
          fallback={<span class="quiet-text">{t('settings.noDeviceId')}</span>}
        >
          {(did) => (
            <span class="device-id">
              <code>{did()}</code>
              <CopyButton
                value={did()}
                label={t('settings.copy')}
                doneLabel={t('settings.copied')}
                onError={(error) => showToast(t('settings.failed', { message: String(error) }))}
              />
            </span>
          )}
        </Show>
      </div>
    </Section>
  );
}
