import { domainToASCII, domainToUnicode } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../test/seeded.ts';
import { decodePunycode } from './punycode.ts';

describe('N1: A-labels', () => {
  it.each([
    ['mnchen-3ya', 'münchen'],
    ['strae-oqa', 'straße'],
    ['fiqs8s', '中国'],
    ['ls8h', '💩'],
    ['80ak6aa92e', 'аррӏе'],
    ['', ''],
  ])('N1: %j stands for %j', (text, decoded) => {
    expect(decodePunycode(text)).toBe(decoded);
  });

  it.each(['99zzzz', 'mnchen-3y!', 'a-ecpÄ', '9'])('N1: %j stands for nothing', (text) => {
    expect(decodePunycode(text)).toBeUndefined();
  });

  it('N1: decodes what Node encodes', () =>
    holds(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...'abz09-äöß中国語яψ𝌆ñ'), minLength: 1, maxLength: 15 }),
        async (word) => {
          const label = domainToASCII(`${word}.test`).split('.')[0]!;
          if (!label.startsWith('xn--')) return;
          expect(decodePunycode(label.slice(4))).toBe(domainToUnicode(`${label}.test`).split('.')[0]);
        },
      ),
      { runs: 1000 },
    ));
});
