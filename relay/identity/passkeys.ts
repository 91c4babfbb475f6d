import type { Presentation, RegistrationResponse } from '../../shared/api/ways.ts';
import { copyBytes } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import type { WayRow } from '../store/tables-ways.ts';

/** Where passkeys are made and shown (WebAuthn Level 3 §13.4.9): the app's origin, and its host as the relying party. */
export interface RelyingParty {
  readonly origin: string;
  readonly id: string;
}

/** True, and remembered as used, for a challenge of this relay (base64url). */
export type UseChallenge = (challenge: string) => Promise<boolean>;

/** COSE: ES256, EdDSA, RS256; what the options of the browser name too. */
const algorithms = [-7, -8, -257];

/** Loaded with the first passkey: its parsers of certificates are a fifth of what the relay would load to start. */
const loadVerifiers = () => import('@simplewebauthn/server');

/** Why a passkey was refused stays in the relay's memory: an error of the parser may name its input. */
async function orFailed<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    throw new IsletError('E-VERIFY-FAILED', 'this passkey does not fit', error);
  }
}

/** @throws IsletError E-VERIFY-FAILED: another challenge, origin or relying party; no verification of the user; a form that is none */
export async function verifyNewPasskey(
  response: RegistrationResponse,
  party: RelyingParty,
  useChallenge: UseChallenge,
): Promise<{ id: string; publicKey: Uint8Array; counter: number }> {
  const { verifyRegistrationResponse } = await loadVerifiers();
  const { verified, registrationInfo } = await orFailed(() =>
    verifyRegistrationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: useChallenge,
      ...{ expectedOrigin: party.origin, expectedRPID: party.id },
      ...{ requireUserVerification: true, supportedAlgorithmIDs: algorithms },
    }),
  );
  if (!verified) throw new IsletError('E-VERIFY-FAILED', 'this passkey does not fit');
  const { id, publicKey, counter } = registrationInfo.credential;
  return { id, publicKey, counter };
}

/**
 * A counter that does not grow belongs to a copied authenticator, and is refused (those that never count say 0).
 * @returns the counter
 * @throws IsletError E-VERIFY-FAILED
 */
export async function verifyPasskey(
  response: Presentation,
  way: WayRow,
  party: RelyingParty,
  useChallenge: UseChallenge,
): Promise<number> {
  const { userHandle, ...shown } = response.response;
  const credential = {
    id: way.id,
    publicKey: copyBytes(way.public_key ?? new Uint8Array()),
    counter: way.counter,
  };
  const { verifyAuthenticationResponse } = await loadVerifiers();
  const { verified, authenticationInfo } = await orFailed(() =>
    verifyAuthenticationResponse({
      response: {
        ...response,
        response: { ...shown, ...(userHandle && { userHandle }) },
        clientExtensionResults: {},
      },
      expectedChallenge: useChallenge,
      ...{ expectedOrigin: party.origin, expectedRPID: party.id },
      ...{ credential, requireUserVerification: true },
    }),
  );
  if (!verified) throw new IsletError('E-VERIFY-FAILED', 'this passkey does not fit');
  return authenticationInfo.newCounter;
}
