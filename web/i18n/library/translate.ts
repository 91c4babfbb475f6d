import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { formatNumber, type Locale, locale, plural } from '../translate.ts';
import { de } from './de.ts';
import { en, type LibraryDictionary, type LibraryKey } from './en.ts';

export type { LibraryKey };

/** Both languages come with the pages that speak them: no page waits for its words. */
const dictionaries: Record<Locale, LibraryDictionary> = { en, de };

/** The string of a key of the library; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);

/** Keys that exist as a pair `….one` and `….other`. */
type PluralKey<K = LibraryKey> = K extends `${infer Base}.one` ? Base : never;

/** The plural string of a key pair, with `{{count}}` filled as a number of the language, and `values` besides. */
export function tCount(key: PluralKey, n: number, values: Record<string, string> = {}): string {
  const form = plural(n, { one: `${key}.one`, other: `${key}.other` } as const);
  return t(form, { ...values, count: formatNumber(n) });
}
