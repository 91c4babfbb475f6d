import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdTag } from '../identity/id-tag.ts';
import { alice, bob, noon } from '../test/log.ts';
import { holds } from '../test/seeded.ts';
import { codeOf } from '../test/vectors.ts';
import { formatSigningInput } from '../token/compact.ts';
import { assertAddressed, assertMayReceive } from './accept.ts';
import {
  assertTimes,
  formatPayload,
  type ParsedAction,
  parseAction,
  supersedes,
  type Upsert,
} from './action.ts';
import type { ActionPayload, HeldAction } from './define.ts';
import { fllw } from './types/fllw/fllw.ts';
import { post } from './types/post/post.ts';
import { react } from './types/react/react.ts';

const carol = parseIdTag('carol.test');
const subject = `a1~${'A'.repeat(43)}`;
const action = (claims: object): Promise<ParsedAction> =>
  parseAction(`${formatSigningInput('JWT', { iss: bob, k: '1', iat: noon, ...claims })}.${'A'.repeat(128)}`);
const held = (payload: Partial<ActionPayload>): HeldAction => ({
  actionId: subject,
  payload: { iss: alice, k: '1', t: 'POST', iat: noon, ...payload },
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

describe('R1: who gets it', () => {
  const context = { tenant: alice, followers: [bob, carol] };
  const base = { iss: alice, k: '1', iat: noon };

  it('R1: a post without audience goes to the followers, one with an audience to that alone', () => {
    expect(post.recipients({ ...base, t: 'POST' }, context)).toEqual([bob, carol]);
    expect(post.recipients({ ...base, t: 'POST', aud: carol }, context)).toEqual([carol]);
  });

  it('R1: a reaction goes to the owner of what it is about; about our own, to the followers', () => {
    expect(react.recipients({ ...base, t: 'REACT:LIKE', sub: subject, aud: bob }, context)).toEqual([bob]);
    expect(react.recipients({ ...base, t: 'REACT:LIKE', sub: subject }, context)).toEqual([bob, carol]);
  });

  it('R1: a follow goes to whom it names', () => {
    expect(fllw.recipients({ ...base, t: 'FLLW', aud: bob }, context)).toEqual([bob]);
  });
});

describe('R2, R4: who takes it', () => {
  it('R4: what is for somebody else is refused', async () => {
    const about = (claims: object) => action({ t: 'POST', c: 'x', ...claims });
    expect(await codeOf(async () => assertAddressed(await about({ aud: carol }), alice, noon))).toBe(
      'E-ACTION-AUDIENCE',
    );
    expect(await codeOf(async () => assertAddressed(await about({ aud: alice }), alice, noon))).toBe(
      'accepted',
    );
    expect(await codeOf(async () => assertAddressed(await about({}), alice, noon))).toBe('accepted');
    expect(await codeOf(async () => assertAddressed(await about({ iss: alice }), alice, noon))).toBe(
      'E-ACTION-ISSUER',
    );
    expect(await codeOf(async () => assertAddressed(await about({ iat: noon + 301 }), alice, noon))).toBe(
      'E-TOKEN-TIME',
    );
  });

  const judge = async (claims: object, context: { following?: boolean; about?: HeldAction }) =>
    codeOf(async () =>
      assertMayReceive(await action(claims), { tenant: alice, following: false, ...context }),
    );

  it('R2: posts of those who are followed only', async () => {
    expect(await judge({ t: 'POST', c: 'x' }, {})).toBe('E-ACTION-PERMISSION');
    expect(await judge({ t: 'POST', c: 'x' }, { following: true })).toBe('accepted');
  });

  it.each([
    ['our post, from a stranger', held({}), false, 'accepted'],
    ['the post of who writes, whom we follow', held({ iss: bob }), true, 'accepted'],
    ["a third person's post, whoever writes", held({ iss: carol }), true, 'E-ACTION-PERMISSION'],
    ['a post on our wall', held({ iss: carol, aud: alice }), false, 'accepted'],
    ["our post on a third person's wall", held({ aud: carol }), false, 'E-ACTION-PERMISSION'],
    ['something we never saw', undefined, true, 'E-ACTION-PERMISSION'],
  ] as const)('R2: a comment or reaction about %s', async (_why, about, following, code) => {
    const context = { following, ...(about ? { about } : {}) };
    expect(await judge({ t: 'CMNT', c: 'x', p: subject }, context)).toBe(code);
    expect(await judge({ t: 'REACT:LIKE', sub: subject }, context)).toBe(code);
  });

  it('R2: the flags of the subject forbid comments and reactions one by one', async () => {
    const comment = { t: 'CMNT', c: 'x', p: subject };
    const reaction = { t: 'REACT:LIKE', sub: subject };
    expect(await judge(comment, { about: held({ f: 'c' }) })).toBe('E-ACTION-PERMISSION');
    expect(await judge(reaction, { about: held({ f: 'c' }) })).toBe('accepted');
    expect(await judge(comment, { about: held({ f: 'r' }) })).toBe('accepted');
    expect(await judge(reaction, { about: held({ f: 'r' }) })).toBe('E-ACTION-PERMISSION');
  });

  it('R3: a follow makes its issuer a follower of whom it names, and of nobody else', async () => {
    expect(await judge({ t: 'FLLW', aud: alice }, {})).toBe('accepted');
    expect(await judge({ t: 'FLLW', aud: bob }, {})).toBe('E-ACTION-PERMISSION');
    const base = { iss: bob, k: '1', iat: noon, aud: alice };
    expect(fllw.whenReceived?.({ ...base, t: 'FLLW' })).toEqual({ idTag: bob, follower: true });
    expect(fllw.whenReceived?.({ ...base, t: 'FLLW:DEL' })).toEqual({ idTag: bob, follower: false });
    expect(fllw.whenSent?.({ ...base, iss: alice, aud: bob, t: 'FLLW' })).toEqual({
      idTag: bob,
      following: true,
    });
    expect(fllw.whenSent?.({ ...base, iss: alice, aud: bob, t: 'FLLW:DEL' })).toEqual({
      idTag: bob,
      following: false,
    });
  });
});
