import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { en, type KeysDictionary } from './en.ts';

const dictionaries: Record<Locale, KeysDictionary> = { en, de };

/** The string of a key of the list of keys. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
