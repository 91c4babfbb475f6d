import { describe, expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import { de as filesDe } from './files/de.ts';
import { en as filesEn } from './files/en.ts';
import { t as tFiles, tCount as tFilesCount } from './files/translate.ts';
import { de as messagesDe } from './messages/de.ts';
import { en as messagesEn } from './messages/en.ts';
import { de as socialDe } from './social/de.ts';
import { en as socialEn } from './social/en.ts';
import { formatAgo, formatBytes, locale, pickLocale, plural, t, tCount } from './translate.ts';

const marks = (text: string) => [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]).sort();

interface Part {
  name: string;
  en: Readonly<Record<string, string>>;
  de: Readonly<Record<string, string>>;
}

describe.each<Part>([
  { name: 'the whole app', en, de },
  { name: 'files', en: filesEn, de: filesDe },
  { name: 'people', en: socialEn, de: socialDe },
  { name: 'messages', en: messagesEn, de: messagesDe },
])('the words of $name', (part) => {
  const keys = Object.keys(part.en);

  test('both languages have the same keys', () => {
    expect(keys.length).toBeGreaterThan(50);
    expect(Object.keys(part.de).sort()).toEqual([...keys].sort());
  });

  test('each string fills the same values in both languages, and none is empty', () => {
    for (const key of keys) {
      expect(marks(part.de[key] ?? ''), key).toEqual(marks(part.en[key] ?? ''));
      expect(part.de[key]?.trim(), key).not.toBe('');
      expect(part.en[key]?.trim(), key).not.toBe('');
    }
  });

  test('each plural has both forms', () => {
    const bases = keys.filter((key) => key.endsWith('.one')).map((key) => key.slice(0, -4));
    expect(bases.length).toBeGreaterThan(0);
    for (const base of bases) expect(keys).toContain(`${base}.other`);
  });
});

test('the first wished language that we speak wins', () => {
  expect(pickLocale(['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(pickLocale(['fr'])).toBe('en');
  expect(pickLocale([])).toBe('en');
});

test('values and plurals are filled in', () => {
  expect(locale()).toBe('en');
  expect(t('document.trashed', { title: 'Tides' })).toContain('Tides');
  expect(tCount('home.count', 1)).toBe('1 document');
  expect(tCount('home.count', 1200)).toBe('1,200 documents');
  expect(plural(0, { one: 'a', other: 'b' })).toBe('b');
});

test('ages are told in the largest unit that fits, then as a date', () => {
  const now = Date.UTC(2026, 4, 20, 12);
  expect(formatAgo(now - 5_000, now)).toBe('now');
  expect(formatAgo(now - 3 * 60_000, now)).toBe('3 minutes ago');
  expect(formatAgo(now - 26 * 3_600_000, now)).toBe('yesterday');
  expect(formatAgo(now - 30 * 86_400_000, now)).toMatch(/2026/);
});

test('bytes are told in the unit that fits', () => {
  expect(formatBytes(30)).toBe('30 bytes');
  expect(formatBytes(1500)).toBe('1.5 kB');
  expect(formatBytes(2_400_000)).toBe('2.4 MB');
  expect(formatBytes(90_000_000_000)).toBe('90 GB');
});

test('the words of the pages about files are filled in', () => {
  expect(tFiles('files.drop', { folder: 'Holidays' })).toContain('Holidays');
  expect(tFilesCount('files.trashed', 1, { title: 'sea.jpg' })).toContain('sea.jpg');
  expect(tFilesCount('files.trashed', 1200)).toContain('1,200');
});
