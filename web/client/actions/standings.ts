import * as v from 'valibot';
import { IsletError } from '../../../shared/errors.ts';
import { routes } from '../../../shared/routes.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import type { PersonRow, StandingRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';

/** What is decided here about somebody and told to nobody but the relay. */
export type Standing = Omit<StandingRow, 'idTag'>;

/** Shows a decision at once. Call it in a transaction over `people`. */
export async function applyStanding(
  db: Database,
  { idTag, blocked, muted, trust }: StandingRow,
): Promise<void> {
  const known = await db.people.get(idTag);
  const person: PersonRow = known ?? {
    ...{ idTag, name: idTag, type: 'person', connected: 'none' },
    ...{ following: 0, follower: 0, blocked: 0, muted: 0 },
  };
  await db.people.put({
    ...person,
    ...(blocked !== undefined && { blocked: blocked ? 1 : 0 }),
    ...(muted !== undefined && { muted: muted ? 1 : 0 }),
    ...(trust && person.trust && { trust: { state: 'pinned', at: person.trust.at } }),
  });
}

/** Decides about somebody: shown at once, and kept for the relay. */
export async function writeStanding(db: Database, idTag: string, standing: Standing): Promise<void> {
  await db.transaction('rw', db.people, db.standings, async () => {
    const waiting = { ...(await db.standings.get(idTag)), ...standing, idTag };
    await db.standings.put(waiting);
    await applyStanding(db, waiting);
  });
}

/**
 * Tells the relay what was decided; what was decided again meanwhile is told again. What the relay refuses is given up, so that the list it
 * gives next shows what holds.
 * @throws RelayUnreachable to be tried again later; IsletError of the last one that was refused
 */
export async function flushStandings(db: Database, api: Pick<RelayApi, 'set'>): Promise<void> {
  let refusal: IsletError | undefined;
  for (const waiting of await db.standings.toArray()) {
    const { idTag, ...standing } = waiting;
    try {
      await api.set(routes.people + segment(idTag), standing, v.unknown());
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      refusal = error;
    }
    await db.transaction('rw', db.standings, async () => {
      const now = await db.standings.get(idTag);
      if (JSON.stringify(now) === JSON.stringify(waiting)) await db.standings.delete(idTag);
    });
  }
  if (refusal) throw refusal;
}
