import * as v from 'valibot';
import { IsletError } from '../errors.ts';
import { type Did, importDeviceKey, type PublicJwk, type Signer } from '../identity/did.ts';
import { type IdTag, idTagSchema } from '../identity/id-tag.ts';
import { parse } from '../parse.ts';
import { parseCompact, signCompact, verifyCompact } from '../token/compact.ts';

export const assertionTyp = 'device-assertion+jwt';
/** SPEC X1, in seconds. */
export const assertionLifetime = 60;
/** How far a clock may be off, in seconds. */
export const assertionSkew = 60;

const assertionSchema = v.strictObject({
  iss: v.pipe(v.string(), v.startsWith('did:key:z')),
  aud: idTagSchema,
  jti: v.pipe(v.string(), v.regex(/^[\w-]{22}$/, 'not a 128-bit identifier')),
  iat: v.pipe(v.number(), v.safeInteger()),
  exp: v.pipe(v.number(), v.safeInteger()),
});

export type Assertion = v.InferOutput<typeof assertionSchema>;

/** SPEC X1: what a device shows to get an access token (in the manner of RFC 7523). */
export function signAssertion(
  assertion: { did: Did; aud: IdTag; jti: string; now: number },
  sign: Signer,
): Promise<string> {
  const { did, aud, jti, now } = assertion;
  return signCompact(assertionTyp, { iss: did, aud, jti, iat: now, exp: now + assertionLifetime }, sign);
}

/** The form alone: whose assertion it says to be. @throws IsletError E-TOKEN-*, E-ASSERTION-INVALID */
export function parseAssertion(text: string): Assertion {
  return parse(assertionSchema, parseCompact(text).payload, 'E-ASSERTION-INVALID');
}

/**
 * SPEC X1. The caller remembers `jti` until `exp + assertionSkew` – so long it is taken – and refuses it the second time
 * (E-ASSERTION-REPLAYED).
 * @throws IsletError E-ASSERTION-INVALID, E-TOKEN-TIME, E-TOKEN-SIGNATURE
 */
export async function verifyAssertion(
  text: string,
  expected: { aud: IdTag; did: Did; jwk: PublicJwk; now: number },
): Promise<Assertion> {
  const assertion = parseAssertion(text);
  if (assertion.aud !== expected.aud || assertion.iss !== expected.did)
    throw new IsletError(
      'E-ASSERTION-INVALID',
      'the assertion is for another identity or from another device',
    );
  if (assertion.exp - assertion.iat > assertionLifetime)
    throw new IsletError('E-ASSERTION-INVALID', 'an assertion lasts a minute at most');
  if (assertion.iat > expected.now + assertionSkew || assertion.exp + assertionSkew < expected.now)
    throw new IsletError(
      'E-TOKEN-TIME',
      'the clocks of device and relay differ by more than a minute',
      assertion.iat,
    );
  await verifyCompact(parseCompact(text), assertionTyp, await importDeviceKey(expected.jwk));
  return assertion;
}
