import fc from 'fast-check';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { base64urlToBytes, bytesToBase64url, bytesToText, textToBytes } from '../bytes.ts';
import { createTestKey, type TestKey } from '../test/keys.ts';
import { createDice, holds, seed } from '../test/seeded.ts';
import { flipS } from '../test/signatures.ts';
import { codeOf, errorCode, readTestKeys, readVectors } from '../test/vectors.ts';
import {
  actionId,
  formatSigningInput,
  isSignedBy,
  maxTokenLength,
  parseCompact,
  signCompact,
  signSigningInput,
  statementId,
  verifyCompact,
} from './compact.ts';

const row = { why: v.string(), token: v.string() };
const { valid, invalid } = readVectors(
  'vectors/tokens.json',
  v.object({ valid: v.array(v.object(row)), invalid: v.array(v.object({ ...row, code: errorCode })) }),
);
const { vectors: identifiers } = readVectors(
  'vectors/identifiers.json',
  v.object({ vectors: v.array(v.object({ ...row, statementId: v.string(), actionId: v.string() })) }),
);

let identity: TestKey;
let device: TestKey;
beforeAll(async () => {
  identity = (await readTestKeys()).identity;
  device = await createTestKey();
});

const accept = (token: unknown, key: TestKey) => verifyCompact(parseCompact(token), 'JWT', key.verifyingKey);

describe('T1–T3, T5: the vectors', () => {
  it.each(valid)('T1–T3: takes $why', async ({ token }) => {
    await accept(token, identity);
  });

  it.each(invalid)('T1–T5: refuses $why', async ({ token, code }) => {
    expect(await codeOf(() => accept(token, identity))).toBe(code);
  });

  it.each([undefined, null, 1, {}, [], ['a.b.c']])('T1: refuses %j, which is not text', async (token) => {
    expect(await codeOf(() => accept(token, identity))).toBe('E-TOKEN-GRAMMAR');
  });
});

describe('T1: size', () => {
  it('T1: a token one character too long is refused before it is read', async () => {
    const long = `e30.${'A'.repeat(maxTokenLength)}.${'A'.repeat(128)}`;
    expect(await codeOf(() => parseCompact(long))).toBe('E-TOKEN-GRAMMAR');
  });

  it('T3: 190,000 brackets are refused and do not exhaust the stack', async () => {
    const brackets = `{"a":${'['.repeat(90_000)}${']'.repeat(90_000)}}`;
    const token = `${formatSigningInput('JWT', {}).split('.')[0]}.${bytesToBase64url(textToBytes(brackets))}.${'A'.repeat(128)}`;
    expect(token.length).toBeLessThan(maxTokenLength);
    expect(await codeOf(() => parseCompact(token))).toBe('E-TOKEN-GRAMMAR');
  });
});

describe('T3: a member that stands twice', () => {
  const sign = (text: string) => {
    const [header] = formatSigningInput('JWT', {}).split('.');
    return `${header}.${bytesToBase64url(textToBytes(text))}.${'A'.repeat(128)}`;
  };

  it.each(['{"t":"FLLW","t":"CONN"}', '{"c":{"a":1,"b":[{"x":1,"x":2}]}}', '{"t":"A","\\u0074":"B"}'])(
    'T3: refuses %s',
    async (text) => {
      expect(await codeOf(() => parseCompact(sign(text)))).toBe('E-TOKEN-GRAMMAR');
    },
  );

  it.each(['{"t":"a\\":","c":["x",":","y"]}', '{"c":{"c":{"c":[":\\\\",{}]}},"a":[{"c":1},{"c":2}]}'])(
    'T3: takes %s, where none does',
    (text) => {
      expect(parseCompact(sign(text)).payload).toEqual(JSON.parse(text));
    },
  );
});

describe('T4: how we write', () => {
  it('T4: the header has typ before alg and nothing else', () => {
    const [header] = formatSigningInput('JWT', { a: 1 }).split('.');
    expect(bytesToText(base64urlToBytes(header!))).toBe('{"typ":"JWT","alg":"ES384"}');
  });

  it('T1–T4: whatever is signed is read again', () =>
    holds(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), async (claims) => {
        const text = await signCompact('JWT', claims, device.sign);
        const token = parseCompact(text);
        await verifyCompact(token, 'JWT', device.verifyingKey);
        expect(`${token.signingInput}.${bytesToBase64url(token.signature)}`).toBe(text);
      }),
      { runs: 100 },
    ));

  it('T5: a token under another key does not fit', async () => {
    const token = parseCompact(await signCompact('JWT', {}, device.sign));
    expect(await isSignedBy(token, identity.verifyingKey)).toBe(false);
    expect(await isSignedBy(token, device.verifyingKey)).toBe(true);
  });
});

describe('I1, I2: the names of a token', () => {
  it.each(identifiers)('I1, I2: $why', async ({ token, statementId: statement, actionId: action }) => {
    expect(await statementId(parseCompact(token))).toBe(statement);
    expect(await actionId(token)).toBe(action);
  });

  it('I1: 50 tokens signed twice and mirrored have one statementId each and four texts', async () => {
    for (let i = 0; i < 50; i++) {
      const input = formatSigningInput('JWT', { i });
      const one = await signSigningInput(input, device.sign);
      const two = await signSigningInput(input, device.sign);
      const texts = [one, two, flipS(one), flipS(two)];
      for (const text of texts) await accept(text, device);
      expect(new Set(await Promise.all(texts.map((text) => statementId(parseCompact(text))))).size).toBe(1);
      expect(new Set(await Promise.all(texts.map((text) => actionId(text)))).size).toBe(4);
    }
  });
});

type Dice = () => number;
const pick = <T>(dice: Dice, list: readonly T[]): T => list[Math.floor(dice() * list.length)]!;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=. +/\n"{}~';

/** Ways to change a token's text. */
const changes: readonly ((text: string, dice: Dice) => string)[] = [
  (text, dice) => {
    const at = Math.floor(dice() * text.length);
    return text.slice(0, at) + pick(dice, [...letters]) + text.slice(at + 1);
  },
  (text, dice) => {
    const at = Math.floor(dice() * text.length);
    return text.slice(0, at) + pick(dice, [...letters]) + text.slice(at);
  },
  (text, dice) => {
    const at = Math.floor(dice() * text.length);
    return text.slice(0, at) + text.slice(at + 1 + Math.floor(dice() * 4));
  },
  (text, dice) => changeByte(text, dice, 0),
  (text, dice) => changeByte(text, dice, 1),
  (text, dice) => changeByte(text, dice, 2),
  (text, dice) => changeHeader(text, dice),
  (text) => text.split('.').reverse().join('.'),
  (text) => `${text}.${text.split('.')[2]}`,
];

function changeByte(text: string, dice: Dice, part: number): string {
  const parts = text.split('.');
  try {
    const bytes = base64urlToBytes(parts[part] ?? '');
    if (bytes.length === 0) return text;
    bytes[Math.floor(dice() * bytes.length)]! ^= 1 << Math.floor(dice() * 8);
    parts[part] = bytesToBase64url(bytes);
  } catch {
    return `${text}A`; // a second change of a text that is broken already
  }
  return parts.join('.');
}

const headers: readonly object[] = [
  { typ: 'JWT', alg: 'none' },
  { typ: 'JWT', alg: 'HS256' },
  { typ: 'JWT', alg: 'ES256' },
  { typ: 'JWT', alg: 'ES384', kid: 'x' },
  { typ: 'JWT', alg: 'ES384', jku: 'https://evil.test' },
  { typ: 'JWT', alg: 'ES384', crit: ['b64'], b64: false },
  { alg: 'ES384', typ: 'JWT' },
  { typ: 'jwt', alg: 'ES384' },
];

function changeHeader(text: string, dice: Dice): string {
  const header = bytesToBase64url(textToBytes(JSON.stringify(pick(dice, headers))));
  return [header, ...text.split('.').slice(1)].join('.');
}

describe('T1–T5: mutants', () => {
  it(`T1–T5: 4,000 changed tokens, none taken (ISLET_SEED=${seed})`, async () => {
    const dice = createDice();
    const originals: string[] = [];
    for (let i = 0; i < 20; i++)
      originals.push(await signCompact('JWT', { iss: 'alice.test', c: 'x'.repeat(i), i }, device.sign));
    const taken: string[] = [];
    for (let i = 0; i < 4000; i++) {
      let mutant = pick(dice, originals);
      for (let j = 0; j <= Math.floor(dice() * 3); j++) mutant = pick(dice, changes)(mutant, dice);
      if (originals.includes(mutant)) continue;
      if ((await codeOf(() => accept(mutant, device))) === 'accepted') taken.push(mutant);
    }
    expect(taken).toEqual([]);
  });
});
