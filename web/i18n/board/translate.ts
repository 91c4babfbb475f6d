import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { en, type BoardDictionary } from './en.ts';

const dictionaries: Record<Locale, BoardDictionary> = { en, de };

/** The string of a key of boards; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
