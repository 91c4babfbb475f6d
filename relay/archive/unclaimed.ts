import type { Database } from '../store/database.ts';
import { dropName, isUnclaimed, listUnclaimed } from '../store/names.ts';
import { deferReferences } from '../store/table-rows.ts';
import { clear } from './take-archive.ts';

/** How long a name waits for its first device, in milliseconds (SPEC N23). */
const patience = 7 * 24 * 3_600_000;

export interface UnclaimedParts {
  readonly db: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends what works for the identity. */
  readonly end: (idTag: string) => Promise<void>;
  /** Takes it up again. */
  readonly begin: (name: { idTag: string; type: 'person' | 'community' }) => Promise<void>;
}

/** Names that nobody came for are free again. Looks when it is called. */
export async function freeUnclaimed({ db, now, end, begin }: UnclaimedParts): Promise<void> {
  const before = now() - patience;
  for (const { id_tag, type } of await listUnclaimed(db, before)) {
    await end(id_tag);
    const freed = await db.transaction().execute(async (trx) => {
      await deferReferences(trx);
      // Its first device may have come while it was being closed.
      if (!(await isUnclaimed(trx, id_tag, before))) return false;
      await clear(trx, id_tag, []);
      await dropName(trx, id_tag);
      return true;
    });
    if (!freed) await begin({ idTag: id_tag, type });
  }
}
