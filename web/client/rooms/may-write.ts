import type { IndexEntry } from '../documents/index-entries.ts';

/** Whether somebody with this level may write; what has ended is only read. */
export function mayWrite({ owner, level, ended }: Pick<IndexEntry, 'owner' | 'level' | 'ended'>): boolean {
  return owner === undefined || (ended === undefined && (level === 'write' || level === 'admin'));
}
