import { describe, expect, it } from 'vitest';
import { parseIdTag } from '../identity/id-tag.ts';
import { conversation, held } from '../test/contexts.ts';
import { alice, bob, noon } from '../test/log.ts';
import { readContainer } from './container.ts';

const [carol, dave] = [parseIdTag('carol.test'), parseIdTag('dave.test')];

/** A conversation of Alice's in which this was said. */
async function conversationOf(said: readonly object[], f = '') {
  const action = await held({ iss: alice, t: 'CONV', c: { name: 'Boats' }, v: 'S', f }, conversation);
  const actions = await Promise.all(
    said.map((claims) => held({ sub: conversation, c: undefined, ...claims })),
  );
  const container = readContainer(action, actions);
  expect(readContainer(action, actions.toReversed())).toEqual(container);
  return {
    members: Object.fromEntries(container.members),
    invited: Object.fromEntries(container.invited),
    removed: [...container.removed],
    open: container.open,
  };
}

const joins = (iss: typeof bob, iat: number, role?: string) => ({
  ...{ t: 'SUBS', iss, aud: alice, iat: noon + iat },
  ...(role && { c: { role } }),
});
const invites = (iss: typeof bob, aud: typeof bob, iat: number, role?: string) => ({
  ...{ t: 'INVT', iss, aud, iat: noon + iat },
  ...(role && { c: { role } }),
});

describe('who is in a conversation, whatever order it was said in', () => {
  it('M1: its owner is an admin; who joined has the role that was asked for', async () => {
    const { members } = await conversationOf([joins(bob, 1, 'moderator'), joins(carol, 2)]);
    expect(members).toEqual({ 'alice.test': 'admin', 'bob.test': 'moderator', 'carol.test': 'member' });
    expect((await conversationOf([joins(alice, 1, 'observer')])).members).toEqual({ 'alice.test': 'admin' });
    expect((await conversationOf([{ ...joins(bob, 1), t: 'SUBS:DEL' }])).members).toEqual({
      'alice.test': 'admin',
    });
    expect((await conversationOf([], 'rO')).open).toBe(true);
  });

  it('M2: the owner and moderators invite, to no higher role than their own', async () => {
    const said = [
      ...[joins(bob, 1, 'moderator'), joins(dave, 1)],
      ...[invites(bob, carol, 2, 'admin'), invites(dave, parseIdTag('erin.test'), 2)],
    ];
    expect((await conversationOf(said)).invited).toEqual({ 'carol.test': 'moderator' });
    expect((await conversationOf([...said, joins(carol, 3)])).invited).toEqual({});
  });

  it('M3: who is put out is neither in nor invited by what was said before', async () => {
    const before = [joins(bob, 1, 'moderator'), invites(bob, carol, 2), joins(carol, 3)];
    const out = { ...invites(alice, carol, 4), t: 'INVT:DEL' };
    expect(await conversationOf([...before, out])).toMatchObject({
      members: { 'alice.test': 'admin', 'bob.test': 'moderator' },
      invited: {},
      removed: ['carol.test'],
    });
    expect((await conversationOf([...before, out, invites(bob, carol, 5)])).invited).toEqual({
      'carol.test': 'member',
    });
    const again = [...before, out, invites(bob, carol, 5), joins(carol, 6)];
    expect(await conversationOf(again)).toMatchObject({ members: { 'carol.test': 'member' }, removed: [] });
    const byNobody = { ...invites(dave, carol, 4), t: 'INVT:DEL' };
    expect((await conversationOf([...before, byNobody])).members).toHaveProperty(['carol.test'], 'member');
  });
});
