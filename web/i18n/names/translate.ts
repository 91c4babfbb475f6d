import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { en, type NamesDictionary } from './en.ts';

/** Both languages come with what speaks them. */
const dictionaries: Record<Locale, NamesDictionary> = { en, de };

/** The string of a key of names and of the relay; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
