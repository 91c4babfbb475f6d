import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { en, type TypesDictionary } from './en.ts';

const dictionaries: Record<Locale, TypesDictionary> = { en, de };

/** The string of a key of kinds of documents; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
