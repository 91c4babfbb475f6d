import { describe, expect, it } from 'vitest';
import { base64ToBytes, bytesToBase64 } from '../bytes.ts';
import { parse } from '../parse.ts';
import { codeOf, readKeyVectors } from '../test/vectors.ts';
import {
  findKey,
  type IdentityKey,
  importIdentityKey,
  parseIdentityPublicKey,
  profileSchema,
} from './key-set.ts';

const { publicKey } = readKeyVectors()[0]!;
const der = base64ToBytes(publicKey);

function change(at: number, byte: number): string {
  const bytes = der.slice();
  bytes[at] = byte;
  return bytesToBase64(bytes);
}

async function spki(algorithm: EcKeyGenParams | RsaHashedKeyGenParams): Promise<string> {
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return bytesToBase64(new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)));
}

const refused: readonly [why: string, publicKey: string][] = [
  ['empty', ''],
  ['not base64', 'not a key'],
  ['base64url', publicKey.replaceAll('+', '-').replaceAll('/', '_').replace(/^M/, '-')],
  ['PEM', `-----BEGIN PUBLIC KEY-----\n${publicKey}\n-----END PUBLIC KEY-----`],
  ['broken over two lines', `${publicKey.slice(0, 64)}\n${publicKey.slice(64)}`],
  ['a byte short', bytesToBase64(der.slice(0, -1))],
  ['a byte behind it', bytesToBase64(new Uint8Array([...der, 0]))],
  ['a compressed point', change(23, 2)],
  ['the curve of another oid', change(22, 0x23)],
  ['the point at infinity', bytesToBase64(new Uint8Array([...der.slice(0, 23), 0]))],
  ['padding too much', `${publicKey}====`],
];

describe('K1: identity keys', () => {
  it('K1: takes the SPKI of an uncompressed P-384 point', async () => {
    expect(parseIdentityPublicKey(publicKey)).toEqual(der);
    const key = await importIdentityKey({ keyId: '261121', publicKey });
    expect(key.algorithm).toMatchObject({ name: 'ECDSA', namedCurve: 'P-384' });
  });

  it.each(refused)('K1: refuses %s', async (_why, text) => {
    expect(await codeOf(() => importIdentityKey({ keyId: '261121', publicKey: text }))).toBe('E-KEY-UNKNOWN');
  });

  it.each([
    ['P-256', { name: 'ECDSA', namedCurve: 'P-256' }],
    ['P-521', { name: 'ECDSA', namedCurve: 'P-521' }],
  ] as const)('K1: refuses a key of %s', async (_curve, algorithm) => {
    const other = await spki(algorithm);
    expect(await codeOf(() => importIdentityKey({ keyId: '261121', publicKey: other }))).toBe(
      'E-KEY-UNKNOWN',
    );
  });

  it('K1: refuses a point off the curve', async () => {
    const off = change(119, der[119]! ^ 1);
    expect(await codeOf(() => importIdentityKey({ keyId: '261121', publicKey: off }))).toBe('E-KEY-UNKNOWN');
  });
});

describe('K2: which key is meant', () => {
  const keys: IdentityKey[] = [
    { keyId: 'old', publicKey, expiresAt: 1000 },
    { keyId: 'new', publicKey },
  ];

  it('K2: the one listed under k', () => {
    expect(findKey(keys, 'new', 5000).keyId).toBe('new');
  });

  it('K2: a key holds to the second of its expiresAt and no longer', async () => {
    expect(findKey(keys, 'old', 1000).keyId).toBe('old');
    expect(await codeOf(() => findKey(keys, 'old', 1001))).toBe('E-KEY-UNKNOWN');
  });

  it.each(['', 'OLD', 'old ', '__proto__', 'toString'])('K2: there is no key named %j', async (k) => {
    expect(await codeOf(() => findKey(keys, k, 0))).toBe('E-KEY-UNKNOWN');
  });
});

describe('K1: GET /api/me', () => {
  const profile = (expiresAt: unknown, more: object = {}) => ({
    idTag: 'bob.test',
    name: 'Bob',
    type: 'person',
    keys: [{ keyId: 'a', publicKey, expiresAt }],
    ...more,
  });

  it.each([
    [1_795_262_400, 1_795_262_400],
    ['2026-11-21T12:00:00Z', 1_795_262_400],
    ['2026-11-21T12:00:00.999Z', 1_795_262_400],
    ['2026-11-21T13:00:00+01:00', 1_795_262_400],
  ])('K1: reads expiresAt %j', (written, seconds) => {
    expect(parse(profileSchema, profile(written)).keys[0]?.expiresAt).toBe(seconds);
  });

  it.each(['never', '2026-11-21', '2026-13-01T00:00:00Z', '2026-01-01T00:00:00+23', 1.5, null, Infinity])(
    'K1: refuses expiresAt %j, which is no time, so that no key is without end by mistake',
    async (written) => {
      expect(await codeOf(() => parse(profileSchema, profile(written)))).toBe('E-VAL-INVALID');
    },
  );

  it('K1: passes over members it does not know', () => {
    const known = parse(profileSchema, profile(1, { coverPic: 'f1~x', x: { y: 1 } }));
    expect(known).not.toHaveProperty('x');
  });

  it.each([{ idTag: 'Bob.test' }, { idTag: 'cl-o.bob.test' }, { type: 'robot' }, { keys: 'none' }])(
    'K1: refuses %j',
    async (more) => {
      expect(await codeOf(() => parse(profileSchema, profile(1, more)))).toBe('E-VAL-INVALID');
    },
  );
});
