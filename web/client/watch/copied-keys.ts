import type { Did } from '../../../shared/identity/did.ts';
import type { Claimant } from '../device/copied.ts';
import type { Database } from '../store/database.ts';
import { raiseAlarm } from './alarms.ts';

/** Which devices are stopped, by their keys in the device log, because others claim to be them too. */
export type Claimed = ReadonlyMap<Did, { readonly name: string; readonly claimants: readonly Claimant[] }>;

/**
 * SPEC G10: that the keys of a device were used in two places is told on all others, wherever somebody looks: only they can decide. Once it is
 * decided, nobody is told any more, and should it begin anew, everybody is told anew.
 */
export async function tellCopiedKeys(db: Database, claimed: Claimed, now: number): Promise<void> {
  const open = new Set<string>();
  for (const { name, claimants } of claimed.values()) {
    // What the relay says alone is shown in the list of devices; an alarm needs keys that came second.
    if (claimants.length < 2) continue;
    const id = `copied:${claimants
      .map(({ did }) => did)
      .sort()
      .join(' ')}`;
    open.add(id);
    await raiseAlarm(db, { id, kind: 'copied', at: now, what: name });
  }
  await db.alarms.filter(({ id, kind }) => kind === 'copied' && !open.has(id)).delete();
}
