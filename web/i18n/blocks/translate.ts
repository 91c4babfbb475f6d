import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { type BlocksDictionary, en } from './en.ts';

/** Both languages come with the blocks. */
const dictionaries: Record<Locale, BlocksDictionary> = { en, de };

/** The string of a key of the blocks; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
