import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { actionId } from '../../shared/token/compact.ts';
import { codeOf, json, type TestDevice } from './device.ts';
import { claimsOf, createPeople, follow, held, type People, tell } from './friends.ts';
import { eventually } from './network.ts';
import { openStockNode, type StockNode } from './stock-node.ts';

describe('a post, what it is answered, and who hears of it', () => {
  let network: People['network'];
  let alice: TestDevice;
  let bob: TestDevice;
  let carol: TestDevice;
  let dave: TestDevice;
  let erin: TestDevice;

  beforeAll(async () => {
    const made = await createPeople('alice.test', 'bob.test', 'carol.test', 'dave.test', 'erin.test');
    network = made.network;
    [alice, bob, carol, dave, erin] = made.people;
    await Promise.all([follow(bob, alice), follow(carol, alice), follow(dave, carol), follow(erin, dave)]);
  });
  afterAll(() => network.close());

  const minute = async () => {
    await network.advance(61_000);
    for (const person of [alice, bob, carol, dave, erin]) person.forgetToken();
  };
  /** The counts that somebody has of an action. */
  const countsOf = async (device: TestDevice, id: string) =>
    (await held(device, 'STAT')).find(({ claims }) => claims.p === id)?.claims.c;
  const untilCounts = (device: TestDevice, id: string, wanted: object) =>
    eventually(`the counts of ${id} at ${device.relay.idTag}`, async () => {
      await minute();
      const counts = await countsOf(device, id);
      return JSON.stringify(counts) === JSON.stringify({ ...(counts as object), ...wanted })
        ? true
        : undefined;
    });

  test('R8: reactions and comments are counted by the owner and told to those who see the post', async () => {
    const post = await tell(alice, { t: 'POST', c: 'The sea today', v: 'F' }, [bob, carol]);
    const to = { aud: alice.relay.idTag };
    await tell(bob, { t: 'REACT:LIKE', sub: post, ...to }, [alice]);
    await tell(carol, { t: 'REACT:LOVE', sub: post, ...to }, [alice]);
    await tell(carol, { t: 'CMNT', p: post, c: 'Lovely', ...to }, [alice]);
    await alice.say({ t: 'REACT:LIKE', sub: post });
    await untilCounts(carol, post, { r: '3,L2,V1', c: 1, rp: 0 });
    await untilCounts(bob, post, { r: '3,L2,V1', c: 1 });
    expect((await held(carol, 'STAT')).filter(({ claims }) => claims.p === post)).toHaveLength(1);
    const iat = bob.seconds() + 2;
    await tell(bob, { t: 'REACT:DEL', sub: post, ...to, iat }, [alice]);
    await untilCounts(carol, post, { r: '2,L1,V1', c: 1 });
  });

  test('R8: what was left to count when the relay stopped is counted when it starts again', async () => {
    const post = await tell(alice, { t: 'POST', c: 'Before the storm', v: 'F' }, [bob]);
    await tell(bob, { t: 'REACT:WOW', sub: post, aud: alice.relay.idTag }, [alice]);
    await alice.relay.stop();
    await alice.relay.start();
    await untilCounts(bob, post, { r: '1,W1' });
  });

  test('R2, R8: nobody counts what belongs to somebody else', async () => {
    const node = await openStockNode(network, 'frank.test');
    const post = await tell(alice, { t: 'POST', c: 'Mine', v: 'P' }, [bob]);
    await bob.say({ t: 'FLLW', aud: parseIdTag('frank.test'), v: 'D' });
    const token = await node.sign({ t: 'STAT', p: post, c: { r: '1000,L1000', c: 0, rp: 0 }, v: 'P' });
    expect(await knock(bob, token)).toBe('E-ACTION-PERMISSION');
    expect(await countsOf(bob, post)).toBeUndefined();
    await node.close();
  });

  test('R7: a public post is shown on, with it, to readers who do not know its author; taken back, it is shown no more', async () => {
    const post = await tell(alice, { t: 'POST', c: 'For everybody', v: 'P' }, [carol]);
    const repost = await tell(carol, { t: 'REPOST', sub: post, v: 'F' }, [dave, alice]);
    await dave.eventually(post);
    const again = await tell(dave, { t: 'REPOST', sub: post, v: 'F' }, [erin, alice]);
    await erin.eventually(post);
    await untilCounts(bob, post, { rp: 2 });
    await alice.say({ t: 'POST:DEL', sub: post, c: '–', v: 'P' });
    for (const reader of [bob, carol]) await reader.eventually(post, ({ status }) => status === 'deleted');
    expect((await held(erin, 'REPOST')).map(({ actionId }) => actionId)).toEqual([again]);
    expect((await held(dave, 'REPOST')).map(({ actionId }) => actionId)).toContain(repost);
    const [receipt] = await carol.submit(
      await carol.draft({ t: 'CMNT', p: post, c: 'Late', aud: alice.relay.idTag }),
    );
    expect(receipt?.status).toBe('accepted');
    const late = receipt?.status === 'accepted' ? receipt.actionId : '';
    const item = await carol.eventually(late, ({ deliveries }) => deliveries[0]?.state === 'refused');
    expect(item.deliveries[0]?.reason).toMatch(/taken back/);
  });

  test('R6: a post that is gone is gone at followers, also at one who was away, and nobody else takes it back', async () => {
    const post = await tell(alice, { t: 'POST', c: 'Wrong picture', v: 'F' }, [bob, carol]);
    await carol.relay.stop();
    const gone = await alice.say({ t: 'POST:DEL', sub: post, c: '–', v: 'F' });
    await bob.eventually(post, ({ status }) => status === 'deleted');
    await carol.relay.start();
    await minute();
    await carol.eventually(gone);
    expect((await carol.eventually(post)).status).toBe('deleted');
    const other = await tell(alice, { t: 'POST', c: 'This one stays', v: 'F' }, [bob]);
    const [receipt] = await bob.submit(
      await bob.draft({ t: 'POST:DEL', sub: other, c: '–', aud: alice.relay.idTag }),
    );
    const refused = receipt?.status === 'accepted' ? receipt.actionId : '';
    await bob.eventually(refused, ({ deliveries }) => deliveries[0]?.state === 'refused');
    expect((await alice.eventually(other)).status).toBe('active');
  });

  test('A4: what is for the connected alone goes to no follower', async () => {
    const secret = await alice.say({ t: 'POST', c: 'For friends', v: 'C' });
    await tell(alice, { t: 'POST', c: 'For followers', v: 'F' }, [bob, carol]);
    expect((await bob.items()).some(({ actionId }) => actionId === secret)).toBe(false);
  });
});

/** What becomes of a token that is brought to somebody's relay. */
async function knock(device: TestDevice, token: string, related: string[] = []): Promise<string> {
  const body = JSON.stringify({ token, related });
  return codeOf(await device.relay.ask(routes.inbox, { method: 'POST', headers: json, body }));
}

describe('what a neighbour of another make says', () => {
  let network: People['network'];
  let alice: TestDevice;
  let carol: StockNode;
  let dave: StockNode;

  beforeAll(async () => {
    const made = await createPeople('alice.test');
    network = made.network;
    [alice] = made.people;
    carol = await openStockNode(network, 'carol.test');
    dave = await openStockNode(network, 'dave.test');
    await alice.say({ t: 'FLLW', aud: parseIdTag('carol.test'), v: 'D' });
  });
  afterAll(async () => {
    await network.close();
    await Promise.all([carol.close(), dave.close()]);
  });

  test('A2: a type that is not known here is kept as it came, from contacts only, and does nothing', async () => {
    const words = { t: 'APKG', c: { name: 'A game' }, v: 'P' as const };
    expect(await knock(alice, await dave.sign(words))).toBe('E-ACTION-PERMISSION');
    expect(await knock(alice, await carol.sign(words))).toBe('202');
    const [raw] = await held(alice, 'APKG');
    expect(raw).toMatchObject({ status: 'active', claims: { iss: 'carol.test' } });
    expect((await alice.submit(await alice.draft(words)))[0]).toMatchObject({ code: 'E-ACTION-TYPE' });
  });

  test('R7: of what comes along only that is taken that the action names, and only when its own signature fits', async () => {
    const wall = parseIdTag('carol.test');
    const post = await dave.sign({ t: 'POST', c: 'On her wall', aud: wall, v: 'F' });
    const other = await dave.sign({ t: 'POST', c: 'Nobody approved', aud: wall, v: 'F' });
    const elsewhere = await dave.sign({ t: 'POST', c: 'Not on a wall', v: 'P' });
    const forged = post.replace(/[^.]+$/, other.split('.')[2]!);
    const approve = async (token: string) =>
      carol.sign({ t: 'APRV', sub: await actionId(token), aud: parseIdTag('dave.test'), v: 'F' });
    expect(await knock(alice, await approve(forged), [forged, post])).toBe('202');
    expect(await knock(alice, await approve(elsewhere), [elsewhere])).toBe('202');
    expect(await held(alice, 'POST')).toEqual([]);
    expect(await knock(alice, await approve(post), ['rubbish', other, post])).toBe('202');
    expect((await held(alice, 'POST')).map(({ token }) => token)).toEqual([post]);
    expect(await knock(alice, other)).toBe('E-ACTION-AUDIENCE');
  });

  test('R11: what comes along waits for its issuer, untold, and is taken once that can be asked', async () => {
    const wall = parseIdTag('carol.test');
    const erin = await openStockNode(network, 'erin.test');
    const post = await erin.sign({ t: 'POST', c: 'I am hard to reach', aud: wall, v: 'F' });
    erin.away = true;
    const approval = await carol.sign({
      t: 'APRV',
      sub: await actionId(post),
      aud: parseIdTag('erin.test'),
      v: 'F',
    });
    expect(await knock(alice, approval, [post])).toBe('202');
    expect((await alice.items()).some(({ token }) => token === post)).toBe(false);
    await alice.relay.stop();
    await alice.relay.start();
    erin.away = false;
    await eventually('the post is taken', async () => {
      await network.advance(6 * 60_000);
      alice.forgetToken();
      return (await alice.items()).some(({ token }) => token === post) ? true : undefined;
    });
    await erin.close();
  });

  test('R10: presence reaches the devices that are there, is not stored, and is not shown again', async () => {
    const socket = await alice.sync();
    await socket.next('current');
    const about = '@carol.test';
    const token = await carol.sign({ t: 'PRES:TYPING', sub: about, aud: alice.relay.idTag, v: 'D' });
    expect(await knock(alice, token)).toBe('202');
    expect(await socket.next('presence')).toMatchObject({ from: 'carol.test', t: 'PRES:TYPING', about });
    const old = { iat: alice.seconds() - 400, t: 'PRES:TYPING', sub: about, aud: alice.relay.idTag };
    expect(await knock(alice, await carol.sign(old))).toBe('E-TOKEN-TIME');
    expect(await held(alice, 'PRES')).toEqual([]);
    socket.close();
  });

  test('R10: a device has it said, once in three seconds, and to contacts alone', async () => {
    const say = (to: string) =>
      alice.ask(`${routes.people}/presence`, 'POST', { t: 'PRES:TYPING', about: `@${to}`, to });
    for (const to of ['carol.test', 'carol.test', 'dave.test']) expect((await say(to)).status).toBe(200);
    const said = () => carol.received.filter((token) => claimsOf(token).t === 'PRES:TYPING');
    await eventually('carol is told', () => Promise.resolve(said().length > 0 ? true : undefined));
    await network.advance(3_100);
    await say('carol.test');
    await eventually('carol is told again', () => Promise.resolve(said().length > 1 ? true : undefined));
    expect(said()).toHaveLength(2);
    expect(dave.received).toEqual([]);
  });

  test('R4: the inbox that answers what came of it', async () => {
    const token = await carol.sign({ t: 'POST', c: 'At once', v: 'F' });
    const body = JSON.stringify({ token });
    const ask = () => alice.relay.ask(routes.inboxSync, { method: 'POST', headers: json, body });
    expect([(await ask()).status, (await ask()).json()]).toMatchObject([
      201,
      { data: { status: 'known', answers: [] } },
    ]);
  });
});
