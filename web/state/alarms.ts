import { createStore, reconcile } from 'solid-js/store';
import type { Database } from '../client/store/database.ts';
import { type AlarmRow, listAlarms, putAside } from '../client/watch/alarms.ts';
import { showFollowed } from './followed.ts';
import { setUnreadAlarms } from './unread.ts';

interface AlarmsState {
  alarms: AlarmRow[];
  /** Somebody has seen it; undefined while unclaimed. */
  putAside: ((id: string) => Promise<void>) | undefined;
}

const [alarms, setState] = createStore<AlarmsState>({ alarms: [], putAside: undefined });
export { alarms };

/** What the own relay should not have done, and which devices came in: live, in every tab. */
export function provideAlarms(db: Database): void {
  showFollowed(
    () => listAlarms(db),
    (rows) => {
      setState('alarms', reconcile(rows, { key: 'id' }));
      setUnreadAlarms(rows.length);
    },
  );
  setState('putAside', () => (id: string) => putAside(db, id));
}
