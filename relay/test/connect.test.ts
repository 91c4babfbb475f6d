import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proofSchema, verifyProof } from '../../shared/action/proof.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { routes } from '../../shared/routes.ts';
import { dataOf, type TestDevice } from './device.ts';
import {
  connect,
  createPeople,
  follow,
  held,
  isConnected,
  order,
  type People,
  relationOf,
  tell,
  untilHeld,
} from './friends.ts';
import { eventually } from './network.ts';

describe('two people connect', () => {
  let network: People['network'];
  let alice: TestDevice;
  let bob: TestDevice;

  beforeAll(async () => {
    const made = await createPeople('alice.test', 'bob.test');
    network = made.network;
    [alice, bob] = made.people;
  });
  afterAll(() => network.close());

  const untilStands = (one: TestDevice, other: TestDevice, wanted: object) =>
    eventually(`${one.relay.idTag} stands to ${other.relay.idTag} as wanted`, async () => {
      const relation = await relationOf(one, other);
      const fits = Object.entries(wanted).every(
        ([name, value]) => relation?.[name as keyof typeof relation] === value,
      );
      return fits ? true : undefined;
    });

  test('R3: a request waits for a person; refused, it is over, and may be asked again', async () => {
    const asked = await alice.say({ t: 'CONN', aud: bob.relay.idTag, c: 'It is me', v: 'D' });
    expect((await bob.eventually(asked)).status).toBe('confirm');
    expect(await relationOf(alice, bob)).toMatchObject({ connected: 'asked', following: true });
    expect(await relationOf(bob, alice)).toMatchObject({ connected: 'asking', follower: true });
    const refused = await bob.say({ t: 'CONN:DEL', aud: alice.relay.idTag, v: 'D' });
    await alice.eventually(refused);
    await untilStands(alice, bob, { connected: 'none' });
    expect((await bob.eventually(asked)).status).toBe('active');
  });

  test('R3: accepted, both are connected, and both may end it', async () => {
    const iat = alice.seconds() + 2;
    const asked = await tell(alice, { t: 'CONN', aud: bob.relay.idTag, v: 'D', iat }, [bob]);
    await bob.say({ t: 'CONN:ACC', aud: alice.relay.idTag, v: 'D', iat: iat + 1 });
    await Promise.all([isConnected(alice, bob), isConnected(bob, alice)]);
    expect((await bob.eventually(asked)).status).toBe('active');
    const end = await tell(bob, { t: 'CONN:DEL', aud: alice.relay.idTag, v: 'D', iat: iat + 2 }, [alice]);
    expect(await alice.eventually(end)).toMatchObject({ status: 'active' });
    await untilStands(alice, bob, { connected: 'none' });
    await untilStands(bob, alice, { connected: 'none' });
  });

  test('R3: both ask at once, and nobody has to accept', async () => {
    const iat = alice.seconds() + 10;
    await Promise.all([
      alice.say({ t: 'CONN', aud: bob.relay.idTag, v: 'D', iat }),
      bob.say({ t: 'CONN', aud: alice.relay.idTag, v: 'D', iat }),
    ]);
    await Promise.all([isConnected(alice, bob), isConnected(bob, alice)]);
    expect((await held(bob, 'CONN')).every(({ status }) => status === 'active')).toBe(true);
  });

  test('R2: nobody accepts what was not asked', async () => {
    const [receipt] = await bob.submit(await bob.draft({ t: 'CONN:ACC', aud: bob.relay.idTag, v: 'D' }));
    expect(receipt).toMatchObject({ status: 'refused', code: 'E-ACTION-PERMISSION' });
  });

  test('R2: messages go both ways between contacts', async () => {
    const hello = await tell(alice, { t: 'MSG', aud: bob.relay.idTag, c: 'Hello', v: 'D' }, [bob]);
    await tell(bob, { t: 'MSG', aud: alice.relay.idTag, c: 'Hello yourself', v: 'D' }, [alice]);
    const taken = { t: 'MSG:DEL', aud: bob.relay.idTag, sub: hello, c: '–', v: 'D' as const };
    await tell(alice, taken, [bob]);
    expect((await bob.eventually(hello, ({ status }) => status === 'deleted')).status).toBe('deleted');
    expect((await alice.eventually(hello)).status).toBe('deleted');
  });
});

describe('standing orders', () => {
  test('V2, F3: everybody who asks is accepted while the order stands, with the order as the proof', async () => {
    const { network, people } = await createPeople('alice.test', 'bob.test', 'carol.test');
    const [alice, bob, carol] = people;
    await order(bob, 'connect');
    await alice.say({ t: 'CONN', aud: bob.relay.idTag, v: 'D' });
    await Promise.all([isConnected(alice, bob), isConnected(bob, alice)]);
    const answer = await untilHeld(alice, 'CONN', ({ t }) => t === 'CONN:ACC');
    const proof = dataOf(await alice.ask(`${routes.actions}/${answer.actionId}/proof`), proofSchema);
    const { keys } = dataOf(await alice.ask(`${routes.people}/bob.test`), profileSchema);
    expect(await verifyProof(answer.token, proof, keys)).toMatchObject({ order: 'connect' });
    expect((await held(bob, 'CONN')).map(({ status }) => status)).toEqual(['active', 'active']);

    await network.advance(2_000);
    await order(bob, 'connect', false);
    await network.advance(2_000);
    const asked = await carol.say({ t: 'CONN', aud: bob.relay.idTag, v: 'D' });
    expect((await bob.eventually(asked)).status).toBe('confirm');
    expect(await relationOf(bob, carol)).toMatchObject({ connected: 'asking' });
    await network.close();
  });

  test('V2, R7: a post on the wall is approved by hand or by order, and reaches followers who do not know its author', async () => {
    const { network, people } = await createPeople('alice.test', 'bob.test', 'carol.test');
    const [alice, bob, carol] = people;
    await follow(carol, alice);
    await connect(bob, alice);
    const words = { t: 'POST', aud: alice.relay.idTag, v: 'F' as const };
    const first = await tell(bob, { ...words, c: 'On your wall' }, [alice]);
    expect((await carol.items()).filter(({ actionId }) => actionId === first)).toEqual([]);
    await alice.say({ t: 'APRV', sub: first, aud: bob.relay.idTag, v: 'F' });
    await carol.eventually(first);
    await order(alice, 'approve');
    const second = await bob.say({ ...words, c: 'And again' });
    await carol.eventually(second);
    await untilHeld(bob, 'APRV', ({ sub }) => sub === second);
    expect((await relationOf(carol, bob)) ?? 'unknown').toBe('unknown');
    await network.close();
  });
});
