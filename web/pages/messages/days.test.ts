import { expect, test } from 'vitest';
import { formatDay } from '../../i18n/translate.ts';
import { formatDayName, formatWhen } from './days.ts';

/** A Saturday, by the clock of whoever runs this. */
const now = new Date(2026, 10, 21, 0, 30).getTime();
const at = (days: number) => new Date(2026, 10, 21 - days, 23, 50).getTime();

test('today and yesterday have names, by the calendar and not by hours', () => {
  expect(formatDayName(now, now)).toBe('Today');
  expect(formatDayName(at(1), now)).toBe('Yesterday');
  expect(formatDayName(at(2), now)).toBe(formatDay(at(2)));
});

test('beside a name stands the clock of today, the day of this week, or the date', () => {
  expect(formatWhen(now, now)).toMatch(/^12:30\sAM$/);
  expect(formatWhen(at(1), now)).toBe('Fri');
  expect(formatWhen(at(6), now)).toBe('Sun');
  expect(formatWhen(at(7), now)).toBe('11/14/26');
});
