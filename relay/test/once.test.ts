import { describe, expect, test } from 'vitest';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { createDice } from '../../shared/test/seeded.ts';
import { flipS } from '../../shared/test/signatures.ts';
import { actionId } from '../../shared/token/compact.ts';
import { counted } from '../../shared/test/counted.ts';
import { json, TestDevice } from './device.ts';
import { claimsOf, order } from './friends.ts';
import { createNetwork, type Network } from './network.ts';
import { patience, sized } from './sizes.ts';
import { openStockNode, type StockNode } from './stock-node.ts';

type Dice = () => number;

function shuffle<T>(list: readonly T[], dice: Dice): T[] {
  return list
    .map((item) => ({ item, at: dice() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Everything that Bob's node has said, in the order it was said. */
async function tellStory(bob: StockNode, alice: TestDevice): Promise<string[]> {
  const aud = alice.relay.idTag;
  const said: string[] = [];
  const start = alice.seconds() - 100;
  const say = async (statement: Parameters<StockNode['sign']>[0]) => {
    const token = await bob.sign({ iat: start + said.length, ...statement });
    said.push(token);
    return actionId(token);
  };
  await say({ t: 'FLLW', aud });
  await say({ t: 'CONN', aud, c: 'It is me' });
  const post = await say({ t: 'POST', c: 'The sea', v: 'F' });
  const comment = await say({ t: 'CMNT', p: post, c: 'Cold, too', v: 'F' });
  await say({ t: 'CMNT', p: comment, c: 'Very', v: 'F' });
  await say({ t: 'REACT:LIKE', sub: post, v: 'F' });
  await say({ t: 'REACT:LOVE', sub: post, v: 'F' });
  const wrong = await say({ t: 'POST', c: 'Wrong', v: 'F' });
  await say({ t: 'POST:DEL', c: '–', sub: wrong, v: 'F' });
  await say({ t: 'STAT', p: post, c: { r: '1,V1', c: 1, rp: 0 }, v: 'F' });
  await say({ t: 'STAT', p: post, c: { r: '2,V2', c: 1, rp: 0 }, v: 'F' });
  await say({ t: 'MSG', aud, c: 'Are you there?' });
  await say({ t: 'FLLW:DEL', aud });
  return said;
}

/** Brings every token until it is taken or refused for good: once, twice, as its twin, whatever the lot says. */
async function bring(tokens: readonly string[], alice: TestDevice, dice: Dice): Promise<void> {
  let left = tokens.flatMap((token) =>
    dice() < 0.5 ? [token] : [token, dice() < 0.5 ? token : flipS(token)],
  );
  for (let round = 0; left.length > 0; round++) {
    expect(round).toBeLessThan(30);
    const line = shuffle(left, dice);
    const half = Math.floor(line.length / 2);
    const taken = async (token: string) => {
      const body = JSON.stringify({ token });
      const ask = alice.relay.ask(routes.inbox, { method: 'POST', headers: json, body });
      const status = await ask.then((answer) => answer.status).catch(() => undefined);
      // Of an answer that is lost the sender knows nothing, and says it again.
      return status === undefined || status === 503 || dice() < 0.2 ? [token] : [];
    };
    const restart = async () => {
      await alice.relay.stop();
      await alice.relay.start();
    };
    const first = line.slice(0, half).map(taken);
    if (round === 0) await restart();
    // A host that could not be asked is left alone for a while.
    await alice.network.advance(6 * 60_000);
    alice.forgetToken();
    left = (await Promise.all([...first, ...line.slice(half).map(taken)])).flat();
  }
}

/** What holds at Alice's in the end: what was said by Bob and how it stands, and what her relay has answered. */
async function endOf(alice: TestDevice): Promise<string[]> {
  const items = await alice.items();
  return items
    .filter(({ status }) => status !== 'superseded')
    .map(({ token, status }) => {
      const { iss, t, c, iat } = claimsOf(token);
      return `${iss} ${t} ${iss === alice.relay.idTag ? '' : `${JSON.stringify(c)} ${String(iat)}`} ${status}`;
    })
    .toSorted();
}

describe('what a neighbour says more than once, late, in another order, or around a stop of the relay', () => {
  test('I1, I3, U1, R5, R6, V2: has one effect, and the same one always', { timeout: patience }, async () => {
    const network: Network = await createNetwork('alice.test');
    const bob = await openStockNode(network, 'bob.test');
    const ends = new Set<string>();
    const runs = sized(3, 60);
    const dice = createDice();
    let first: string[] | undefined;
    let said: string[] | undefined;
    for (let run = 0; run < runs; run++) {
      const one = await createNetwork('alice.test');
      one.addNeighbour('bob.test', bob.open);
      const alice = await TestDevice.enrolFirst(one, one.relays[0]);
      await order(alice, 'connect');
      await alice.say({ t: 'FLLW', aud: parseIdTag('bob.test'), v: 'D' });
      said ??= await tellStory(bob, alice);
      await bring(said, alice, dice);
      const end = await endOf(alice);
      first ??= end;
      ends.add(end.join('\n'));
      await one.close();
    }
    expect([...ends]).toEqual([first!.join('\n')]);
    expect(first!.filter((line) => line.startsWith('alice.test CONN:ACC'))).toHaveLength(1);
    expect(first!.filter((line) => line.includes('deleted'))).toHaveLength(1);
    expect(first!.some((line) => line.includes('FLLW:DEL'))).toBe(true);
    counted('orders of one story', runs);
    await network.close();
    await bob.close();
  });

  test('I1: malleable twins that come at once have one effect each', { timeout: patience }, async () => {
    const network = await createNetwork('alice.test');
    const alice = await TestDevice.enrolFirst(network, network.relays[0]);
    const bob = await openStockNode(network, 'bob.test');
    await alice.say({ t: 'FLLW', aud: parseIdTag('bob.test'), v: 'D' });
    const many = sized(60, 10_000);
    const copies = sized(2, 20);
    const results: string[] = [];
    for (let done = 0; done < many; done += 20) {
      const batch = await Promise.all(
        Array.from({ length: 20 }, (_, i) => bob.sign({ t: 'POST', c: `Post ${done + i}`, v: 'F' })),
      );
      const twins = batch.flatMap((token) =>
        Array.from({ length: copies }, (_, i) => (i % 2 === 0 ? token : flipS(token))),
      );
      const answers = await Promise.all(
        twins.map(async (token) => {
          const body = JSON.stringify({ token });
          return alice.relay.ask(routes.inbox, { method: 'POST', headers: json, body });
        }),
      );
      // Of one issuer only 300 are taken in a minute.
      await network.advance(batch.length * copies * 200);
      results.push(...answers.map((answer) => (answer.json() as { data: { status: string } }).data.status));
    }
    expect(results.filter((status) => status === 'stored')).toHaveLength(many);
    expect(results.filter((status) => status === 'known')).toHaveLength(many * (copies - 1));
    let stored = 0;
    for (let after = 0; ;) {
      alice.forgetToken();
      const items = await alice.items(after);
      if (items.length === 0) break;
      stored += items.filter(({ token }) => claimsOf(token).t === 'POST').length;
      after = items.at(-1)!.seq;
    }
    expect(stored).toBe(many);
    counted('copies and twins of tokens', many * copies);
    await network.close();
    await bob.close();
  });
});
