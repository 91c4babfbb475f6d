import { formatDay, formatTime, locale } from '../../i18n/translate.ts';

const day = 86_400_000;

/** Whole days of the calendar from `ms` to `now`, by the clock of this device; a day of 23 hours is one too. */
function daysBetween(ms: number, now: number): number {
  return Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(ms).setHours(0, 0, 0, 0)) / day);
}

/** When `ms` was, short enough to stand beside a name: the clock of today, a day of this week, else the date (`now` in ms). */
export function formatWhen(ms: number, now: number): string {
  const age = daysBetween(ms, now);
  if (age <= 0) return formatTime(ms, now);
  const style: Intl.DateTimeFormatOptions =
    age < 7 ? { weekday: 'short' } : { day: 'numeric', month: 'numeric', year: '2-digit' };
  return new Intl.DateTimeFormat(locale(), style).format(ms);
}

/** The day above what was said on it: today and yesterday by their names, else the date (`now` in ms). */
export function formatDayName(ms: number, now: number): string {
  const age = daysBetween(ms, now);
  if (age !== 0 && age !== 1) return formatDay(ms);
  const name = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(-age || 0, 'day');
  return name.charAt(0).toLocaleUpperCase(locale()) + name.slice(1);
}
