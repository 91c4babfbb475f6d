import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { type Locale, locale } from '../translate.ts';
import { de } from './de.ts';
import { en, type QuillDictionary } from './en.ts';

/** Both languages come with the editor: no document waits for its words. */
const dictionaries: Record<Locale, QuillDictionary> = { en, de };

/** The string of a key of rich-text documents; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);
