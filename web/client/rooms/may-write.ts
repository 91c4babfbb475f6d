import type { IndexEntry } from '../documents/index-entries.ts';

/** What this device may not do, by the words of state/limits.ts; `theme.js` knows it before anything is drawn. */
const lacks = (what: string): boolean =>
  globalThis.document?.documentElement.dataset['no']?.split(' ').includes(what) ?? false;

/** SPEC C11: this device may write no documents at all. */
export const isReader = (): boolean => lacks('write');

/** SPEC C13: this device has one folder and nobody's name; it shares and seals nothing. */
export const hasOneFolder = (): boolean => lacks('rest');

/** Whether somebody with this level may write; what has ended is only read. */
export function mayWrite({ owner, level, ended }: Pick<IndexEntry, 'owner' | 'level' | 'ended'>): boolean {
  if (isReader()) return false;
  return owner === undefined || (ended === undefined && (level === 'write' || level === 'admin'));
}
