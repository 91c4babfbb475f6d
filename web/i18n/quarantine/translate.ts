import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { en, type QuarantineDictionary } from './en.ts';

/** Both languages come with what speaks them. */
const dictionaries: Record<Locale, QuarantineDictionary> = { en, de };

/** The string of a key of what lost devices handed over; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
