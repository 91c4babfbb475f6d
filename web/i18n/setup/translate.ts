import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { en, type SetupDictionary } from './en.ts';

/** Both languages come with what speaks them. */
const dictionaries: Record<Locale, SetupDictionary> = { en, de };

/** The string of a key of setting up; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
