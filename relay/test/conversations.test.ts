import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestDevice, Words } from './device.ts';
import { connect, createPeople, held, order, type People, tell, untilHeld } from './friends.ts';
import { eventually } from './network.ts';

describe('a conversation of three, and a fourth who joins', () => {
  let network: People['network'];
  let alice: TestDevice;
  let bob: TestDevice;
  let carol: TestDevice;
  let dave: TestDevice;
  let boats: string;

  beforeAll(async () => {
    const made = await createPeople('alice.test', 'bob.test', 'carol.test', 'dave.test');
    network = made.network;
    [alice, bob, carol, dave] = made.people;
    for (const other of [bob, carol, dave]) await connect(alice, other);
    await connect(bob, dave);
    await order(alice, 'vouch');
    boats = await alice.say({ t: 'CONV', c: { name: 'Boats' }, v: 'S', f: 'rc' });
  });
  afterAll(() => network.close());

  const message = (c: string): Words => ({ t: 'MSG', c, p: boats, aud: alice.relay.idTag, v: 'S' });
  const refusalOf = async (device: TestDevice, words: Words) => {
    const [receipt] = await device.submit(await device.draft(words));
    return receipt?.status === 'refused' ? receipt.code : receipt?.status;
  };
  /** Invites and waits until the answer is known to everybody who is in. */
  const invite = async (from: TestDevice, who: TestDevice, others: readonly TestDevice[], c = {}) => {
    const iat = from.seconds() + offset++;
    const asked = await from.say({ t: 'INVT', aud: who.relay.idTag, sub: boats, c, v: 'D', iat });
    expect((await who.eventually(asked)).status).toBe('confirm');
    await who.eventually(boats);
    const join = { t: 'SUBS', aud: alice.relay.idTag, sub: boats, c, v: 'S' as const, iat };
    const joined = await who.say(join);
    await Promise.all(others.map((other) => other.eventually(joined)));
    expect((await who.eventually(asked)).status).toBe('active');
    return joined;
  };
  let offset = 1;

  test('M1, M2: by invitation, with the conversation along; nobody joins without one', async () => {
    await invite(alice, bob, [alice], { role: 'moderator' });
    await invite(alice, carol, [alice, bob]);
    const joins = await dave.say({ t: 'SUBS', aud: alice.relay.idTag, sub: boats, v: 'S' });
    const item = await dave.eventually(joins, ({ deliveries }) => deliveries[0]?.state === 'refused');
    expect(item.deliveries[0]?.reason).toMatch(/invitation/);
    expect((await held(alice, 'SUBS')).map(({ claims }) => claims.iss).toSorted()).toEqual([
      'bob.test',
      'carol.test',
    ]);
  });

  test('M1, V2: what a member says goes to the owner, who stands by it to all the others', async () => {
    const first = await tell(bob, message('Mine is blue'), [alice, carol]);
    const approval = await untilHeld(carol, 'APRV', ({ sub }) => sub === first);
    expect(approval.claims).toMatchObject({ iss: 'alice.test', p: boats, v: 'S' });
    await tell(alice, { t: 'MSG', c: 'Mine sank', p: boats, v: 'S' }, [bob, carol]);
    const answer = { ...message('How deep?'), p: first };
    await tell(carol, answer, [alice, bob]);
    expect(await refusalOf(dave, message('Let me in'))).toBe('E-ACTION-PERMISSION');
    const like = await carol.say({ t: 'REACT:LIKE', sub: first, aud: alice.relay.idTag, v: 'S' });
    await alice.eventually(like);
  });

  test('M2, M3: a moderator brings somebody in; who joins is told who else is in, and nothing of before', async () => {
    await invite(bob, dave, [alice, bob, carol]);
    await eventually('dave knows the others', async () => {
      const members = (await held(dave, 'SUBS')).map(({ claims }) => claims.iss).toSorted();
      return members.join() === 'bob.test,carol.test,dave.test' ? true : undefined;
    });
    expect(await held(dave, 'MSG')).toEqual([]);
    await tell(dave, message('Good morning'), [alice, bob, carol]);
    await tell(carol, message('Good morning, Dave'), [alice, bob, dave]);
  });

  test('R6: a message that is taken back is gone for all', async () => {
    const said = await tell(bob, message('I did not mean that'), [alice, carol, dave]);
    await bob.say({ t: 'MSG:DEL', c: '–', p: boats, sub: said, aud: alice.relay.idTag, v: 'S' });
    for (const other of [alice, carol, dave])
      await other.eventually(said, ({ status }) => status === 'deleted');
  });

  test('M3: who is put out by a moderator hears and says no more, and comes back by an invitation alone', async () => {
    const iat = bob.seconds() + offset++;
    const out = { t: 'INVT:DEL', aud: dave.relay.idTag, sub: boats, v: 'D' as const, iat };
    await tell(bob, out, [alice, carol, dave]);
    expect(await refusalOf(dave, message('Why?'))).toBe('E-ACTION-PERMISSION');
    const unheard = await tell(carol, message('He is gone'), [alice, bob]);
    const again = { t: 'SUBS', aud: alice.relay.idTag, sub: boats, v: 'S' as const, iat: iat + 1 };
    const joins = await dave.say(again);
    await dave.eventually(joins, ({ deliveries }) => deliveries[0]?.state === 'refused');
    expect((await dave.items()).some(({ actionId }) => actionId === unheard)).toBe(false);
    offset += 2;
    await invite(alice, dave, [alice, bob, carol]);
    await tell(dave, message('Here I am again'), [alice, bob, carol]);
  });

  test('M2: who leaves hears no more; the owner closes it', async () => {
    const iat = carol.seconds() + offset++;
    await tell(carol, { t: 'SUBS:DEL', aud: alice.relay.idTag, sub: boats, v: 'S', iat }, [alice, bob]);
    const after = await tell(bob, message('Only three'), [alice, dave]);
    expect((await carol.items()).some(({ actionId }) => actionId === after)).toBe(false);
    expect(await refusalOf(bob, { t: 'CONV:DEL', c: { name: 'Boats', conv: boats }, v: 'S' })).toBe(
      'E-ACTION-PERMISSION',
    );
    await alice.say({ t: 'CONV:DEL', c: { name: 'Boats', conv: boats }, v: 'S' });
    await bob.eventually(boats, ({ status }) => status === 'deleted');
    expect(await refusalOf(bob, message('Anybody?'))).toBe('E-ACTION-PERMISSION');
  });
});
