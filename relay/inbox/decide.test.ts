import { describe, expect, test } from 'vitest';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import {
  containerOf,
  conversation,
  held,
  read,
  receiving,
  relation,
  subject,
} from '../../shared/test/contexts.ts';
import { alice, bob, noon } from '../../shared/test/log.ts';
import { codeOf } from '../../shared/test/vectors.ts';
import { standsBy } from './approval.ts';
import { decideNext, type Findings } from './decide.ts';

const carol = parseIdTag('carol.test');
const contact = relation({ following: true });

/** Everything that is asked for, in order, when each is answered so; then the verdict or the code of the refusal. */
async function pursue(claims: object, answers: Partial<Findings> = {}): Promise<string[]> {
  const action = await read(claims);
  const found: Findings = { tenant: alice, now: noon, action, approved: answers.approved ?? false };
  const asked: string[] = [];
  const all: Partial<Findings> = {
    seen: 'no',
    relation: contact,
    isSigned: true,
    rival: null,
    ...answers,
  };
  const given = { ...all, context: answers.context ?? receiving({ relation: all.relation ?? contact }) };
  let known = found;
  for (;;) {
    const outcome: { next?: ReturnType<typeof decideNext> } = {};
    const code = await codeOf(async () => {
      outcome.next = decideNext(known);
      return Promise.resolve();
    });
    const { next } = outcome;
    if (!next) return [...asked, code];
    if ('verdict' in next) return [...asked, next.verdict];
    asked.push(next.ask);
    known = { ...known, [next.ask]: given[next.ask] };
  }
}

const post = { t: 'POST', c: 'Hello', v: 'F' };

describe('R4: the order in which a token is judged', () => {
  test('R4: everything that is looked up on the way to being stored', async () => {
    expect(await pursue(post)).toEqual(['seen', 'relation', 'isSigned', 'context', 'rival', 'stored']);
  });

  test.each<[string, object, Partial<Findings>, string[]]>([
    ['it was seen', post, { seen: 'same' }, ['seen', 'known']],
    [
      'a copy of it was seen',
      post,
      { seen: 'twin', isSigned: true },
      ['seen', 'relation', 'isSigned', 'known'],
    ],
    [
      'a copy of it was seen, of somebody who is blocked now',
      post,
      { seen: 'twin', relation: relation({ blocked: true }) },
      ['seen', 'relation', 'E-ACTION-PERMISSION'],
    ],
    ['it goes to no inbox', { t: 'PROXY', aud: alice, exp: noon + 60 }, {}, ['seen', 'E-ACTION-TYPE']],
    ['it is our own', { ...post, iss: alice }, {}, ['seen', 'E-ACTION-ISSUER']],
    ['it is for somebody else', { ...post, aud: carol }, {}, ['seen', 'E-ACTION-AUDIENCE']],
    ['it is of tomorrow', { ...post, iat: noon + 301 }, {}, ['seen', 'E-TOKEN-TIME']],
    ['it has ended', { ...post, exp: noon - 1 }, {}, ['seen', 'E-TOKEN-TIME']],
    [
      'its issuer is blocked',
      post,
      { relation: relation({ following: true, blocked: true }) },
      ['seen', 'relation', 'E-ACTION-PERMISSION'],
    ],
    [
      'it passed long ago',
      { t: 'PRES:TYPING', sub: `@${alice}`, iat: noon - 301 },
      {},
      ['seen', 'E-TOKEN-TIME'],
    ],
  ])('R4: nobody is asked for a key when %s', async (_why, claims, answers, expected) => {
    expect(await pursue(claims, answers)).toEqual(expected);
  });

  test('R2: who may is looked at after the signature, so that nobody learns of relations by a forgery', async () => {
    const refused = await pursue(post, { relation: stranger() });
    expect(refused).toEqual(['seen', 'relation', 'isSigned', 'context', 'E-ACTION-PERMISSION']);
  });

  test('R10: what passes by is not stored', async () => {
    const typing = await pursue({ t: 'PRES:TYPING', sub: `@${alice}`, aud: alice });
    expect(typing.at(-1)).toBe('passed');
  });

  test('U1: of two with one key the later holds', async () => {
    const follow = { t: 'FLLW', aud: alice };
    expect((await pursue(follow, { rival: { iat: noon + 1, statementId: 'A' } })).at(-1)).toBe('superseded');
    expect((await pursue(follow, { rival: { iat: noon - 1, statementId: 'A' } })).at(-1)).toBe('stored');
  });

  test.each<[string, object, Partial<Findings>, string]>([
    ['of a contact may still come', { t: 'CMNT', c: 'x', p: subject }, {}, 'E-SYS-UNAVAIL'],
    [
      'of a stranger never does',
      { t: 'CMNT', c: 'x', p: subject },
      { relation: stranger() },
      'E-ACTION-PERMISSION',
    ],
    [
      'that a stranger takes back may still come',
      { t: 'CMNT:DEL', c: '–', p: subject, sub: subject },
      { relation: stranger() },
      'E-SYS-UNAVAIL',
    ],
  ])('R5: what is not here %s', async (_who, claims, answers, code) => {
    expect((await pursue(claims, answers)).at(-1)).toBe(code);
  });
});

function stranger() {
  return relation({});
}

describe('R7: what may come along', () => {
  const none = { container: undefined, own: undefined };
  const approval = (claims: object) =>
    held({ iss: carol, t: 'APRV', sub: subject, c: undefined, ...claims }, conversation);

  test('R7: what stands on the wall of who approves it, and nothing else', async () => {
    const onWall = await held({ iss: bob, aud: carol });
    expect(standsBy(await approval({ aud: bob }), onWall, none)).toBe(true);
    expect(standsBy(await approval({ aud: bob }), await held({ iss: bob }), none)).toBe(false);
    expect(
      standsBy(await approval({ aud: bob }), await held({ iss: bob, aud: carol }, conversation), none),
    ).toBe(false);
    expect(standsBy(await approval({ t: 'POST', c: 'x' }), onWall, none)).toBe(false);
  });

  test('R7: what is said in a conversation, when its owner stands by it', async () => {
    const said = await held({ iss: bob, t: 'MSG', aud: carol, p: conversation });
    const main = await approval({ p: conversation });
    const container = await containerOf(carol, []);
    const other = await containerOf(carol, []);
    const elsewhere = { ...other, action: { ...other.action, actionId: subject } };
    expect(standsBy(main, said, { container, own: container })).toBe(true);
    expect(standsBy(main, said, { container, own: undefined })).toBe(true);
    expect(standsBy(main, said, { container, own: elsewhere })).toBe(false);
    expect(standsBy(main, said, { container: await containerOf(bob, []), own: undefined })).toBe(false);
    expect(standsBy(main, said, none)).toBe(false);
  });

  test('R7: what is public, or of who shows it on; the conversation of an invitation', async () => {
    const repost = await held({ iss: carol, t: 'REPOST', sub: subject, c: undefined }, conversation);
    expect(standsBy(repost, await held({ iss: bob, v: 'P' }), none)).toBe(true);
    expect(standsBy(repost, await held({ iss: bob, v: 'F' }), none)).toBe(false);
    expect(standsBy(repost, await held({ iss: carol, v: 'F' }), none)).toBe(true);
    expect(standsBy(repost, await held({ iss: bob, t: 'MSG', aud: carol, v: 'P' }), none)).toBe(false);
    const invitation = await held(
      { iss: carol, t: 'INVT', aud: alice, sub: subject, c: undefined },
      conversation,
    );
    expect(standsBy(invitation, await held({ iss: bob, t: 'CONV', c: { name: 'Boats' } }), none)).toBe(true);
    expect(standsBy(invitation, await held({ iss: bob }), none)).toBe(false);
  });
});
