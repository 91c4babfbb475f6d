import type { Database } from '../store/database.ts';

/**
 * Something that the relay should not have done, or that somebody should know. `invented`: it stands among one's own actions and no device
 * said it. `spoken`: a neighbour was told it in our name, and no device said it. `log`: the relay shows another device log than before.
 * `shown`: it shows a neighbour another one than us. `forged`: what a neighbour said has a proof that does not fit. `device`: a device came in.
 * `keys`: the relay has other identity keys than before. `copied`: the keys of a device were used in two places (SPEC G10).
 */
export type AlarmKind = 'invented' | 'spoken' | 'log' | 'shown' | 'forged' | 'device' | 'keys' | 'copied';

export interface AlarmRow {
  /** The same for the same thing. */
  id: string;
  kind: AlarmKind;
  /** When it was noticed, milliseconds since 1970. */
  at: number;
  /** Type of the action, or name of a device. */
  what?: string;
  /** What was said, or which device let the other in. */
  words?: string;
  /** The neighbour who was told, or who said it. */
  neighbour?: string;
  /** 1 once somebody has put it aside. */
  seen: 0 | 1;
}

/** Keeps it unless it is there already, put aside or not. */
export async function raiseAlarm(db: Database, alarm: Omit<AlarmRow, 'seen'>): Promise<void> {
  await db.transaction('rw', db.alarms, async () => {
    if (!(await db.alarms.get(alarm.id))) await db.alarms.put({ ...alarm, seen: 0 });
  });
}

/** Somebody has seen it. */
export async function putAside(db: Database, id: string): Promise<void> {
  await db.alarms.update(id, { seen: 1 });
}

/** What nobody has put aside, latest first. */
export async function listAlarms(db: Database): Promise<AlarmRow[]> {
  const rows = await db.alarms.orderBy('at').reverse().toArray();
  return rows.filter(({ seen }) => seen === 0);
}
