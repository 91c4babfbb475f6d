import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestKey, describeDevice, type TestKey } from '../test/keys.ts';
import { alice } from '../test/log.ts';
import { holds } from '../test/seeded.ts';
import { codeOf } from '../test/vectors.ts';
import type { DeviceDescription } from './device-log.ts';
import { createLink, createLinkRequest, formatLink, isLinkRequest } from './link.ts';
import {
  codeToLink,
  createCode,
  formatCode,
  formatPairing,
  keyNumbers,
  pairingNumbers,
  parseCode,
  parsePairing,
} from './pairing.ts';

const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));
const code = '0123456789ABCDEF';
let phone: TestKey;
let other: TestKey;
let device: DeviceDescription;
beforeAll(async () => {
  [phone, other] = await Promise.all([createTestKey(), createTestKey()]);
  device = { ...describeDevice(phone, 'Phone'), kind: 'phone' };
});

describe('P4: codes', () => {
  it('P4: 80 bits come back from 16 characters, however they are typed', () =>
    holds(
      fc.asyncProperty(fc.uint8Array({ minLength: 10, maxLength: 10 }), async (bytes) => {
        const made = createCode(() => new Uint8Array(bytes));
        expect(made).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
        for (const text of [made, formatCode(made), formatCode(made).toLowerCase(), [...made].join(' ')])
          expect(parseCode(text)).toBe(made);
        expect(parseCode(made.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(made);
      }),
      { runs: 200 },
    ));

  it.each([
    '',
    '0123-4567-89AB-CDE',
    '0123-4567-89AB-CDEFG',
    '0123-4567-89AB-CDEU',
    '0123-4567-89AB-CD*F',
    'é'.repeat(16),
  ])('P4: refuses %j', async (text) => {
    expect(await codeOf(() => parseCode(text))).toBe('E-LINK-UNKNOWN');
  });

  it('P4: id and secret follow from the code, and do not tell each other', async () => {
    expect(await codeToLink(code)).toEqual(await codeToLink(code));
    const link = await codeToLink(code);
    expect(link.id).toMatch(/^[\w-]{22}$/);
    expect(link.secret).toMatch(/^[\w-]{43}$/);
    expect(link.secret).not.toContain(link.id);
    expect(link).not.toEqual(await codeToLink('0123456789ABCDEG'));
    expect(link).toEqual({
      id: '4c1N7asZnJ-hhwP1FnKf9w',
      secret: '_FvEvHugCNf7u5bpvC8RR5nwY7CTpCVTD8ZLSKqrD1Q',
    });
  });

  it('P4: a fragment or an address says a code, whose it is, or an old link', async () => {
    expect(parsePairing(`https://a.test/enrol#${formatPairing(code)}`)).toEqual({ kind: 'code', code });
    expect(parsePairing(`#${formatPairing(code, alice)}`)).toEqual({ kind: 'code', code, idTag: alice });
    const link = createLink(random);
    expect(parsePairing(`https://a.test/enrol#${formatLink(link)}`)).toEqual({ kind: 'link', link });
    for (const text of ['', 'https://a.test/enrol', '#x.y', `#${code}0`])
      expect(await codeOf(() => parsePairing(text))).toBe('E-LINK-UNKNOWN');
    expect(await codeOf(() => parsePairing(`#${code}&A B`))).toBe('E-VAL-ID-TAG');
  });
});

describe('P5: three words', () => {
  it('P5: are the same for the same keys, name and code, and others for any other', async () => {
    const link = await codeToLink(code);
    const numbers = await pairingNumbers(link, device);
    expect(numbers).toHaveLength(3);
    for (const number of numbers) expect(number >= 0 && number < 2048).toBe(true);
    expect(await pairingNumbers(link, { ...device })).toEqual(numbers);
    const changes: Partial<DeviceDescription>[] = [
      { did: other.did, jwk: other.jwk },
      { ecdh: other.jwk },
      { name: 'Phone ' },
      { kind: 'tablet' },
    ];
    for (const change of changes)
      expect(await pairingNumbers(link, { ...device, ...change })).not.toEqual(numbers);
    expect(await pairingNumbers(await codeToLink('0123456789ABCDEG'), device)).not.toEqual(numbers);
  });

  it('G16: keys are told apart by the first 33 bits of the hash of their did', async () => {
    const did = 'did:key:z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54';
    expect(await keyNumbers(did)).toEqual([1052, 1782, 1530]);
    expect(await keyNumbers(other.did)).not.toEqual(await keyNumbers(device.did));
  });

  it('P2: the kind of a device is bound as well, and is not taken for part of its name', async () => {
    const link = await codeToLink(code);
    const request = await createLinkRequest(link, device);
    expect(await isLinkRequest(link, request)).toBe(true);
    expect(await isLinkRequest(link, { ...request, device: { ...device, kind: 'computer' } })).toBe(false);
    const { kind: _, ...plain } = device;
    expect(await isLinkRequest(link, { ...request, device: plain })).toBe(false);
  });
});
