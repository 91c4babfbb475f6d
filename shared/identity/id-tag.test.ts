import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { holds } from '../test/seeded.ts';
import { codeOf, readVectors } from '../test/vectors.ts';
import { apiHost, isIdTag, isLocalName, parseIdTag } from './id-tag.ts';

const names = v.array(v.object({ name: v.string(), why: v.string() }));
const { valid, invalid } = readVectors('vectors/id-tags.json', v.object({ valid: names, invalid: names }));

describe('N1: names of identities', () => {
  it.each(valid)('N1: takes $name: $why', ({ name }) => {
    expect(parseIdTag(name)).toBe(name);
  });

  it.each(invalid)('N1: refuses $name: $why', async ({ name }) => {
    expect(await codeOf(() => parseIdTag(name))).toBe('E-VAL-ID-TAG');
  });

  it.each([undefined, null, 5, {}, ['alice.test']])('N1: refuses %j, which is not text', async (name) => {
    expect(await codeOf(() => parseIdTag(name))).toBe('E-VAL-ID-TAG');
  });

  it('N1: no two texts are one name: what is taken is what a URL makes of it', () =>
    holds(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: fc.constantFrom(...'abzAZ019-._:/@%。．ß\u00ad'), maxLength: 20 }),
          fc.domain(),
          fc.webAuthority(),
        ),
        async (name) => {
          if (!isIdTag(name)) return;
          expect(new URL(`https://${name}/`).host).toBe(name);
          expect(new URL(`https://${apiHost(name)}/api`).host).toBe(`cl-o.${name}`);
          expect(name).toBe(name.toLowerCase());
          expect(/^[a-z0-9.-]{5,62}$/.test(name)).toBe(true);
        },
      ),
      { runs: 3000 },
    ));
});

describe('N2, N3: hosts', () => {
  it('N2: the API of alice.example.com answers at cl-o.alice.example.com', () => {
    expect(apiHost(parseIdTag('alice.example.com'))).toBe('cl-o.alice.example.com');
  });

  it('N3: only names under .localhost are local', () => {
    expect(isLocalName('me.localhost')).toBe(true);
    expect(isLocalName('localhost.example.com')).toBe(false);
    expect(isLocalName('notlocalhost')).toBe(false);
  });
});
