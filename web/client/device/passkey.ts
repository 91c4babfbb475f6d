import * as v from 'valibot';
import type { challengeSchema, Presentation, RegistrationResponse } from '../../../shared/api/ways.ts';
import {
  base64urlToBytes,
  type Bytes,
  bytesToBase64url,
  sha256,
  textToBytes,
} from '../../../shared/bytes.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';

type Challenge = v.InferOutput<typeof challengeSchema>;

/** The person closed the browser's dialog, or there is no passkey here that fits. */
export class PasskeyRefused extends Error {
  override readonly name = 'PasskeyRefused';
}

/** A passkey that was shown or made. `secret` (32 bytes) never leaves this device; without it the passkey opens nothing. */
export interface ShownPasskey<Response> {
  readonly response: Response;
  readonly secret: Bytes | undefined;
}

const outputs = v.object({
  prf: v.optional(
    v.object({ results: v.optional(v.object({ first: v.optional(v.instance(ArrayBuffer)) })) }),
  ),
});

/** SPEC P8: what the authenticator is asked for its secret of this identity by (WebAuthn Level 3 §10.1.4). */
async function prfInput(idTag: IdTag): Promise<AuthenticationExtensionsClientInputs> {
  return { prf: { eval: { first: await sha256(textToBytes(`islet-passkey-1 ${idTag}`)) } } };
}

/** The output is hashed once more, for this use alone. */
async function readSecret(credential: PublicKeyCredential): Promise<Bytes | undefined> {
  const read = v.safeParse(outputs, credential.getClientExtensionResults());
  const first = read.success ? read.output.prf?.results?.first : undefined;
  if (!first || first.byteLength < 32) return undefined;
  const key = await crypto.subtle.importKey('raw', first, 'HKDF', false, ['deriveBits']);
  const info = textToBytes('islet-passkey-sealing-1');
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256));
}

const text = (bytes: ArrayBuffer): string => bytesToBase64url(new Uint8Array(bytes));

/** False where the browser or its way of getting this page knows no passkeys. */
export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in globalThis && isSecureContext;
}

/** @throws PasskeyRefused */
async function asked(work: Promise<Credential | null>): Promise<PublicKeyCredential> {
  let credential: Credential | null;
  try {
    credential = await work;
  } catch (error) {
    throw new PasskeyRefused(error instanceof Error ? error.message : String(error));
  }
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyRefused('no passkey was chosen');
  return credential;
}

/** Asks for a passkey, with verification of the user. `id`: this one and no other. @throws PasskeyRefused */
export async function showPasskey(
  { challenge, rpId }: Challenge,
  idTag: IdTag,
  id?: string,
): Promise<ShownPasskey<Presentation>> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    ...{ challenge: base64urlToBytes(challenge), rpId, userVerification: 'required', timeout: 120_000 },
    ...(id !== undefined && { allowCredentials: [{ type: 'public-key', id: base64urlToBytes(id) }] }),
    extensions: await prfInput(idTag),
  };
  const credential = await asked(navigator.credentials.get({ publicKey }));
  const { response } = credential;
  if (!(response instanceof AuthenticatorAssertionResponse)) throw new PasskeyRefused('not a passkey');
  const shown = {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    ...(response.userHandle && { userHandle: text(response.userHandle) }),
  };
  return {
    response: { id: credential.id, rawId: text(credential.rawId), type: 'public-key', response: shown },
    secret: await readSecret(credential),
  };
}

/** Makes a passkey that the authenticator finds by itself. @throws PasskeyRefused */
export async function makePasskey(
  { challenge, rpId, user, exclude = [] }: Challenge,
  idTag: IdTag,
): Promise<ShownPasskey<RegistrationResponse>> {
  const publicKey: PublicKeyCredentialCreationOptions = {
    rp: { id: rpId, name: 'Islet' },
    user: { id: base64urlToBytes(user?.id ?? ''), name: idTag, displayName: idTag },
    challenge: base64urlToBytes(challenge),
    pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: exclude.map((id) => ({ type: 'public-key', id: base64urlToBytes(id) })),
    ...{ attestation: 'none', timeout: 120_000 },
    extensions: await prfInput(idTag),
  };
  const credential = await asked(navigator.credentials.create({ publicKey }));
  const { response } = credential;
  if (!(response instanceof AuthenticatorAttestationResponse)) throw new PasskeyRefused('not a passkey');
  const made = {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
  };
  return {
    response: { id: credential.id, rawId: text(credential.rawId), type: 'public-key', response: made },
    secret: await readSecret(credential),
  };
}
