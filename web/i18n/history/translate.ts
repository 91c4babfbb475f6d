import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { en, type HistoryDictionary } from './en.ts';

/** Both languages come with what speaks them. */
const dictionaries: Record<Locale, HistoryDictionary> = { en, de };

/** The string of a key of history; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
