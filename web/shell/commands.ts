import type { Navigator } from '@solidjs/router';
import { t as tFiles } from '../i18n/files/translate.ts';
import { t as tIdentity } from '../i18n/identity/translate.ts';
import { t as tMoving } from '../i18n/moving/translate.ts';
import { t as tNames } from '../i18n/names/translate.ts';
import { t as tKit } from '../i18n/recovery/translate.ts';
import { t as tSearch } from '../i18n/search/translate.ts';
import { t as tSpaces } from '../i18n/spaces/translate.ts';
import { t } from '../i18n/translate.ts';
import { t as tTypes } from '../i18n/types/translate.ts';
import { t as tWays } from '../i18n/ways/translate.ts';
import { newDocument } from '../state/documents.ts';
import { isClaimed } from '../state/identity.ts';
import { setTheme, themes } from '../state/preferences.ts';
import { showToast } from '../state/toasts.ts';
import { newTyped, newTypes } from '../state/typed-documents.ts';
import { keyNames, keysOfPlace, places } from './key-names.ts';
import { placeName } from './place-names.ts';
import { showOnPage } from './show-on-page.ts';

/** Something that can be done from anywhere. */
export interface Command {
  id: string;
  group: 'actions' | 'settings';
  label: string;
  /** Other words under which one may look for it. */
  words?: string;
  keys?: readonly string[];
  run(): void;
}

/** Everything that can be done now, in the order in which it is offered. */
export function listCommands(navigate: Navigator, showKeys: () => void): Command[] {
  const action = (id: string, label: string, rest: Pick<Command, 'run'> & Partial<Command>): Command => ({
    ...{ id, label, group: 'actions' },
    ...rest,
  });
  return [
    action('new', tSearch('action.newDocument'), {
      keys: keyNames.newDocument,
      run: () => navigate(newDocument()),
    }),
    ...newTypes.map((type) =>
      action(`new:${type}`, tSearch('action.newTyped', { type: tTypes(`types.${type}`) }), {
        run: () => void newTyped(type).then(navigate, tellFailure),
      }),
    ),
    ...Object.values(places).map((place) =>
      action(`go:${place}`, tSearch('action.go', { page: placeName(place) }), {
        keys: keysOfPlace(place),
        run: () => navigate(place),
      }),
    ),
    action('go:trash', tSearch('action.go', { page: tSearch('action.trash') }), {
      run: () => navigate('/files?in=trash'),
    }),
    ...themes.map((theme) =>
      action(`theme:${theme}`, tSearch('action.theme', { theme: t(`settings.theme.${theme}`) }), {
        words: tSearch('action.themeWords'),
        run: () => setTheme(theme),
      }),
    ),
    isClaimed()
      ? action('link', tSearch('action.link'), {
          words: tSearch('action.linkWords'),
          run: () => showSection(navigate, t('settings.devices')),
        })
      : action('name', tSearch('action.name'), {
          words: tSearch('action.nameWords'),
          run: () => navigate('/name'),
        }),
    action('keys', tSearch('action.keys'), {
      words: tSearch('action.keysWords'),
      keys: keyNames.help,
      run: showKeys,
    }),
    ...listSections(navigate),
  ];
}

function listSections(navigate: Navigator): Command[] {
  const always = [t('settings.look'), t('settings.identity'), t('settings.devices'), tFiles('storage.title')];
  const claimed = [
    tFiles('pictures.title'),
    tWays('ways.title'),
    tKit('kit.title'),
    tIdentity('keys.title'),
    tNames('relay.title'),
    tMoving('moving.title'),
  ];
  return [...always, ...(isClaimed() ? claimed : []), tSpaces('spaces.title')].map((section) => ({
    id: `setting:${section}`,
    group: 'settings',
    label: tSearch('setting', { section }),
    run: () => showSection(navigate, section),
  }));
}

function tellFailure(error: unknown): void {
  showToast(t('settings.failed', { message: error instanceof Error ? error.message : String(error) }));
}

/** Goes to the section of Settings that has this title. */
function showSection(navigate: Navigator, title: string): void {
  navigate('/settings');
  showOnPage(() =>
    [...document.querySelectorAll<HTMLElement>('.settings-section h2')].find(
      ({ textContent }) => textContent === title,
    ),
  );
}
