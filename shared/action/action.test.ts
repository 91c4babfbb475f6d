import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdTag } from '../identity/id-tag.ts';
import { alice, bob, noon } from '../test/log.ts';
import { holds } from '../test/seeded.ts';
import { read, sending, subject } from '../test/contexts.ts';
import { codeOf } from '../test/vectors.ts';
import {
  aboutReference,
  assertTimes,
  formatPayload,
  supersedes,
  type Upsert,
  visibilityOf,
} from './action.ts';
import type { ActionPayload } from './define.ts';
import { fllw } from './types/fllw/fllw.ts';
import { post } from './types/post/post.ts';
import { react } from './types/react/react.ts';

const carol = parseIdTag('carol.test');

describe('A4: who may see it', () => {
  it.each([
    [{ t: 'POST', c: 'x' }, 'F'],
    [{ t: 'POST', c: 'x', v: 'P' }, 'P'],
    [{ t: 'MSG', c: 'x', aud: alice }, 'D'],
    [{ t: 'CONV', c: { name: 'Boats' } }, 'S'],
    [{ t: 'CONN', aud: alice }, 'D'],
    [{ t: 'FUTURE' }, 'D'],
    [{ t: 'MSG:TEXT', c: 'x', aud: alice, v: 'F' }, 'D'],
    [{ t: 'CONN', aud: alice, v: 'P' }, 'D'],
    [{ t: 'MSG', c: 'x', p: subject, v: 'F' }, 'S'],
  ])('A4: %j is for %s', async (claims, visibility) => {
    expect(visibilityOf(await read(claims))).toBe(visibility);
  });
});

describe('A2: what nobody here knows', () => {
  it.each(['FUTURE', 'FUTURE:NEW', 'REACT:SHRUG', 'FLLW:ACC'])('A2: %s is kept as it came', async (t) => {
    const { type, payload } = await read({ t, c: { any: ['thing'] }, sub: subject });
    expect(type).toMatchObject({ raw: true, fromStrangers: false });
    expect(type.recipients(payload, sending())).toEqual([]);
    expect(type.whenReceived).toBeUndefined();
  });
});

describe('A2: subtypes of stock apps', () => {
  it.each(['POST:VIDEO', 'POST:DOC', 'MSG:TEXT', 'MSG:POEM'])('A2: %s counts as its type', async (t) => {
    const { type } = await read({ t, c: 'x', aud: alice });
    expect(type).toMatchObject({ type: t.split(':')[0] });
    expect(type.raw).toBeUndefined();
  });
});

describe('R6, R7: what an action is about', () => {
  const other = `a1~${'B'.repeat(43)}`;
  it.each([
    [{ t: 'CMNT', c: 'x', p: subject }, subject],
    [{ t: 'CMNT', c: 'x', p: subject, sub: other }, subject],
    [{ t: 'CMNT:DEL', c: 'x', p: subject, sub: other }, other],
    [{ t: 'POST:DEL', c: 'x', sub: other }, other],
    [{ t: 'REACT:DEL', sub: other }, other],
    [{ t: 'APRV', sub: other, p: subject }, other],
    [{ t: 'CONV:UPD', c: { name: 'x', conv: subject } }, subject],
    [{ t: 'POST', c: 'x' }, undefined],
  ])('R6, R7: %j', async (claims, reference) => {
    expect(aboutReference((await read(claims)).payload)).toBe(reference);
  });
});

describe('A3: times', () => {
  it.each<[Partial<ActionPayload>, string]>([
    [{ iat: noon + 300 }, 'accepted'],
    [{ iat: noon + 301 }, 'E-TOKEN-TIME'],
    [{ iat: 0 }, 'accepted'],
    [{ exp: noon }, 'accepted'],
    [{ exp: noon - 1 }, 'E-TOKEN-TIME'],
    [{ iat: 1_795_262_400_000 }, 'E-TOKEN-TIME'],
  ])('A3: %j is %s', async (times, code) => {
    expect(
      await codeOf(() => assertTimes({ iss: alice, k: '1', t: 'POST', iat: noon, ...times }, noon)),
    ).toBe(code);
  });
});

describe('D2: how a payload stands', () => {
  it('D2: in the order of the rule, absent members left out', () => {
    const statement = { _: 'A'.repeat(22), v: 'P', c: 'Hi', aud: bob, iat: noon, t: 'POST' } as const;
    const full = { ...statement, f: 'r', a: [], p: subject, sub: subject, exp: 1 };
    expect(Object.keys(formatPayload(alice, '1', full))).toEqual(
      'iss k t iat exp aud sub p a c f v _'.split(' '),
    );
    expect(JSON.stringify(formatPayload(alice, '1', statement))).toBe(
      `{"iss":"alice.test","k":"1","t":"POST","iat":${noon},"aud":"bob.test","c":"Hi","v":"P","_":"${'A'.repeat(22)}"}`,
    );
  });
});

describe('U1: upserts', () => {
  const upsert = fc.record({ iat: fc.nat(3), statementId: fc.constantFrom('a', 'b', 'c', 'd') });
  const keep = (stored: Upsert | undefined, incoming: Upsert) =>
    stored && supersedes(stored, incoming) ? stored : incoming;

  it('U1: the same one holds in whatever order they arrive', () =>
    holds(
      fc.asyncProperty(
        fc
          .array(upsert, { minLength: 1, maxLength: 6 })
          .chain((list) =>
            fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
          ),
        async ([list, shuffled]) => {
          const left = list.reduce<Upsert | undefined>(keep, undefined);
          expect(shuffled.reduce<Upsert | undefined>(keep, undefined)).toEqual(left);
          expect(left?.iat).toBe(Math.max(...list.map(({ iat }) => iat)));
        },
      ),
      { runs: 2000 },
    ));

  it('U1: of two with different names exactly one holds', () =>
    holds(
      fc.asyncProperty(upsert, upsert, async (a, b) => {
        if (a.iat === b.iat && a.statementId === b.statementId) return;
        expect(supersedes(a, b)).toBe(!supersedes(b, a));
      }),
      { runs: 500 },
    ));

  it('U1: like and unlike have one key, and so have follow and its end', () => {
    const base = { iss: alice, k: '1', iat: noon, sub: subject, aud: bob };
    expect(react.key?.({ ...base, t: 'REACT:LIKE' })).toBe(react.key?.({ ...base, t: 'REACT:DEL' }));
    expect(react.key?.({ ...base, t: 'REACT:LIKE' })).not.toBe(
      react.key?.({ ...base, t: 'REACT:LIKE', iss: bob }),
    );
    expect(fllw.key?.({ ...base, t: 'FLLW' })).toBe(fllw.key?.({ ...base, t: 'FLLW:DEL' }));
    expect(fllw.key?.({ ...base, t: 'FLLW' })).not.toBe(fllw.key?.({ ...base, t: 'FLLW', aud: carol }));
    expect(post.key).toBeUndefined();
  });
});
