import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';

/** How much guests bring within an hour, each in all documents together (SPEC Z4, Z11). */
export interface Growth {
  /** @throws IsletError E-SYS-UNAVAIL: it has brought enough for now */
  assert(guest: IdTag): void;
  /** @param edits of how many edits, when it is not one */
  add(guest: IdTag, bytes: number, edits?: number): void;
}

/** Whatever an edit is, it counts for so many bytes at least. */
const least = 512;
const hour = 3_600_000;

/** @param now milliseconds since 1970; `most` bytes of one guest */
export function createGrowth(now: () => number, most: number): Growth {
  const added = new Map<IdTag, { readonly since: number; bytes: number }>();
  const forget = (): void => {
    for (const [guest, { since }] of added) if (since + hour <= now()) added.delete(guest);
  };
  return {
    assert(guest) {
      forget();
      if ((added.get(guest)?.bytes ?? 0) >= most)
        throw new IsletError('E-SYS-UNAVAIL', 'you have brought very much; go on in an hour', guest);
    },
    add(guest, bytes, edits = 1) {
      const known = added.get(guest) ?? { since: now(), bytes: 0 };
      known.bytes += Math.max(bytes, least * edits);
      added.set(guest, known);
    },
  };
}
