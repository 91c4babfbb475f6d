import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { en, type WaysDictionary, type WaysKey } from './en.ts';

export type { WaysKey };

/** Both languages come with what speaks them. */
const dictionaries: Record<Locale, WaysDictionary> = { en, de };

/** The string of a key of getting in; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
