import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  base64ToBytes,
  base64urlToBytes,
  bytesToBase64,
  bytesToBase64url,
  bytesToText,
  type Bytes,
  createRandomId,
  isBase64url,
  textToBytes,
} from './bytes.ts';
import { createDice, holds } from './test/seeded.ts';
import { codeOf, readVectors } from './test/vectors.ts';

const { valid, invalid } = readVectors(
  'vectors/base64url.json',
  v.object({
    valid: v.array(v.object({ text: v.string(), hex: v.string(), why: v.string() })),
    invalid: v.array(v.object({ text: v.string(), why: v.string() })),
  }),
);

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('T2: canonical base64url', () => {
  it.each(valid)('T2: $text is $why', ({ text, hex }) => {
    expect(toHex(base64urlToBytes(text))).toBe(hex);
    expect(bytesToBase64url(Buffer.from(hex, 'hex'))).toBe(text);
  });

  it.each(invalid)('T2: refuses $why', async ({ text }) => {
    expect(await codeOf(() => base64urlToBytes(text))).toBe('E-VAL-INVALID');
  });

  it('T2: bytes survive the way there and back, and agree with Node', () =>
    holds(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const text = bytesToBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(toHex(base64urlToBytes(text))).toBe(toHex(bytes));
      }),
      { runs: 500 },
    ));

  it('T2: a text that is taken is the only text of its bytes', () =>
    holds(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...'AQgwZz09-_=+/ '), maxLength: 12 }),
        async (text) => {
          const taken = (await codeOf(() => base64urlToBytes(text))) === 'accepted';
          expect(isBase64url(text)).toBe(taken);
          if (!taken) return;
          expect(bytesToBase64url(base64urlToBytes(text))).toBe(text);
        },
      ),
      { runs: 2000 },
    ));
});

describe('K1: standard base64 of public keys', () => {
  it('K1: bytes survive the way there and back, and agree with Node', () =>
    holds(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect(bytesToBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(toHex(base64ToBytes(bytesToBase64(bytes)))).toBe(toHex(bytes));
      }),
    ));

  it.each(['Zg', 'Zg=', 'Zh==', 'Z===', '====', 'Zm9v====', 'Zg==Zg==', '-_-_', 'Zm9\n'])(
    'K1: refuses %j',
    async (text) => {
      expect(await codeOf(() => base64ToBytes(text))).toBe('E-VAL-INVALID');
    },
  );
});

describe('text', () => {
  it('refuses bytes that are not UTF-8 and keeps a byte order mark', async () => {
    expect(await codeOf(() => bytesToText(new Uint8Array([0xc3, 0x28])))).toBe('E-VAL-INVALID');
    expect(bytesToText(textToBytes('\u{feff}a'))).toBe('\u{feff}a');
  });
});

describe('ids of documents', () => {
  it('have 24 characters, each of the 62 about as often', () => {
    const dice = createDice();
    const random = (n: number): Bytes => Uint8Array.from({ length: n }, () => Math.floor(dice() * 256));
    const counts = new Map<string, number>();
    for (let i = 0; i < 2000; i++) {
      const id = createRandomId(random);
      expect(id).toMatch(/^[0-9A-Za-z]{24}$/);
      for (const character of id) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = (2000 * 24) / 62;
    expect(counts.size).toBe(62);
    for (const count of counts.values()) expect(Math.abs(count - expected) / expected).toBeLessThan(0.2);
  });
});
