import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { outboxSchema, routes } from '../../shared/routes.ts';
import { dataOf, type TestDevice } from './device.ts';
import { connect, createPeople, follow, order, type People, relationOf, tell, untilHeld } from './friends.ts';
import { askAs, visit } from './guest.ts';

describe('a community', () => {
  let network: People['network'];
  let club: TestDevice;
  let bob: TestDevice;
  let carol: TestDevice;

  beforeAll(async () => {
    const made = await createPeople('club.test', 'bob.test', 'carol.test');
    network = made.network;
    [club, bob, carol] = made.people;
    await club.relay.stop();
    await club.relay.start({ IDENTITY_TYPE: 'community' });
    await order(club, 'connect');
    await order(club, 'approve');
  });
  afterAll(() => network.close());

  test('Y9: says that it is one, to neighbours and in the lists of its followers', async () => {
    for (const path of [routes.me, routes.profile])
      expect(dataOf(await club.relay.ask(path), profileSchema).type).toBe('community');
    await follow(carol, club);
    await carol.ask(`${routes.people}/club.test`);
    expect(await relationOf(carol, club)).toMatchObject({ type: 'community', following: true });
  });

  test('Y9, O3: who is connected is a member, and its token says so', async () => {
    await bob.say({ t: 'CONN', aud: club.relay.idTag, v: 'D' });
    await untilHeld(bob, 'CONN', ({ t }) => t === 'CONN:ACC');
    expect(decodeJwt(await visit(bob, club.relay, true)).r).toBe('public,follower,supporter,contributor');
    expect(decodeJwt(await visit(carol, club.relay, true)).r).toBe('public,follower');
  });

  test('Y9, Y4: what a member writes on the wall is approved under the order, and stands in the outbox', async () => {
    const post = await tell(bob, { t: 'POST', c: 'Hello, club', aud: club.relay.idTag, v: 'F' }, [club]);
    await carol.eventually(post);
    const { items } = dataOf(
      await askAs(club.relay, await visit(carol, club.relay), routes.outbox),
      outboxSchema,
    );
    expect(items).toHaveLength(1);
    expect(items[0]?.related).toHaveLength(1);
  });

  test('Y9: a person goes on being one', async () => {
    await connect(bob, carol);
    expect(dataOf(await bob.relay.ask(routes.me), profileSchema).type).toBe('person');
  });
});
