import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { formatNumber, type Locale, locale, plural } from '../translate.ts';
import { de } from './de.ts';
import { en, type WhereDictionary, type WhereKey } from './en.ts';

export type { WhereKey };

/** Both languages come with what speaks them. */
const dictionaries: Record<Locale, WhereDictionary> = { en, de };

/** The string of a key about where words are; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);

/** Keys that exist as a pair `….one` and `….other`. */
type PluralKey<K = WhereKey> = K extends `${infer Base}.one` ? Base : never;

/** The plural string of a key pair, with `{{count}}` filled as a number of the language. */
export function tCount(key: PluralKey, n: number): string {
  const form = plural(n, { one: `${key}.one`, other: `${key}.other` } as const);
  return t(form, { count: formatNumber(n) });
}

/** A part of one as per cent of the language. */
export function formatPercent(part: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent' }).format(part);
}
