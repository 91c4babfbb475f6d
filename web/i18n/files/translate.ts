import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { formatNumber, type Locale, locale, plural } from '../translate.ts';
import { de } from './de.ts';
import { en, type FilesDictionary, type FilesKey } from './en.ts';

export type { FilesKey };

/** Both languages come with the pages that speak them: no page waits for its words. */
const dictionaries: Record<Locale, FilesDictionary> = { en, de };

/** The string of a key of the pages about files; `{{name}}` is filled from the second argument. */
export const t = translator(() => dictionaries[locale()], resolveTemplate);

/** Keys that exist as a pair `….one` and `….other`. */
type PluralKey<K = FilesKey> = K extends `${infer Base}.one` ? Base : never;

/** The plural string of a key pair, with `{{count}}` filled as a number of the language, and `values` besides. */
export function tCount(key: PluralKey, n: number, values: Record<string, string> = {}): string {
  const form = plural(n, { one: `${key}.one`, other: `${key}.other` } as const);
  return t(form, { ...values, count: formatNumber(n) });
}

/** A part of one as per cent of the language. */
export function formatPercent(part: number): string {
  return new Intl.NumberFormat(locale(), { style: 'percent' }).format(part);
}
