import { describe, expect, it } from 'vitest';
import { parseIdTag } from '../identity/id-tag.ts';
import {
  containerOf,
  conversation,
  held,
  read,
  receiving,
  relation,
  sending,
  subject,
} from '../test/contexts.ts';
import { alice, bob, noon } from '../test/log.ts';
import { codeOf } from '../test/vectors.ts';
import { assertAddressed, assertMayReceive, assertMaySend } from './accept.ts';
import type { ReceivingContext, SendingContext } from './define.ts';

const carol = parseIdTag('carol.test');
const dora = parseIdTag('dora.test');
const contact = relation({ following: true });
const connected = relation({ connected: 'connected' });
const follower = relation({ follower: true });

/** Whether Alice takes what Bob says. */
const judge = async (claims: object, context: Partial<ReceivingContext> = {}) =>
  codeOf(async () => assertMayReceive(await read(claims), receiving(context)));
/** Whether Alice says it. */
const judgeOwn = async (claims: object, context: Partial<SendingContext> = {}) =>
  codeOf(async () => assertMaySend(await read({ iss: alice, ...claims }), sending(context)));
const recipients = async (claims: object, context: Partial<SendingContext> = {}) => {
  const { type, payload } = await read({ iss: alice, ...claims });
  return type.recipients(payload, sending(context));
};

describe('R1: who gets it', () => {
  const people = { followers: [bob, carol], connected: [carol, dora] };

  it.each([
    [{ v: 'P' }, [bob, carol, dora]],
    [{ v: 'F' }, [bob, carol, dora]],
    [{ v: 'C' }, [carol, dora]],
    [{ v: 'D' }, []],
    [{ v: 'F', aud: bob }, [bob]],
  ])('R1, A4: a post with %j', async (claims, to) => {
    expect(await recipients({ t: 'POST', c: 'x', ...claims }, people)).toEqual(to);
  });

  it('R1: a reply goes to the owner of what it is about; about our own, to those who may see that', async () => {
    const reaction = { t: 'REACT:LIKE', sub: subject, v: 'F' };
    expect(await recipients({ ...reaction, aud: bob }, people)).toEqual([bob]);
    expect(await recipients(reaction, { ...people, about: await held() })).toEqual([bob, carol, dora]);
    expect(await recipients(reaction, { ...people, about: await held({ v: 'C' }) })).toEqual([carol, dora]);
  });

  it('R1: what names a person goes to that person alone', async () => {
    for (const claims of [
      { t: 'FLLW', aud: bob },
      { t: 'CONN', aud: bob },
      { t: 'MSG', c: 'x', aud: bob },
      {
        t: 'FSHR',
        aud: bob,
        sub: 'A'.repeat(24),
        c: { contentType: 'islet/text', fileName: 'x', fileTp: 'CRDT' },
      },
    ])
      expect(await recipients(claims, people)).toEqual([bob]);
  });

  it('R1, R7: a repost goes to the readers and to who wrote it', async () => {
    const about = await held({ iss: dora });
    expect(await recipients({ t: 'REPOST', sub: subject }, { followers: [bob], about })).toContain(dora);
  });

  it('M1: in a conversation of ours to all members, in another one to its owner', async () => {
    const claims = { t: 'MSG', c: 'x', p: conversation, v: 'S' };
    const ours = await containerOf(alice, [
      [bob, 'member'],
      [carol, 'observer'],
    ]);
    expect(await recipients(claims, { container: ours })).toEqual([alice, bob, carol]);
    const theirs = await containerOf(bob, [
      [alice, 'member'],
      [carol, 'member'],
    ]);
    expect(await recipients({ ...claims, aud: bob }, { container: theirs })).toEqual([bob]);
  });
});

describe('R4: what is for somebody else', () => {
  const addressed = async (claims: object, approved = false) =>
    codeOf(async () => assertAddressed(await read(claims), { tenant: alice, now: noon, approved }));

  it.each([
    [{ t: 'POST', c: 'x', aud: carol }, 'E-ACTION-AUDIENCE'],
    [{ t: 'MSG', c: 'x', aud: carol }, 'E-ACTION-AUDIENCE'],
    [{ t: 'PROXY', aud: carol, exp: noon + 60 }, 'E-ACTION-AUDIENCE'],
    [{ t: 'POST', c: 'x', aud: alice }, 'accepted'],
    [{ t: 'POST', c: 'x' }, 'accepted'],
    [{ t: 'POST', c: 'x', iss: alice }, 'E-ACTION-ISSUER'],
    [{ t: 'POST', c: 'x', iat: noon + 301 }, 'E-TOKEN-TIME'],
    [{ t: 'APRV', sub: subject, aud: carol }, 'accepted'],
  ])('R4: %j is %s', async (claims, code) => {
    expect(await addressed(claims)).toBe(code);
  });

  it('R7: what its owner approved is taken wherever it stands', async () => {
    expect(await addressed({ t: 'POST', c: 'x', aud: carol }, true)).toBe('accepted');
  });
});

describe('R2: from whom it is taken', () => {
  const post = { t: 'POST', c: 'x' };

  it('R2: posts of contacts only, and nothing of who is blocked', async () => {
    expect(await judge(post)).toBe('E-ACTION-PERMISSION');
    expect(await judge(post, { relation: follower })).toBe('E-ACTION-PERMISSION');
    expect(await judge(post, { relation: contact })).toBe('accepted');
    expect(await judge(post, { relation: connected })).toBe('accepted');
    expect(await judge(post, { relation: { ...connected, blocked: true } })).toBe('E-ACTION-PERMISSION');
    expect(await judge({ t: 'FLLW', aud: alice }, { relation: relation({ blocked: true }) })).toBe(
      'E-ACTION-PERMISSION',
    );
  });

  it.each([
    ['our public post, from a stranger', {}, {}, 'accepted'],
    ['our post for followers, from a stranger', { v: 'F' }, {}, 'E-ACTION-PERMISSION'],
    ['our post for followers, from a follower', { v: 'F' }, follower, 'accepted'],
    ['our post for the connected, from a follower', { v: 'C' }, follower, 'E-ACTION-PERMISSION'],
    ['our post for the connected, from one of them', { v: 'C' }, connected, 'accepted'],
    [
      'our message to somebody else, from a contact',
      { t: 'MSG', aud: carol, v: 'D' },
      connected,
      'E-ACTION-PERMISSION',
    ],
    ['the post of who writes, whom we follow', { iss: bob }, contact, 'accepted'],
    ["a third person's post, whoever writes", { iss: carol }, contact, 'E-ACTION-PERMISSION'],
    ['a post on our wall', { iss: carol, aud: alice }, {}, 'accepted'],
    ["our post on a third person's wall", { aud: carol }, {}, 'E-ACTION-PERMISSION'],
  ] as const)('R2: a comment or reaction about %s', async (_why, claims, change, code) => {
    const context = { relation: relation(change), about: await held(claims) };
    expect(await judge({ t: 'CMNT', c: 'x', p: subject }, context)).toBe(code);
    expect(await judge({ t: 'REACT:LIKE', sub: subject }, context)).toBe(code);
  });

  it('R2: about something we never saw it is refused', async () => {
    expect(await judge({ t: 'REACT:LIKE', sub: subject }, { relation: contact })).toBe('E-ACTION-PERMISSION');
  });

  it('R2: the flags of the subject forbid comments and reactions one by one, but not taking them back', async () => {
    const [comment, reaction] = [
      { t: 'CMNT', c: 'x', p: subject },
      { t: 'REACT:LIKE', sub: subject },
    ];
    expect(await judge(comment, { about: await held({ f: 'c' }) })).toBe('E-ACTION-PERMISSION');
    expect(await judge(reaction, { about: await held({ f: 'c' }) })).toBe('accepted');
    expect(await judge(comment, { about: await held({ f: 'r' }) })).toBe('accepted');
    expect(await judge(reaction, { about: await held({ f: 'r' }) })).toBe('E-ACTION-PERMISSION');
    expect(await judge({ ...reaction, t: 'REACT:DEL' }, { about: await held({ f: 'r' }) })).toBe('accepted');
  });

  it('R2, A2: an unknown type is taken from contacts only', async () => {
    expect(await judge({ t: 'FUTURE', c: 1 })).toBe('E-ACTION-PERMISSION');
    expect(await judge({ t: 'FUTURE', c: 1 }, { relation: contact })).toBe('accepted');
  });

  it('R4: PROXY and what passes by for others have no place in an inbox', async () => {
    expect(await judge({ t: 'PROXY', aud: alice, exp: noon + 60 }, { relation: connected })).toBe(
      'E-ACTION-PERMISSION',
    );
  });
});

describe('R6: taking back', () => {
  const gone = { t: 'POST:DEL', c: '–', sub: subject };

  it('R6: one takes back what one said, and what stands on the own wall', async () => {
    for (const about of [await held({ iss: bob }), await held({ iss: carol, aud: bob })]) {
      expect(await judge(gone, { relation: contact, about })).toBe('accepted');
      const { type, payload } = await read(gone);
      expect(type.whenReceived?.(payload, receiving({ about }))).toMatchObject({ deletes: subject });
    }
  });

  it('R6: and nothing else', async () => {
    const about = await held({ iss: carol });
    expect(await judge(gone, { relation: contact, about })).toBe('E-ACTION-PERMISSION');
    const { type, payload } = await read(gone);
    expect(type.whenReceived?.(payload, receiving({ about }))?.deletes).toBeUndefined();
  });

  it.each<[string, object, object]>([
    ['an invitation by a post', { t: 'POST:DEL' }, { iss: alice, t: 'INVT:DEL', aud: bob, sub: subject }],
    ['a request by a comment', { t: 'CMNT:DEL', p: subject }, { iss: bob, t: 'CONN', aud: alice }],
    ['what was taken back', { t: 'POST:DEL' }, { iss: bob, t: 'POST:DEL', sub: subject }],
    ['a message to oneself', { t: 'MSG:DEL', aud: alice }, { iss: alice, t: 'MSG', aud: bob, v: 'D' }],
  ])('R6: nobody takes back %s', async (_what, how, what) => {
    const content = 't' in what && /INVT|CONN/.test(String(what.t)) ? { c: undefined } : {};
    const claims = { ...gone, ...how };
    const context = { relation: contact, about: await held({ ...what, ...content }) };
    const { type, payload } = await read(claims);
    expect(type.whenReceived?.(payload, receiving(context))?.deletes).toBeUndefined();
    expect(await judge(claims, context)).toBe('E-ACTION-PERMISSION');
  });

  it('R6: the owner of a conversation takes back what is said there', async () => {
    const about = await held({ iss: carol, t: 'MSG', aud: bob, p: subject, v: 'S' });
    const { type, payload } = await read({ ...gone, t: 'MSG:DEL', p: subject });
    expect(type.whenReceived?.(payload, receiving({ about }))).toEqual({ deletes: subject });
  });
});

describe('R7, R8: approvals and counts', () => {
  it('R7: an approval is taken of the wall that we read, and of the wall where we wrote', async () => {
    const claims = { t: 'APRV', sub: subject, aud: carol, v: 'F' };
    const about = await held({ iss: carol, aud: bob });
    expect(await judge(claims, { relation: contact })).toBe('accepted');
    expect(await judge(claims, { relation: contact, about })).toBe('accepted');
    expect(await judge(claims, { relation: contact, about: await held({ iss: carol, aud: dora }) })).toBe(
      'E-ACTION-PERMISSION',
    );
    expect(await judge(claims)).toBe('E-ACTION-PERMISSION');
    expect(await judge({ ...claims, aud: alice }, { about: await held({ aud: bob }) })).toBe('accepted');
  });

  it('R7: in a conversation only its owner stands by what members say', async () => {
    const claims = { t: 'APRV', sub: subject, p: conversation, v: 'S' };
    const members = [
      [alice, 'member'],
      [carol, 'member'],
    ] as const;
    expect(await judge(claims, { container: await containerOf(bob, members) })).toBe('accepted');
    expect(await judge(claims, { relation: contact, container: await containerOf(carol, members) })).toBe(
      'E-ACTION-PERMISSION',
    );
  });

  it('R7: only what is public is shown to others', async () => {
    const claims = { t: 'REPOST', sub: subject };
    expect(await judgeOwn(claims, { about: await held({ iss: bob }) })).toBe('accepted');
    expect(await judgeOwn(claims, { about: await held({ iss: bob, v: 'F' }) })).toBe('E-ACTION-PERMISSION');
    expect(await judgeOwn(claims)).toBe('E-ACTION-PERMISSION');
    for (const [own, aud, verdict] of [
      [{ v: 'F' }, undefined, 'accepted'],
      [{ v: 'F' }, dora, 'E-ACTION-PERMISSION'],
      [{ v: 'C' }, undefined, 'E-ACTION-PERMISSION'],
      [{ t: 'MSG', aud: bob, v: 'D' }, undefined, 'E-ACTION-PERMISSION'],
    ] as const)
      expect(await judgeOwn({ ...claims, aud }, { about: await held({ iss: alice, ...own }) })).toBe(verdict);
    expect(await judgeOwn({ ...claims, t: 'REPOST:DEL' })).toBe('accepted');
  });

  it('R8: counts are taken of the owner alone, also from who is no contact', async () => {
    const claims = { t: 'STAT', p: subject, c: { r: '1,L1' } };
    expect(await judge(claims, { about: await held({ iss: bob }) })).toBe('accepted');
    expect(await judge(claims, { relation: contact, about: await held({ iss: carol }) })).toBe(
      'E-ACTION-PERMISSION',
    );
    expect(await judge(claims, { relation: contact })).toBe('E-ACTION-PERMISSION');
  });
});
