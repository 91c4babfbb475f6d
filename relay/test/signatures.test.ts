import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatPayload } from '../../shared/action/action.ts';
import { base64ToBytes, base64urlToBytes, bytesToBase64 } from '../../shared/bytes.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { counted } from '../../shared/test/counted.ts';
import { createTestKey, type TestKey } from '../../shared/test/keys.ts';
import { order, replacePair, replaceSignature, splitSignature, toDer } from '../../shared/test/signatures.ts';
import { signCompact } from '../../shared/token/compact.ts';
import { codeOf, json, nonce, TestDevice } from './device.ts';
import { createNetwork, type Network } from './network.ts';
import { patience, sized } from './sizes.ts';
import { openStockNode, type StockNode } from './stock-node.ts';

/** The prime of the field of P-384 (FIPS 186-5). */
const prime = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n;

let network: Network;
let alice: TestDevice;
let bob: StockNode;
let genuine: TestKey;

beforeAll(async () => {
  network = await createNetwork('alice.test');
  alice = await TestDevice.enrolFirst(network, network.relays[0]!);
  bob = await openStockNode(network, 'bob.test');
  await alice.say({ t: 'FLLW', aud: parseIdTag('bob.test'), v: 'D' });
  genuine = await createTestKey();
});
afterAll(async () => {
  await network.close();
  await bob.close();
});

const knock = async (token: string): Promise<string> => {
  const body = JSON.stringify({ token });
  return codeOf(await alice.relay.ask(routes.inbox, { method: 'POST', headers: json, body }));
};

/** Every pair of numbers at the edges, but the one of the key and its twin. */
function hostilePairs(token: string): string[] {
  const { r, s } = splitSignature(token);
  const top = 2n ** 384n - 1n;
  const edges = [0n, 1n, order >> 1n, order - 1n, order, order + 1n, prime, prime - order, top];
  const numbers = [...edges, r, s, order - r, order - s];
  const all = numbers.flatMap((first) => numbers.map((second) => ({ r: first, s: second })));
  const isRight = (pair: { r: bigint; s: bigint }) => pair.r === r && (pair.s === s || pair.s === order - s);
  return all.filter((pair) => !isRight(pair)).map((pair) => replacePair(token, pair));
}

/** The right numbers in another length or encoding. */
function otherForms(token: string): string[] {
  const right = base64urlToBytes(token.slice(token.lastIndexOf('.') + 1));
  const resized = Array.from({ length: 140 }, (_, length) => {
    const bytes = new Uint8Array(length);
    bytes.set(right.slice(0, length));
    return bytes;
  });
  const der = toDer(token);
  const forms = [...resized.filter(({ length }) => length !== 96), right.toReversed(), der];
  return [
    ...forms.map((bytes) => replaceSignature(token, bytes)),
    ...[33, 47, 49, 50, 66].map((length) => replacePair(token, splitSignature(token), length)),
    replaceSignature(token, der.slice(0, 96)),
    ...['=', '==', '\n', ' ', 'A', '.'].map((end) => token + end),
    `${token.slice(0, -1)}+`,
    `${token.slice(0, -1)}/`,
  ];
}

test(
  'T2, T5: numbers that no key makes, and the right ones in other lengths and encodings, are refused at the inbox',
  { timeout: patience },
  async () => {
    const before = (await alice.items()).length;
    let tried = 0;
    for (let turn = 0; turn < sized(1, 100); turn++) {
      const token = await bob.sign({ t: 'POST', c: `Hello ${turn}`, v: 'P' });
      const hostile = [...hostilePairs(token), ...otherForms(token)];
      const codes: string[] = [];
      for (let at = 0; at < hostile.length; at += 20)
        codes.push(...(await Promise.all(hostile.slice(at, at + 20).map(knock))));
      expect(codes.filter((code) => !/^E-(TOKEN-(SIGNATURE|GRAMMAR)|VAL-INVALID)$/.test(code))).toEqual([]);
      tried += codes.length;
      expect(await knock(token), 'it was well formed').toBe('202');
    }
    expect((await alice.items()).length).toBe(before + sized(1, 100));
    counted('hostile signatures at the inbox', tried);
  },
);

async function spkiOf(algorithm: EcKeyGenParams | RsaHashedKeyGenParams | Algorithm): Promise<string> {
  const pair = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  return bytesToBase64(new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)));
}

describe('K1, R4: a neighbour that lists a key that is none', () => {
  const publicExponent = Uint8Array.of(1, 0, 1);
  const rsa = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent, hash: 'SHA-384' };
  const kinds: [string, (der: Uint8Array) => string | Promise<string>][] = [
    ['off the curve by x', (der) => bytesToBase64(der.map((byte, i) => (i === 71 ? byte ^ 1 : byte)))],
    ['off the curve by y', (der) => bytesToBase64(der.map((byte, i) => (i === 119 ? byte ^ 1 : byte)))],
    ['at 0, 0', (der) => bytesToBase64(der.map((byte, i) => (i > 23 ? 0 : byte)))],
    ['beyond the field', (der) => bytesToBase64(der.map((byte, i) => (i > 23 ? 255 : byte)))],
    ['at infinity', (der) => bytesToBase64(new Uint8Array([...der.slice(0, 23), 0]))],
    ['compressed', (der) => bytesToBase64(new Uint8Array([...der.slice(0, 23), 2, ...der.slice(24, 72)]))],
    ['with the oid of another curve', (der) => bytesToBase64(der.with(22, 0x23))],
    ['a byte short', (der) => bytesToBase64(der.slice(0, -1))],
    ['a byte longer', (der) => bytesToBase64(new Uint8Array([...der, 0]))],
    ['empty', () => ''],
    ['of P-256', () => spkiOf({ name: 'ECDSA', namedCurve: 'P-256' })],
    ['of P-521', () => spkiOf({ name: 'ECDSA', namedCurve: 'P-521' })],
    ['of Ed25519', () => spkiOf({ name: 'Ed25519' })],
    ['of RSA', () => spkiOf(rsa)],
  ];

  /** A neighbour that lists this key, and a token that the real one signed. */
  async function tell(
    name: string,
    publicKey: string,
  ): Promise<{ codes: string[]; close: StockNode['close'] }> {
    const node = await openStockNode(network, name);
    const data = { idTag: name, name, type: 'person', keys: [{ keyId: '261101', publicKey }] };
    const body = JSON.stringify({ data, time: new Date().toISOString() });
    node.respond = (url) => (url === routes.me ? { status: 200, body } : undefined);
    const iat = Math.floor(network.now() / 1000);
    const statement = { t: 'FLLW', aud: alice.relay.idTag, iat, v: 'D' as const, _: nonce() };
    const payload = formatPayload(parseIdTag(name), '261101', statement);
    const token = await signCompact('JWT', payload, genuine.sign);
    const zeros = replacePair(token, { r: 0n, s: 0n });
    const ones = replacePair(token, { r: 1n, s: 1n });
    const codes: string[] = [];
    for (const each of [zeros, ones, token]) codes.push(await knock(each));
    return { codes, close: () => node.close() };
  }

  test('K1, R4: the key as it is: what it signed is taken, and nothing else', async () => {
    const { codes, close } = await tell('right.test', genuine.publicKey);
    expect(codes).toEqual(['E-TOKEN-SIGNATURE', 'E-TOKEN-SIGNATURE', '202']);
    await close();
  });

  test.each(kinds)('K1, R4: %s: nothing in its name is taken', async (what, make) => {
    const publicKey = await make(base64ToBytes(genuine.publicKey));
    const { codes, close } = await tell(
      `${what.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}.test`,
      publicKey,
    );
    expect(codes.filter((code) => !/^(E-KEY-UNKNOWN|E-TOKEN-SIGNATURE|503)$/.test(code))).toEqual([]);
    counted('keys that are no points of the curve', 1);
    await close();
  });
});
