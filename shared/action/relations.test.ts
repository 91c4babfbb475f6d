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
import { alice, bob } from '../test/log.ts';
import { codeOf } from '../test/vectors.ts';
import { assertMayReceive, assertMaySend } from './accept.ts';
import type { Connection, ReceivingContext, SendingContext } from './define.ts';

const carol = parseIdTag('carol.test');
const connected = relation({ connected: 'connected' });

const judge = async (claims: object, context: Partial<ReceivingContext> = {}) =>
  codeOf(async () => assertMayReceive(await read(claims), receiving(context)));
const judgeOwn = async (claims: object, context: Partial<SendingContext> = {}) =>
  codeOf(async () => assertMaySend(await read({ iss: alice, ...claims }), sending(context)));
const whenReceived = async (claims: object, context: Partial<ReceivingContext> = {}) => {
  const { type, payload } = await read(claims);
  return type.whenReceived?.(payload, receiving(context));
};
const whenSent = async (claims: object, context: Partial<SendingContext> = {}) => {
  const { type, payload } = await read({ iss: alice, ...claims });
  return type.whenSent?.(payload, sending(context));
};
const answers = async (claims: object, context: Partial<ReceivingContext> = {}) => {
  const { type, payload } = await read(claims);
  return type.answers?.({ actionId: subject, payload, visibility: 'D' }, receiving(context)) ?? [];
};

describe('R3: following', () => {
  it('R3: a follow makes its issuer a follower of whom it names, and of nobody else', async () => {
    expect(await judge({ t: 'FLLW', aud: alice })).toBe('accepted');
    expect(await judge({ t: 'FLLW', aud: carol })).toBe('E-ACTION-PERMISSION');
    expect(await whenReceived({ t: 'FLLW', aud: alice })).toEqual({
      relation: { idTag: bob, follower: true },
    });
    expect(await whenReceived({ t: 'FLLW:DEL', aud: alice })).toEqual({
      relation: { idTag: bob, follower: false },
    });
    expect(await whenSent({ t: 'FLLW', aud: bob })).toEqual({ relation: { idTag: bob, following: true } });
    expect(await whenSent({ t: 'FLLW:DEL', aud: bob })).toEqual({
      relation: { idTag: bob, following: false },
    });
    expect(await judgeOwn({ t: 'FLLW', aud: alice })).toBe('E-ACTION-PERMISSION');
  });
});

describe('R3: connecting', () => {
  const ask = { t: 'CONN', aud: alice };
  const agree = { t: 'CONN:ACC', aud: alice };

  it.each<[string, object, Connection, Connection]>([
    ['a request waits for a person', ask, 'none', 'asking'],
    ['a second request changes nothing', ask, 'asking', 'asking'],
    ['a request that meets ours connects', ask, 'asked', 'connected'],
    ['agreement connects', agree, 'asked', 'connected'],
    ['a late agreement changes nothing', agree, 'connected', 'connected'],
  ])('R3: %s', async (_why, claims, before, after) => {
    const effects = await whenReceived(claims, { relation: relation({ connected: before }) });
    expect(effects?.relation).toEqual({ idTag: bob, follower: true, connected: after });
    expect(effects?.state).toBe(after === 'asking' ? 'confirm' : undefined);
  });

  it('R3: nobody agrees to what was not asked', async () => {
    expect(await judge(agree)).toBe('E-ACTION-PERMISSION');
    expect(await judge(agree, { relation: relation({ connected: 'asking' }) })).toBe('E-ACTION-PERMISSION');
    expect(await judge(agree, { relation: relation({ connected: 'asked' }) })).toBe('accepted');
    expect(await judgeOwn({ t: 'CONN:ACC', aud: bob })).toBe('E-ACTION-PERMISSION');
    expect(await judgeOwn({ t: 'CONN:ACC', aud: bob }, { relation: relation({ connected: 'asking' }) })).toBe(
      'accepted',
    );
  });

  it('R3: the end ends it on both sides', async () => {
    expect(await whenReceived({ ...ask, t: 'CONN:DEL' }, { relation: connected })).toEqual({
      relation: { idTag: bob, connected: 'none', follower: false },
    });
    expect(await whenSent({ t: 'CONN:DEL', aud: bob }, { relation: connected })).toEqual({
      relation: { idTag: bob, connected: 'none' },
    });
  });

  it.each<[Connection, Connection]>([
    ['none', 'asked'],
    ['asking', 'connected'],
    ['connected', 'connected'],
  ])('R3: asking, when it stood at %s, makes it %s', async (before, after) => {
    const effects = await whenSent({ t: 'CONN', aud: bob }, { relation: relation({ connected: before }) });
    expect(effects?.relation).toEqual({ idTag: bob, following: true, connected: after });
  });

  it('V2: under the order `connect` a request is agreed to, and nothing else', async () => {
    expect(await answers(ask)).toEqual([
      { order: 'connect', statement: { t: 'CONN:ACC', aud: bob, v: 'D' } },
    ]);
    expect(await answers(agree, { relation: relation({ connected: 'asked' }) })).toEqual([]);
    expect(await answers({ ...ask, t: 'CONN:DEL' })).toEqual([]);
    expect(await answers(ask, { relation: connected })).toEqual([]);
  });
});

describe('V2: approving', () => {
  it('V2: under the order `approve` a post of who is connected on our wall is approved', async () => {
    const post = { t: 'POST', c: 'x', aud: alice };
    expect(await answers(post, { relation: connected })).toEqual([
      { order: 'approve', statement: { t: 'APRV', sub: subject, aud: bob, v: 'F' } },
    ]);
    expect(await answers(post, { relation: relation({ following: true }) })).toEqual([]);
    expect(await answers({ ...post, aud: undefined }, { relation: connected })).toEqual([]);
  });

  it('V2, M1: under the order `vouch` what members say in our conversation is passed on', async () => {
    const message = { t: 'MSG', c: 'x', p: conversation, aud: alice, v: 'S' };
    const ours = await containerOf(alice, [[bob, 'member']]);
    const vouched = { order: 'vouch', statement: { t: 'APRV', sub: subject, p: conversation, v: 'S' } };
    expect(await answers(message, { container: ours })).toEqual([vouched]);
    expect(await answers({ t: 'SUBS', sub: conversation, aud: alice }, { container: ours })).toEqual([
      vouched,
    ]);
    const theirs = await containerOf(bob, [[alice, 'member']]);
    expect(await answers(message, { container: theirs })).toEqual([]);
  });
});

describe('M1, M2: conversations', () => {
  const message = { t: 'MSG', c: 'x', p: conversation, v: 'S' };
  const join = { t: 'SUBS', sub: conversation, aud: alice };

  it('M2: members write, observers and others do not', async () => {
    const write = async (role?: 'observer' | 'member') =>
      judge({ ...message, aud: alice }, { container: await containerOf(alice, role ? [[bob, role]] : []) });
    expect([await write('member'), await write('observer'), await write()]).toEqual([
      'accepted',
      'E-ACTION-PERMISSION',
      'E-ACTION-PERMISSION',
    ]);
    expect(await judgeOwn(message, { container: await containerOf(bob, [[alice, 'observer']]) })).toBe(
      'E-ACTION-PERMISSION',
    );
  });

  it('M1: what a member says elsewhere comes through its owner', async () => {
    const container = await containerOf(carol, [
      [alice, 'member'],
      [bob, 'member'],
    ]);
    expect(await judge(message, { container, relation: connected })).toBe('E-ACTION-PERMISSION');
    expect(await judge(message, { container, approved: true })).toBe('accepted');
  });

  it('M2: joining needs an invitation, and gives no higher role than that', async () => {
    expect(await judge(join, { container: await containerOf(alice, []) })).toBe('E-ACTION-PERMISSION');
    expect(await judge(join, { container: await containerOf(alice, [], { open: true }) })).toBe('accepted');
    const invited = await containerOf(alice, [], { invited: [[bob, 'member']] });
    expect(await judge(join, { container: invited })).toBe('accepted');
    expect(await judge({ ...join, c: { role: 'admin' } }, { container: invited })).toBe(
      'E-ACTION-PERMISSION',
    );
    expect(
      await judge(
        { ...join, t: 'SUBS:UPD', c: { role: 'admin' } },
        { container: await containerOf(alice, [[bob, 'member']]) },
      ),
    ).toBe('E-ACTION-PERMISSION');
    expect(
      await judge({ ...join, t: 'SUBS:DEL' }, { container: await containerOf(alice, [[bob, 'member']]) }),
    ).toBe('accepted');
  });

  it('M2: only its owner and moderators invite', async () => {
    const invite = { t: 'INVT', sub: conversation, aud: bob };
    expect(await judgeOwn(invite, { container: await containerOf(alice, []) })).toBe('accepted');
    expect(await judgeOwn(invite, { container: await containerOf(carol, [[alice, 'moderator']]) })).toBe(
      'accepted',
    );
    expect(await judgeOwn(invite, { container: await containerOf(carol, [[alice, 'member']]) })).toBe(
      'E-ACTION-PERMISSION',
    );
    const told = { ...invite, aud: carol };
    expect(await judge(told, { container: await containerOf(alice, [[bob, 'moderator']]) })).toBe('accepted');
    expect(
      await judge(told, { container: await containerOf(alice, [[bob, 'member']]), relation: connected }),
    ).toBe('E-ACTION-PERMISSION');
  });

  it('M2: an invitation to us waits for a person, from contacts only', async () => {
    const invite = { t: 'INVT', sub: conversation, aud: alice };
    expect(await judge(invite)).toBe('E-ACTION-PERMISSION');
    expect(await judge(invite, { relation: connected })).toBe('accepted');
    expect(await whenReceived(invite)).toEqual({ state: 'confirm' });
    expect(await whenReceived({ ...invite, t: 'INVT:DEL' })).toEqual({
      removes: { container: conversation, idTag: alice },
    });
  });

  it('M2, R6: its owner or an admin changes and closes it', async () => {
    const close = { t: 'CONV:DEL', c: { name: 'x', conv: conversation }, aud: alice };
    expect(
      await judge(close, { container: await containerOf(alice, [[bob, 'admin']]), relation: connected }),
    ).toBe('accepted');
    expect(
      await judge(close, { container: await containerOf(alice, [[bob, 'moderator']]), relation: connected }),
    ).toBe('E-ACTION-PERMISSION');
    expect(
      await judge({ ...close, aud: undefined }, { container: await containerOf(bob, [[alice, 'member']]) }),
    ).toBe('accepted');
    const container = await containerOf(alice, [[bob, 'admin']]);
    expect(await whenReceived(close, { container })).toEqual({ deletes: conversation });
    // Whatever in it was named: it is the conversation that is closed.
    const named = { ...close, c: { name: 'x', conv: subject } };
    expect(await whenReceived(named, { container })).toEqual({ deletes: conversation });
  });

  it('M1: nobody begins a conversation for somebody else to keep', async () => {
    const begin = { t: 'CONV', c: { name: 'x' } };
    expect(await judge(begin, { relation: connected })).toBe('accepted');
    expect(await judge({ ...begin, aud: alice }, { relation: connected })).toBe('E-ACTION-PERMISSION');
    expect(await judgeOwn({ ...begin, aud: bob })).toBe('E-ACTION-PERMISSION');
    expect(await judgeOwn(begin)).toBe('accepted');
  });
});

describe('R9: shares', () => {
  const share = {
    t: 'FSHR:WRITE',
    sub: 'D'.repeat(24),
    aud: alice,
    c: { contentType: 'islet/text', fileName: 'Notes', fileTp: 'CRDT' },
  };

  it('R9: from contacts, for us alone, and it waits for a person', async () => {
    expect(await judge(share)).toBe('E-ACTION-PERMISSION');
    expect(await judge(share, { relation: connected })).toBe('accepted');
    expect(await judge({ ...share, aud: carol }, { relation: connected })).toBe('E-ACTION-PERMISSION');
    expect(await whenReceived(share)).toEqual({ state: 'confirm' });
    expect(await whenReceived({ ...share, t: 'FSHR:DEL' })).toBeUndefined();
  });

  it('R9: nobody takes away or widens what somebody else gave: the key has its issuer', async () => {
    const [ours, theirs] = [await read(share), await read({ ...share, iss: carol })];
    expect(ours.type.key?.(ours.payload)).not.toBe(theirs.type.key?.(theirs.payload));
    expect(await judgeOwn({ ...share }, {})).toBe('E-ACTION-PERMISSION');
    expect((await held()).visibility).toBe('P');
  });
});
