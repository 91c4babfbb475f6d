import type { IndexEntry } from '../documents/index-entries.ts';

/** SPEC C11: this device may write no documents at all; `theme.js` knows it before anything is drawn. */
export const isReader = (): boolean =>
  globalThis.document?.documentElement.dataset['no']?.split(' ').includes('write') ?? false;

/** Whether somebody with this level may write; what has ended is only read. */
export function mayWrite({ owner, level, ended }: Pick<IndexEntry, 'owner' | 'level' | 'ended'>): boolean {
  if (isReader()) return false;
  return owner === undefined || (ended === undefined && (level === 'write' || level === 'admin'));
}
