import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { formatNumber, type Locale, locale, plural } from '../translate.ts';
import { de } from './de.ts';
import { en, type SpacesDictionary, type SpacesKey } from './en.ts';

/** Both languages come with what speaks them. */
const dictionaries: Record<Locale, SpacesDictionary> = { en, de };

/** The string of a key about spaces; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);

/** Keys that exist as a pair `….one` and `….other`. */
type PluralKey<K = SpacesKey> = K extends `${infer Base}.one` ? Base : never;

/** The plural string of a key pair, with `{{count}}` filled as a number of the language. */
export function tCount(key: PluralKey, n: number): string {
  const form = plural(n, { one: `${key}.one`, other: `${key}.other` } as const);
  return t(form, { count: formatNumber(n) });
}
