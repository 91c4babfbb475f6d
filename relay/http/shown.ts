import { createHash } from 'node:crypto';
import type { IdentityKey } from '../../shared/identity/key-set.ts';
import type { Database } from '../store/database.ts';
import { findIdentity } from '../store/identities.ts';
import type { Tenant } from '../tenant.ts';

/** What an identity tells everybody of itself, as text. */
interface Profile {
  readonly keys: readonly IdentityKey[];
  /** JSON. */
  readonly text: string;
  readonly etag: string;
}

/** The profiles of the identities that are open, kept in memory: they are asked for most. */
export interface Shown {
  /** @param now milliseconds since 1970 */
  read(tenant: Tenant, now: number): Promise<Profile>;
  /** Its picture is another, and the transaction that says so is over. */
  changed(tenant: Tenant): void;
}

export function createShown(db: Database): Shown {
  const pictures = new WeakMap<Tenant, Promise<string | null | undefined>>();
  const profiles = new WeakMap<Tenant, Profile>();
  const findPicture = async ({ idTag }: Tenant) => (await findIdentity(db, idTag))?.profile_pic;
  return {
    async read(tenant, now) {
      const keys = tenant.keys.list(now);
      const known = profiles.get(tenant);
      if (known?.keys === keys) return known;
      const picture = pictures.get(tenant) ?? findPicture(tenant);
      pictures.set(tenant, picture);
      const profilePic = await picture;
      const text = JSON.stringify({ ...tenant.shown, ...(profilePic && { profilePic }), keys });
      const etag = createHash('sha256').update(text).digest('base64url').slice(0, 27);
      const profile = { keys, text, etag };
      // It may be another by now.
      if (pictures.get(tenant) === picture) profiles.set(tenant, profile);
      return profile;
    },
    changed(tenant) {
      pictures.delete(tenant);
      profiles.delete(tenant);
    },
  };
}
