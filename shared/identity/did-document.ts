import { bytesToBase64url } from '../bytes.ts';
import type { Did, PublicJwk } from './did.ts';
import type { IdTag } from './id-tag.ts';
import { type IdentityKey, parseIdentityPublicKey } from './key-set.ts';
import { formatDidWeb } from './linked.ts';

const context = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'];

interface VerificationMethod {
  readonly id: string;
  readonly type: 'JsonWebKey2020';
  readonly controller: string;
  readonly publicKeyJwk: PublicJwk;
}

export interface Service {
  readonly id: string;
  readonly type: 'IsletRelay' | 'IsletApp' | 'LinkedDomains';
  readonly serviceEndpoint: string;
}

/** A did document (W3C DID Core 1.0 §4–5), keys as `JsonWebKey2020`. */
export interface DidDocument {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly alsoKnownAs?: readonly string[];
  readonly verificationMethod: readonly VerificationMethod[];
  readonly authentication: readonly string[];
  readonly assertionMethod: readonly string[];
  readonly capabilityInvocation?: readonly string[];
  readonly capabilityDelegation?: readonly string[];
  readonly service?: readonly Service[];
}

function method(did: string, fragment: string, publicKeyJwk: PublicJwk): VerificationMethod {
  return { id: `${did}#${fragment}`, type: 'JsonWebKey2020', controller: did, publicKeyJwk };
}

/** SPEC K10: what a did:key stands for (did:key method, §3.1); a device signs with it and does nothing else. */
export function formatDidKeyDocument(did: Did, jwk: PublicJwk): DidDocument {
  const key = method(did, did.slice('did:key:'.length), jwk);
  const uses = [key.id];
  return {
    ...{ '@context': context, id: did, verificationMethod: [key] },
    ...{ authentication: uses, assertionMethod: uses },
    ...{ capabilityInvocation: uses, capabilityDelegation: uses },
  };
}

export interface DidWebSource {
  readonly idTag: IdTag;
  /** As `/api/me` lists them. */
  readonly keys: readonly IdentityKey[];
  readonly alsoKnownAs: readonly string[];
  readonly services: readonly Omit<Service, 'id'>[];
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * SPEC K9: the document of `did:web:<id tag>` (did:web method): the identity keys that have not ended, the names that were proven,
 * and the services that the identity chose to show.
 */
export function formatDidWebDocument({ idTag, keys, alsoKnownAs, services, now }: DidWebSource): DidDocument {
  const did = formatDidWeb(idTag);
  const valid = keys.filter(({ expiresAt }) => expiresAt === undefined || expiresAt >= now);
  const methods = valid.map(({ keyId, publicKey }) => method(did, keyId, publicKeyToJwk(publicKey)));
  const uses = methods.map(({ id }) => id);
  const shown = services.map((service, i) => ({ id: `${did}#service-${i + 1}`, ...service }));
  return {
    ...{ '@context': context, id: did },
    ...(alsoKnownAs.length > 0 && { alsoKnownAs }),
    ...{ verificationMethod: methods, authentication: uses, assertionMethod: uses },
    ...(shown.length > 0 && { service: shown }),
  };
}

/** Where the coordinates stand in the SPKI of an uncompressed P-384 point. */
const pointAt = 24;
const coordinateLength = 48;

/** The SPKI of an identity key as a JWK. @throws IsletError E-KEY-UNKNOWN */
export function publicKeyToJwk(publicKey: string): PublicJwk {
  const der = parseIdentityPublicKey(publicKey);
  const middle = pointAt + coordinateLength;
  return {
    ...{ kty: 'EC', crv: 'P-384' },
    x: bytesToBase64url(der.slice(pointAt, middle)),
    y: bytesToBase64url(der.slice(middle, middle + coordinateLength)),
  };
}
