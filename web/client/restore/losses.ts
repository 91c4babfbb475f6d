import * as v from 'valibot';
import type { Database } from '../store/database.ts';

/** The relay is to get what it lacks: since when, and not before which time it is tried again; both milliseconds. */
const lossSchema = v.object({ space: v.literal('loss'), since: v.number(), next: v.number() });

export type Loss = v.InferOutput<typeof lossSchema>;

/** The tables that `noteLoss` writes to. */
export function tablesOfLoss(db: Database) {
  return [db.cursors, db.people, db.standings];
}

/**
 * The relay lost what it had, or is another one: everything is read again from its beginning, and what it lacks is brought to it. Whom the
 * person blocked or muted is told it again. In a transaction of the caller over `tablesOfLoss`. @param now milliseconds
 */
export async function noteLoss(db: Database, now: number): Promise<void> {
  await db.cursors.delete('actions');
  await db.cursors.put({ space: 'loss', since: now, next: 0 } satisfies Loss);
  const decided = await db.people.filter(({ blocked, muted }) => blocked === 1 || muted === 1).toArray();
  for (const { idTag, blocked, muted } of decided) {
    const waiting = await db.standings.get(idTag);
    await db.standings.put({
      ...{ blocked: blocked === 1, muted: muted === 1 },
      ...waiting,
      idTag,
    });
  }
}

export async function readLoss(db: Database): Promise<Loss | undefined> {
  const stored = v.safeParse(lossSchema, await db.cursors.get('loss'));
  return stored.success ? stored.output : undefined;
}
