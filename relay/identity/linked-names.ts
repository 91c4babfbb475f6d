import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { Linked } from '../../shared/identity/linked.ts';
import type { Database } from '../store/database.ts';
import { deleteLinked, listLinked, saveLinked, updateLinked } from '../store/linked.ts';
import type { LinkedRow } from '../store/tables-identity.ts';
import type { CheckLink } from './link-check.ts';

/** A name is looked at again after so long, and does not count when it has not held for so long; milliseconds. */
const pauses = { usual: 86_400_000, patience: 7 * 86_400_000 };
const most = 20;

/** Other names of an identity, as long as the other side says the same (SPEC N6–N9). */
export interface LinkedNames {
  /** @throws IsletError E-VAL-INVALID (details: the reason) when it is not proven now, E-NET-FAILED when nobody could be asked */
  add(idTag: IdTag, linked: Linked): Promise<void>;
  /** @throws IsletError E-CORE-NOTFOUND */
  remove(idTag: IdTag, uri: string): Promise<void>;
  /** Looks at those that were not looked at for a day, or at all. */
  check(idTag: IdTag, which?: 'all'): Promise<void>;
  list(idTag: IdTag): Promise<LinkedRow[]>;
  /** Those that count. */
  proven(idTag: IdTag): Promise<Linked[]>;
}

export interface LinkedNameParts {
  readonly db: Database;
  readonly checkLink: CheckLink;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createLinkedNames({ db, checkLink, now }: LinkedNameParts): LinkedNames {
  const look = async (idTag: IdTag, row: LinkedRow): Promise<LinkedRow> => {
    const found = await checkLink(idTag, rowToLinked(row));
    const checked = { ...row, checked_at: now() };
    if (found.state === 'proven') return { ...checked, proven_at: now(), reason: null };
    const isOver = row.proven_at !== null && now() - row.proven_at >= pauses.patience;
    return { ...checked, ...(isOver && { proven_at: null }), reason: found.reason };
  };
  return {
    async add(idTag, { uri, proof = null }) {
      const rows = await listLinked(db, idTag);
      if (rows.length >= most && !rows.some((row) => row.uri === uri))
        throw new IsletError('E-CORE-CONFLICT', `an identity has at most ${most} other names`);
      const found = await checkLink(idTag, { uri, ...(proof !== null && { proof }) });
      if (found.state === 'unknown') throw new IsletError('E-NET-FAILED', found.reason, uri);
      if (found.state === 'refused') throw new IsletError('E-VAL-INVALID', found.reason, uri);
      const times = { added_at: now(), checked_at: now(), proven_at: now() };
      await saveLinked(db, { id_tag: idTag, uri, proof, ...times, reason: null });
    },
    async remove(idTag, uri) {
      if (!(await deleteLinked(db, idTag, uri)))
        throw new IsletError('E-CORE-NOTFOUND', 'this name is not linked', uri);
    },
    async check(idTag, which) {
      for (const row of await listLinked(db, idTag))
        if (which === 'all' || now() - row.checked_at >= pauses.usual)
          await updateLinked(db, await look(idTag, row));
    },
    list: (idTag) => listLinked(db, idTag),
    proven: async (idTag) =>
      (await listLinked(db, idTag)).filter((row) => isProven(row, now())).map(rowToLinked),
  };
}

function isProven({ proven_at }: LinkedRow, now: number): boolean {
  return proven_at !== null && now - proven_at < pauses.patience;
}

function rowToLinked({ uri, proof }: LinkedRow): Linked {
  return { uri, ...(proof !== null && { proof }) };
}
