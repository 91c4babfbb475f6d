import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../parse.ts';
import { holds } from '../test/seeded.ts';
import { codeOf } from '../test/vectors.ts';
import {
  allows,
  capabilitiesSchema,
  type Capability,
  covers,
  coversAll,
  everything,
  isNeverHandedOn,
} from './capability.ts';

const cap = (act: string, res: string, more: Partial<Capability> = {}): Capability => ({ act, res, ...more });

describe('C1: form', () => {
  it.each([
    cap('*', '*'),
    cap('action/create', 'type:POST'),
    cap('doc/*', 'doc/abc'),
    cap('doc/read', 'doc/*', { aud: 'bob.test', lim: { n: 0 } }),
  ])('C1: takes %j', (capability) => {
    expect(parse(capabilitiesSchema, [capability])).toEqual([capability]);
  });

  it.each([
    [[]],
    [[{ act: '*' }]],
    [[{ act: '*', res: '*', x: 1 }]],
    [[{ act: '', res: '*' }]],
    [[{ act: 'doc*', res: '*' }]],
    [[{ act: 'doc/**', res: '*' }]],
    [[{ act: '*/doc', res: '*' }]],
    [[{ act: 'Doc/read', res: '*' }]],
    [[{ act: 'doc/', res: '*' }]],
    [[{ act: 'doc/read', res: 'doc//x' }]],
    [[{ act: 'doc/read', res: 'doc/*/x' }]],
    [[{ act: 'doc/read', res: '*', lim: { n: -1 } }]],
    [[{ act: 'doc/read', res: '*', lim: { n: '5' } }]],
    [[{ act: 'doc/read', res: '*', lim: { n: Infinity } }]],
    [Array.from({ length: 33 }, () => cap('doc/read', '*'))],
  ])('C1: refuses %j', async (list) => {
    expect(await codeOf(() => parse(capabilitiesSchema, list))).toBe('E-VAL-INVALID');
  });
});

describe('C2: one covers another', () => {
  it.each<[Capability, Capability, boolean]>([
    [cap('*', '*'), cap('doc/read', 'doc/a'), true],
    [cap('doc/*', '*'), cap('doc/read', 'doc/a'), true],
    [cap('doc/*', '*'), cap('doc/*', '*'), true],
    [cap('doc/*', '*'), cap('*', '*'), false],
    [cap('doc/*', '*'), cap('docs/read', '*'), false],
    [cap('doc/*', '*'), cap('doc', '*'), false],
    [cap('doc/read', 'doc/*'), cap('doc/read', 'doc/a/b'), true],
    [cap('doc/read', 'doc/a'), cap('doc/read', 'doc/ab'), false],
    [cap('doc/read', 'doc/a'), cap('doc/read', 'doc/*'), false],
    [cap('doc/read', '*', { aud: 'bob.test' }), cap('doc/read', '*'), false],
    [cap('doc/read', '*', { aud: 'bob.test' }), cap('doc/read', '*', { aud: 'eve.test' }), false],
    [cap('doc/read', '*'), cap('doc/read', '*', { aud: 'bob.test' }), true],
    [cap('doc/read', '*', { lim: { n: 5 } }), cap('doc/read', '*'), false],
    [cap('doc/read', '*', { lim: { n: 5 } }), cap('doc/read', '*', { lim: { n: 6 } }), false],
    [cap('doc/read', '*', { lim: { n: 5 } }), cap('doc/read', '*', { lim: { m: 1 } }), false],
    [cap('doc/read', '*', { lim: { n: 5 } }), cap('doc/read', '*', { lim: { n: 5, m: 1 } }), true],
    [cap('doc/read', '*', { lim: { toString: 5 } }), cap('doc/read', '*', { lim: {} }), false],
  ])('C2: %j over %j is %s', (parent, child, expected) => {
    expect(covers(parent, child)).toBe(expected);
  });

  it('C3: two halves do not make a whole', () => {
    const halves = [cap('doc/read', 'doc/a'), cap('doc/write', 'doc/b')];
    expect(coversAll(halves, halves)).toBe(true);
    expect(coversAll(halves, [cap('doc/read', 'doc/b')])).toBe(false);
  });
});

describe('C4: never handed on', () => {
  it.each(['*', 'device/enrol', 'device/*', 'identity/rotate', 'identity/*', 'identity/delete'])(
    'C4: %s',
    (act) => {
      expect(isNeverHandedOn(cap(act, 'x'))).toBe(true);
    },
  );

  it.each(['action/create', 'action/*', 'doc/read'])('C4: %s may be', (act) => {
    expect(isNeverHandedOn(cap(act, '*'))).toBe(false);
  });
});

const acts = ['*', 'doc/*', 'doc/read', 'doc/write', 'action/*', 'action/create', 'device/enrol'];
const resources = ['*', 'doc/*', 'doc/a', 'doc/b', 'type:POST', 'type:CMNT'];
const limits = fc.option(fc.dictionary(fc.constantFrom('n', 'm'), fc.nat(3)));
const audiences = fc.option(fc.constantFrom('bob.test', 'eve.test'));
const capability: fc.Arbitrary<Capability> = fc
  .tuple(fc.constantFrom(...acts), fc.constantFrom(...resources), audiences, limits)
  .map(([act, res, aud, lim]) => ({
    act,
    res,
    ...(aud ? { aud } : {}),
    ...(lim ? { lim: { ...lim } } : {}),
  }));
const list = fc.array(capability, { minLength: 1, maxLength: 4 });

/** Everything that can be asked for in this small world. */
const asked = acts
  .filter((act) => !act.includes('*'))
  .flatMap((act) => resources.filter((res) => !res.includes('*')).map((res) => ({ act, res })))
  .flatMap(({ act, res }) => [undefined, 'bob.test', 'eve.test'].map((aud) => ({ act, res, aud })));

describe('C2, C3: rights only shrink', () => {
  it('C2: covering is reflexive and transitive', () =>
    holds(
      fc.asyncProperty(capability, capability, capability, async (a, b, c) => {
        expect(covers(a, a)).toBe(true);
        if (covers(a, b) && covers(b, c)) expect(covers(a, c)).toBe(true);
      }),
      { runs: 3000 },
    ));

  it('C3: whatever a contained list allows, the list above allows', () =>
    holds(
      fc.asyncProperty(list, list, async (parents, children) => {
        if (!coversAll(parents, children)) return;
        for (const { act, res, aud } of asked)
          if (allows(children, act, res, aud)) expect(allows(parents, act, res, aud)).toBe(true);
      }),
      { runs: 3000 },
    ));

  it('C3: everything allows everything', () => {
    for (const { act, res, aud } of asked) expect(allows(everything, act, res, aud)).toBe(true);
  });
});

it('C5: an entry with a limit that nobody counts allows nothing', () => {
  expect(allows([{ act: '*', res: '*', lim: { n: 5 } }], 'action/create', 'type:POST')).toBe(false);
  expect(allows([{ act: '*', res: '*' }], 'action/create', 'type:POST')).toBe(true);
});
