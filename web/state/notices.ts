import { createStore, reconcile } from 'solid-js/store';
import type { Actions } from '../client/actions/actions.ts';
import type { NoticeView } from '../client/actions/notices.ts';
import { setUnreadNotices } from './unread.ts';

/** What Notices can do; given by the client once this space is claimed. Rejections carry a message for people. */
export interface NoticesSource extends Pick<
  Actions,
  'accept' | 'disconnect' | 'approve' | 'remove' | 'conversations'
> {
  /** Enters a shared document among one's own; `row` is of the share. */
  acceptShare(row: string): Promise<void>;
  /** All that is there was seen. */
  markRead(): void;
}

interface NoticesState {
  notices: NoticeView[];
  source: NoticesSource | undefined;
}

const [notices, setState] = createStore<NoticesState>({ notices: [], source: undefined });
export { notices };

/** Gives Notices its actions (undefined takes them away). */
export function provideNotices(source: NoticesSource | undefined): void {
  setState('source', () => source);
}

/** Replaces the list, newest first, and says how many are new. */
export function setNotices(next: NoticeView[]): void {
  setState('notices', reconcile(next, { key: 'key' }));
  setUnreadNotices(next.filter(({ unread }) => unread).length);
}
