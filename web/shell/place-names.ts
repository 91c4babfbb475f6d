import { type Key, t } from '../i18n/translate.ts';
import type { Place } from './key-names.ts';

const names: Readonly<Record<Place, Key>> = {
  '/home': 'nav.home',
  '/files': 'nav.files',
  '/feed': 'nav.feed',
  '/people': 'nav.people',
  '/messages': 'nav.messages',
  '/notices': 'nav.notices',
  '/settings': 'nav.settings',
};

/** What a page is called. */
export function placeName(place: Place): string {
  return t(names[place]);
}
