import { followQuery } from '../client/store/live-query.ts';
import { setNotice } from './chip.ts';

/** Why each query that fails now does. */
const failing = new Map<object, string>();

/** Why this device's tables cannot be read, in the browser's words. */
export function whyUnread(): string {
  return [...failing.values()][0] ?? '';
}

/** Shows what a query finds, in every tab, for as long as the page lives. While it fails the chip says that what is shown may be old. */
export function showFollowed<T>(query: () => PromiseLike<T>, show: (found: T) => void): void {
  followQuery(query).subscribe({
    next(found) {
      if (failing.delete(query) && failing.size === 0) setNotice('unread', false);
      show(found);
    },
    error(error) {
      failing.set(query, error instanceof Error ? error.message : String(error));
      setNotice('unread', true);
    },
  });
}
