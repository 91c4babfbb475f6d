import { expect, test } from 'vitest';
import { formatPayload, parseAction, type Statement } from '../action/action.ts';
import { stranger } from '../action/define.ts';
import { bytesToBase64url } from '../bytes.ts';
import { parseIdTag } from '../identity/id-tag.ts';
import { formatSigningInput } from '../token/compact.ts';
import { assertProxy, createProxy, furthestEnd } from './proxy.ts';
import { rolesOf } from './roles.ts';
import { formatScope, levels, lowerLevel, parseScope } from './scope.ts';

const [alice, bob] = [parseIdTag('alice.test'), parseIdTag('bob.test')];
const file = 'aBcDeFgHiJkLmNoPqRsTuVwX';
const now = 1_800_000_000;
const codeOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test('O4: a scope is a file and what may be done with it, and nothing else is one', () => {
  const blob = `f1~${'x'.repeat(43)}`;
  for (const id of [file, blob])
    for (const level of levels) expect(parseScope(`file:${id}:${level}`)).toEqual({ file: id, level });
  for (const level of levels) expect(formatScope({ file, level })).toBe(`file:${file}:${level}`);
  const bad = [
    '',
    'file',
    `file:${file}`,
    `file:${file}:A`,
    `file:${file}:RW`,
    `file:${file}:r`,
    `file:${file.slice(1)}:R`,
  ];
  for (const text of [
    ...bad,
    `file:${file}:W `,
    ` file:${file}:W`,
    `file:${file}:W,file:${file}:R`,
    'apkg:publish',
    'carddav:read',
  ])
    expect(codeOf(() => parseScope(text))).toBe('E-AUTH-NOPERM');
});

test('O4: of two levels the lower one is given; who shares further writes', () => {
  expect(lowerLevel('R', 'W')).toBe('R');
  expect(lowerLevel('W', 'C')).toBe('C');
  expect(lowerLevel('A', 'W')).toBe('W');
  expect(lowerLevel('A', 'A')).toBe('W');
  expect(lowerLevel('C', 'A')).toBe('C');
});

test('O3: roles rise with the relation', () => {
  expect(rolesOf(stranger)).toEqual(['public']);
  expect(rolesOf({ ...stranger, following: true, connected: 'asking' })).toEqual(['public']);
  expect(rolesOf({ ...stranger, follower: true })).toEqual(['public', 'follower']);
  const member = ['public', 'follower', 'supporter', 'contributor'];
  expect(rolesOf({ ...stranger, connected: 'connected' })).toEqual(member);
});

const read = (payload: object) =>
  parseAction(`${formatSigningInput('JWT', payload)}.${bytesToBase64url(new Uint8Array(96).fill(1))}`);
const proxy = (change: object = {}) =>
  read({ ...createProxy({ iss: bob, k: 'k', aud: alice, now, nonce: 'n'.repeat(22) }), ...change });
const judge = async (change: object) => {
  const action = await proxy(change);
  return codeOf(() => assertProxy(action, { tenant: alice, now }));
};

test('O1: a PROXY token for us that ends soon is taken, and nothing else', async () => {
  expect(await judge({})).toBe(now + 60);
  expect(await judge({ exp: now + furthestEnd })).toBe(now + furthestEnd);
  expect(await judge({ exp: now + furthestEnd + 1 })).toBe('E-TOKEN-TIME');
  expect(await judge({ exp: now - 1 })).toBe('E-TOKEN-TIME');
  expect(await judge({ iat: now + 301 })).toBe('E-TOKEN-TIME');
  expect(await judge({ aud: 'carol.test' })).toBe('E-ACTION-AUDIENCE');
  expect(await judge({ iss: alice })).toBe('E-ACTION-ISSUER');
  await expect(proxy({ exp: undefined })).rejects.toMatchObject({ code: 'E-ACTION-FIELDS' });
  await expect(proxy({ aud: undefined })).rejects.toMatchObject({ code: 'E-ACTION-FIELDS' });
});

test('O1: no other action is taken for one, a subtype of it included', async () => {
  const post: Statement = {
    t: 'POST',
    iat: now,
    exp: now + 60,
    aud: alice,
    c: 'Hello',
    v: 'D',
    _: 'n'.repeat(22),
  };
  for (const t of ['POST', 'PROXY:XX', 'PROXY:DEL', 'FOO']) {
    const action = await read(formatPayload(bob, 'k', { ...post, t }));
    expect(codeOf(() => assertProxy(action, { tenant: alice, now }))).toBe('E-ACTION-TYPE');
  }
});
