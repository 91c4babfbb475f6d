import { IsletError } from '../../shared/errors.ts';
import { findKey, type IdentityKey, importIdentityKey } from '../../shared/identity/key-set.ts';
import { verifyActionSignature } from '../../shared/action/accept.ts';
import type { ParsedAction } from '../../shared/action/action.ts';
import type { Profiles } from '../identity/profiles.ts';

const most = 2000;

/** Verifies signatures of neighbours with keys that are imported once. */
export function createVerifier(profiles: Profiles) {
  const imported = new Map<string, Promise<CryptoKey>>();

  const open = (key: IdentityKey): Promise<CryptoKey> => {
    const known = imported.get(key.publicKey);
    if (known) return known;
    if (imported.size >= most) imported.clear();
    const opening = importIdentityKey(key);
    imported.set(key.publicKey, opening);
    return opening;
  };

  /** SPEC K2, R4; a signature that does not fit makes the issuer's keys be asked for once more. @throws IsletError */
  return async (action: ParsedAction): Promise<void> => {
    const { iss, k } = action.payload;
    const key = await profiles.key(iss, k);
    try {
      await verifyActionSignature(action, await open(key));
    } catch (error) {
      if (!(error instanceof IsletError && error.code === 'E-TOKEN-SIGNATURE')) throw error;
      await profiles.refresh(iss);
      const fresh = await profiles.key(iss, k);
      if (fresh.publicKey === key.publicKey) throw error;
      await verifyActionSignature(action, await open(fresh));
    }
  };
}

export type Verify = ReturnType<typeof createVerifier>;

/**
 * SPEC D9: verifies what was taken before: by the key that its issuer lists under this name and that held when it was said, even if that has
 * ended since.
 */
export function createPastVerifier(profiles: Profiles): Verify {
  return async (action) => {
    const { iss, k, iat } = action.payload;
    const known = await profiles.read(iss);
    const listed = known.keys.some(({ keyId }) => keyId === k) ? known : await profiles.refresh(iss);
    await verifyActionSignature(action, await importIdentityKey(findKey(listed.keys, k, iat)));
  };
}
