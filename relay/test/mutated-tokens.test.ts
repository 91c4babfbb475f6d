import { expect, test } from 'vitest';
import { bytesToBase64url, textToBytes } from '../../shared/bytes.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { order, replaceSignature, splitSignature, replacePair, toDer } from '../../shared/test/signatures.ts';
import { counted } from '../../shared/test/counted.ts';
import { codeOf, json, TestDevice } from './device.ts';
import { claimsOf } from './friends.ts';
import { createNetwork } from './network.ts';
import { patience, sized } from './sizes.ts';
import { openStockNode, type StockNode } from './stock-node.ts';

const reference = `a1~${'B'.repeat(43)}`;
const aud = parseIdTag('alice.test');

/** One of every type, all well formed; those of a contact that need nothing else would be taken. */
const statements: Parameters<StockNode['sign']>[0][] = [
  { t: 'POST', c: 'Hello', v: 'P' },
  { t: 'POST:DEL', c: '–', sub: reference },
  { t: 'CMNT', c: 'Hello', p: reference },
  { t: 'REACT:LIKE', sub: reference },
  { t: 'REPOST', sub: reference },
  { t: 'FLLW', aud },
  { t: 'CONN', aud, c: 'It is me' },
  { t: 'CONN:ACC', aud },
  { t: 'MSG', aud, c: 'Hello' },
  { t: 'CONV', aud, c: { name: 'Boats' }, v: 'S' },
  { t: 'SUBS', aud, sub: reference },
  { t: 'INVT', aud, sub: reference },
  { t: 'APRV', aud, sub: reference },
  { t: 'STAT', p: reference, c: { r: '1,L1' } },
  { t: 'FSHR', aud, sub: 'A'.repeat(24), c: { contentType: 'islet/text', fileName: 'x', fileTp: 'CRDT' } },
  { t: 'PRES:TYPING', aud, sub: '@bob.test' },
  { t: 'ACK', aud, sub: reference },
  { t: 'PROXY', aud, exp: Math.floor(Date.now() / 1000) + 300 },
  { t: 'UNKNOWN', c: { any: 'thing' } },
];

type Dice = () => number;
type Parts = [header: string, payload: string, signature: string];
const pick = <T>(list: readonly T[], dice: Dice): T => list[Math.floor(dice() * list.length)]!;
const encode = (part: object | string) =>
  bytesToBase64url(textToBytes(typeof part === 'string' ? part : JSON.stringify(part)));
const evil = 'https://cl-o.evil.test/keys.json';

const headers: (object | string)[] = [
  { typ: 'JWT', alg: 'none' },
  { typ: 'JWT', alg: 'HS384' },
  { typ: 'JWT', alg: 'ES256' },
  { typ: 'jwt', alg: 'ES384' },
  { alg: 'ES384' },
  { typ: 'delegation+jwt', alg: 'ES384' },
  ...['jku', 'x5u', 'kid', 'iss'].map((name) => ({ typ: 'JWT', alg: 'ES384', [name]: evil })),
  { typ: 'JWT', alg: 'ES384', jwk: { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' } },
  { typ: 'JWT', alg: 'ES384', crit: ['b64'], b64: false },
  '{"typ":"JWT","alg":"none","alg":"ES384"}',
  ' {"typ":"JWT","alg":"ES384"}',
];

/** Claims that are changed under a signature that is of others. */
const changes: object[] = [
  ...[
    { iss: 'evil.test' },
    { iss: 'alice.test' },
    { k: evil },
    { t: 'FLLW' },
    { iat: 1 },
    { v: 'P' },
    { v: 'D' },
  ],
  ...[{ aud: 'evil.test' }, { aud }, { exp: 1 }, { sub: '@evil.test' }, { p: reference }, { extra: evil }],
  ...[
    { a: [`f1~${'C'.repeat(43)}`] },
    { f: 'O' },
    { _: '' },
    { c: 'changed' },
    { iss: ['bob.test'] },
    { iat: 1e99 },
  ],
];

const kinds: ((token: string, dice: Dice, all: readonly string[]) => string)[] = [
  // A character is another one, is missing, or stands twice.
  (token, dice) => {
    const at = Math.floor(dice() * token.length);
    const letter = pick([...'ABCwxyz0189-_=.+/ '], dice);
    return pick(
      [
        token.slice(0, at) + letter + token.slice(at + 1),
        token.slice(0, at) + token.slice(at + 1),
        token.slice(0, at) + token[at]! + token.slice(at),
      ],
      dice,
    );
  },
  // Parts of several tokens.
  (token, dice, all) => {
    const parts = token.split('.') as Parts;
    const at = 1 + Math.floor(dice() * 2);
    parts[at] = pick(all, dice).split('.')[at]!;
    return parts.join('.');
  },
  (token, dice) => [encode(pick(headers, dice)), ...token.split('.').slice(1)].join('.'),
  (token, dice) => {
    const [header, , signature] = token.split('.') as Parts;
    return `${header}.${encode({ ...claimsOf(token), ...pick(changes, dice) })}.${signature}`;
  },
  // The same claims, written in another way.
  (token, dice) => {
    const [header, , signature] = token.split('.') as Parts;
    const text = JSON.stringify(claimsOf(token), null, Math.ceil(dice() * 3));
    return `${header}.${encode(text)}.${signature}`;
  },
  // Signatures that no key makes.
  (token, dice) => {
    const { r, s } = splitSignature(token);
    const pair = pick(
      [
        { r: 0n, s },
        { r, s: 0n },
        { r: order, s },
        { r: order - r, s },
        { r: s, s: r },
      ],
      dice,
    );
    return pick(
      [
        replacePair(token, pair),
        replaceSignature(token, toDer(token)),
        `${token}.`,
        `${token}.${token}`,
        token.slice(0, -Math.ceil(dice() * 129)),
      ],
      dice,
    );
  },
];

test(
  'T1, T2, T3, R4: no mutated token of any type is taken, and no address in one is asked',
  { timeout: patience },
  async () => {
    const network = await createNetwork('alice.test');
    const alice = await TestDevice.enrolFirst(network, network.relays[0]);
    const bob = await openStockNode(network, 'bob.test');
    let asked = 0;
    network.addNeighbour('evil.test', () => {
      asked += 1;
      return Promise.reject(new Error('nobody should come here'));
    });
    await alice.say({ t: 'FLLW', aud: parseIdTag('bob.test'), v: 'D' });
    const dice = createDice();
    const all = await Promise.all(statements.map((statement) => bob.sign(statement)));
    const before = (await alice.items()).length;
    const knock = async (token: string) => {
      const body = JSON.stringify({ token });
      return alice.relay.ask(routes.inbox, { method: 'POST', headers: json, body });
    };
    const mutated = (): string => {
      const token = pick(kinds, dice)(pick(all, dice), dice, all);
      // Claims in another name are of another issuer, whose own host is rightly asked: that is no address in a header.
      return all.includes(token) || isOfEvil(token) ? mutated() : token;
    };
    const many = sized(1_500, 1_000_000);
    const taken: string[] = [];
    for (let done = 0; done < many; done += 25) {
      const batch = Array.from({ length: 25 }, mutated);
      const answers = await Promise.all(batch.map(knock));
      answers.forEach(({ status }, i) => status < 400 && taken.push(batch[i]!));
    }
    expect(taken).toEqual([]);
    expect(asked).toBe(0);
    alice.forgetToken();
    expect((await alice.items()).length).toBe(before);
    const pristine = await Promise.all(all.map(async (token) => codeOf(await knock(token))));
    expect(pristine.filter((code) => code === '202').length).toBeGreaterThan(5);
    expect(pristine[statements.findIndex(({ t }) => t === 'PROXY')]).toBe('E-ACTION-TYPE');
    counted('changed tokens', many);
    await network.close();
    await bob.close();
  },
);

function isOfEvil(token: string): boolean {
  try {
    return claimsOf(token).iss === 'evil.test';
  } catch {
    return false;
  }
}
