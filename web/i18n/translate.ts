import { resolveTemplate, translator } from '@solid-primitives/i18n';
import { createSignal } from 'solid-js';
import { en, type Dictionary, type Key } from './en.ts';

export const locales = ['en', 'de'] as const;
export type Locale = (typeof locales)[number];

/** English is in the first script; another language is fetched when it is spoken. */
const dictionaries: Record<Locale, () => Promise<Dictionary>> = {
  en: () => Promise.resolve(en),
  de: () => import('./de.ts').then((module) => module.de),
};

/** The names of the languages, each in itself. */
export const localeNames: Record<Locale, string> = { en: 'English', de: 'Deutsch' };

/** The first of the wished languages that we speak, else English. */
export function pickLocale(wished: readonly string[]): Locale {
  for (const tag of wished) {
    const found = locales.find((locale) => tag.toLowerCase().split('-')[0] === locale);
    if (found) return found;
  }
  return 'en';
}

const [spoken, setSpoken] = createSignal<{ locale: Locale; words: Dictionary }>({ locale: 'en', words: en });

/** The current language. */
export const locale = () => spoken().locale;
export type { Key };

/** Switches every string, number and date of the page, and `<html lang>`. Rejects when it cannot be fetched. */
export async function setLocale(next: Locale): Promise<void> {
  const words = await dictionaries[next]();
  setSpoken({ locale: next, words });
  document.documentElement.lang = next;
}

/** The string of a flat key in the current language; `{{name}}` is filled from the second argument. */
export const t = translator(() => spoken().words, resolveTemplate);

/** Picks the form for `n` by the plural rules of the current language. */
export function plural<T>(n: number, forms: { one: T; other: T }): T {
  return new Intl.PluralRules(locale()).select(n) === 'one' ? forms.one : forms.other;
}

/** Keys that exist as a pair `….one` and `….other`. */
type PluralKey<K = keyof Dictionary> = K extends `${infer Base}.one` ? Base : never;

/** The plural string of a key pair, with `{{count}}` filled as a number of the language. */
export function tCount(key: PluralKey, n: number): string {
  const form = plural(n, { one: `${key}.one`, other: `${key}.other` } as const);
  return t(form, { count: formatNumber(n) });
}

/** A number in the digits and grouping of the language. */
export function formatNumber(n: number): string {
  return new Intl.NumberFormat(locale()).format(n);
}

/** Clock time of `ms`, with the day when it is not today (`now` in ms). */
export function formatTime(ms: number, now: number): string {
  const sameDay = new Date(ms).toDateString() === new Date(now).toDateString();
  const style: Intl.DateTimeFormatOptions = sameDay
    ? { hour: 'numeric', minute: '2-digit' }
    : { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' };
  return new Intl.DateTimeFormat(locale(), style).format(ms);
}

/** The day of `ms`, with month and year. */
export function formatDay(ms: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(ms);
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How long ago `ms` was, up to six days; then the date. */
export function formatAgo(ms: number, now: number): string {
  const age = Math.max(0, now - ms);
  if (age >= 6 * 86_400_000) return formatDay(ms);
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style: 'long' });
  for (const [unit, size] of steps) {
    if (age >= size) return format.format(-Math.floor(age / size), unit);
  }
  return format.format(0, 'second');
}

/** Bytes, or kB, MB and GB of them, in the words of the language. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : bytes < 1e9 ? 2 : 3;
  const unit = ['byte', 'kilobyte', 'megabyte', 'gigabyte'][power] ?? 'byte';
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(locale(), {
    ...{ style: 'unit', unit, unitDisplay: power === 0 ? 'long' : 'short' },
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
