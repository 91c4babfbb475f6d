import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readKeyVectors, readVectors } from '../test/vectors.ts';
import { type Did, jwkToDid, publicJwkSchema } from './did.ts';
import { formatDidKeyDocument, formatDidWebDocument, publicKeyToJwk } from './did-document.ts';
import { parseIdTag } from './id-tag.ts';

const uses = v.array(v.string());
const method = { id: v.string(), type: v.string(), controller: v.string() };
const { didKey, didWeb } = readVectors(
  'vectors/did-documents.json',
  v.object({
    didKey: v.array(
      v.object({
        source: v.string(),
        did: v.string(),
        document: v.object({
          '@context': v.tuple([v.string(), v.object({ '@base': v.string() })]),
          id: v.string(),
          publicKey: v.array(v.object({ ...method, publicKeyJwk: publicJwkSchema })),
          authentication: uses,
          assertionMethod: uses,
          capabilityDelegation: uses,
          capabilityInvocation: uses,
        }),
      }),
    ),
    didWeb: v.object({
      source: v.string(),
      document: v.object({
        '@context': uses,
        id: v.string(),
        verificationMethod: v.array(
          v.object({ ...method, publicKeyJwk: v.looseObject({ kty: v.string() }) }),
        ),
        authentication: uses,
        assertionMethod: uses,
      }),
    }),
  }),
);

describe('K10: documents of did:key, against the examples of the did:key method', () => {
  it.each(didKey)('K4, K10: $did', ({ did, document }) => {
    const [key] = document.publicKey;
    expect(jwkToDid(key!.publicKeyJwk)).toBe(did);
    const ours = formatDidKeyDocument(did as Did, key!.publicKeyJwk);
    // The examples name keys relative to `@base`, and have the older name for the list of keys.
    const base = document['@context'][1]['@base'];
    const absolute = (id: string) => `${base}${id}`;
    expect(ours['@context'][0]).toBe(document['@context'][0]);
    expect(ours.id).toBe(document.id);
    expect(ours.verificationMethod).toEqual([{ ...key, id: absolute(key!.id) }]);
    for (const use of [
      'authentication',
      'assertionMethod',
      'capabilityDelegation',
      'capabilityInvocation',
    ] as const)
      expect(ours[use]).toEqual(document[use].map(absolute));
    expect(ours).not.toHaveProperty('keyAgreement');
  });
});

describe('K9: the document of did:web, against the example of the did:web method', () => {
  const idTag = parseIdTag('example.com');
  const [first, second] = readKeyVectors();
  const source = { idTag, alsoKnownAs: [], services: [], now: 1000 };
  const current = { keyId: '261121', publicKey: first!.publicKey, expiresAt: 2000 };
  const ended = { keyId: '251121', publicKey: second!.publicKey, expiresAt: 999 };

  it('K9: context, names of keys and their uses are written as in the example', () => {
    const { document } = didWeb;
    const ours = formatDidWebDocument({ ...source, keys: [current] });
    expect(ours['@context']).toEqual(document['@context']);
    expect(ours.id).toBe(document.id);
    const [theirs] = document.verificationMethod;
    const [key] = ours.verificationMethod;
    expect(Object.keys(key!)).toEqual(Object.keys(theirs!));
    expect(key).toMatchObject({ type: theirs!.type, controller: theirs!.controller });
    expect(theirs!.id).toBe(`${document.id}#key-0`);
    expect(key!.id).toBe(`${document.id}#261121`);
    for (const use of ['authentication', 'assertionMethod'] as const) {
      expect(document[use][0]).toBe(theirs!.id);
      expect(ours[use]).toEqual([key!.id]);
    }
  });

  it('K9: a key that has ended is not in it', () => {
    const ours = formatDidWebDocument({ ...source, keys: [current, ended] });
    expect(ours.verificationMethod.map(({ id }) => id)).toEqual(['did:web:example.com#261121']);
    expect(ours).not.toHaveProperty('service');
    expect(ours).not.toHaveProperty('alsoKnownAs');
  });

  it('K9: other names and services are in it as they were given', () => {
    const services = [{ type: 'LinkedDomains', serviceEndpoint: 'https://example.org/' } as const];
    const ours = formatDidWebDocument({
      ...source,
      keys: [current],
      alsoKnownAs: ['dns:example.org'],
      services,
    });
    expect(ours.alsoKnownAs).toEqual(['dns:example.org']);
    expect(ours.service).toEqual([{ id: 'did:web:example.com#service-1', ...services[0] }]);
  });

  it.each(readKeyVectors())('K1, K9: the SPKI of $name as a JWK', ({ publicKey, jwk }) => {
    expect(publicKeyToJwk(publicKey)).toMatchObject({ kty: 'EC', crv: 'P-384', x: jwk.x, y: jwk.y });
  });
});
