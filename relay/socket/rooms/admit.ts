import { lowerLevel, type Level } from '../../../shared/access/scope.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { type Access, readSpaceLevel } from '../../identity/access.ts';
import type { Guest, Guests } from '../../identity/guests.ts';
import type { Database } from '../../store/database.ts';
import { findFirstRow } from '../../store/room-rows.ts';
import { findShare, listShares } from '../../store/shares.ts';

/** What a connection shows and asks for. */
export interface Asked {
  readonly doc: string;
  readonly token: string | undefined;
  /** `read`, `comment` or `write`; otherwise as much as there is. */
  readonly access: string | undefined;
}

/** Who it is, and what it may do now. */
export interface Admission {
  readonly idTag: IdTag;
  readonly mayWrite: boolean;
}

/**
 * SPEC Z1; asked again while the connection lasts.
 * @throws IsletError E-AUTH-UNAUTH, E-DELEGATION-*, E-AUTH-NOPERM, E-CORE-NOTFOUND
 */
export type Admit = (asked: Asked) => Promise<Admission>;

export interface AdmitParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly access: Access;
  readonly guests: Guests;
}

export function createAdmit({ db, idTag, access, guests }: AdmitParts): Admit {
  const readGuest = async (token: string): Promise<Guest | undefined> => {
    try {
      return await guests.verify(token);
    } catch (error) {
      if (error instanceof IsletError && error.code === 'E-AUTH-UNAUTH') return undefined;
      throw error;
    }
  };

  /** There is something that a device of the identity can open. */
  const assertKnown = async (doc: string): Promise<void> => {
    const isKnown =
      (await findFirstRow(db, idTag, doc)) !== undefined || (await listShares(db, idTag, doc)).length > 0;
    if (!isKnown) throw new IsletError('E-CORE-NOTFOUND', 'no such document', doc);
  };

  /** A device of the identity does in each of its documents what it may do in all of them (SPEC C11). */
  const findOwn = async (doc: string, token: string): Promise<Level> => {
    const level = readSpaceLevel((await access.verify(token)).grant);
    await assertKnown(doc);
    return level;
  };

  const findLevel = async (guest: Guest, doc: string): Promise<Level> => {
    if (guest.scope && guest.scope.file !== doc)
      throw new IsletError('E-AUTH-NOPERM', 'this access is for another document', doc);
    const isOwn = guest.idTag === idTag;
    if (isOwn) await assertKnown(doc);
    const share = isOwn ? 'W' : await findShare(db, idTag, doc, guest.idTag);
    if (share === undefined) throw new IsletError('E-AUTH-NOPERM', 'this is not shared with you', doc);
    return lowerLevel(share, guest.scope?.level ?? 'W');
  };

  return async ({ doc, token, access: wanted }) => {
    if (token === undefined) throw new IsletError('E-AUTH-UNAUTH', 'an access token is needed');
    const guest = await readGuest(token);
    const level = guest ? await findLevel(guest, doc) : await findOwn(doc, token);
    if ((wanted === 'write' && level !== 'W') || (wanted === 'comment' && level === 'R'))
      throw new IsletError('E-AUTH-NOPERM', 'this is shared with you for less than that', level);
    const mayWrite = level === 'W' && wanted !== 'read' && wanted !== 'comment';
    return { idTag: guest?.idTag ?? idTag, mayWrite };
  };
}
