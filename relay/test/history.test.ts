import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import type { TestDevice } from './device.ts';
import { connect, createPeople, follow, held, type People, tell, untilHeld } from './friends.ts';
import { eventually } from './network.ts';
import { openStockNode, type StockNode } from './stock-node.ts';

describe('what was said before somebody became a contact', () => {
  let network: People['network'];
  let alice: TestDevice;
  let bob: TestDevice;

  beforeEach(async () => {
    const made = await createPeople('alice.test', 'bob.test');
    network = made.network;
    [alice, bob] = made.people;
  });
  afterEach(() => network.close());

  const wordsAt = async (device: TestDevice, type = 'POST') =>
    (await held(device, type)).map(({ claims }) => String(claims.c));
  const untilCount = (device: TestDevice, iss: string, count: number) =>
    eventually(`${count} posts of ${iss}`, async () => {
      await network.advance(1000);
      const posts = (await held(device, 'POST')).filter(({ claims }) => claims.iss === iss);
      return posts.length >= count ? posts : undefined;
    });

  test('Y5: a follower gets what followers may read; a connected one the rest, both ways', async () => {
    await alice.say({ t: 'POST', c: 'For followers', v: 'F' });
    await alice.say({ t: 'POST', c: 'For the connected', v: 'C' });
    await alice
      .say({ t: 'POST', c: 'Not any more', v: 'F' })
      .then((sub) => alice.say({ t: 'POST:DEL', c: '–', sub, v: 'F', iat: alice.seconds() + 1 }));
    await bob.say({ t: 'POST', c: 'Of Bob', v: 'F' });
    await follow(bob, alice);
    await untilCount(bob, 'alice.test', 1);
    expect(await wordsAt(bob)).toEqual(expect.not.arrayContaining(['For the connected', 'Not any more']));
    expect(await wordsAt(alice)).not.toContain('Of Bob');
    await connect(bob, alice);
    await untilCount(alice, 'bob.test', 1);
    expect(await wordsAt(alice)).toContain('Of Bob');
  });

  test('Y5: page by page, each once, with what is shown again and what was approved', async () => {
    await alice.say({ t: 'APRV', sub: await wallPost(), aud: bob.relay.idTag, v: 'F' });
    const drafts: string[] = [];
    for (let i = 0; i < 150; i++) drafts.push(await alice.draft({ t: 'POST', c: `Number ${i}`, v: 'P' }));
    await alice.submit(...drafts.slice(0, 100));
    await alice.submit(...drafts.slice(100));
    await follow(bob, alice);
    const posts = await untilCount(bob, 'alice.test', 150);
    expect(new Set(posts.map(({ actionId }) => actionId)).size).toBe(150);
    expect(posts).toHaveLength(150);
    await untilHeld(bob, 'APRV', ({ iss }) => iss === 'alice.test');
  });

  /** Bob, whom Alice follows, writes on her wall. */
  const wallPost = async () => {
    await follow(alice, bob);
    return tell(bob, { t: 'POST', c: 'Hi!', aud: alice.relay.idTag, v: 'P' }, [alice]);
  };

  test('Y5: it is asked for again when the neighbour was away, and after a restart of ours', async () => {
    await alice.say({ t: 'POST', c: 'Long ago', v: 'F' });
    await alice.relay.stop();
    await bob.say({ t: 'FLLW', aud: alice.relay.idTag, v: 'D' });
    await bob.relay.stop();
    await bob.relay.start();
    await alice.relay.start();
    alice.forgetToken();
    await eventually('the old post', async () => {
      await network.advance(20_000);
      bob.forgetToken();
      return (await wordsAt(bob)).includes('Long ago') ? true : undefined;
    });
  });
});

describe('the history of a stock node', () => {
  let network: People['network'];
  let alice: TestDevice;
  let stock: StockNode;
  const name = parseIdTag('stock.test');
  /** Requests for its outbox. */
  let asked = 0;
  let items: { token: string; related?: string[] }[] = [];
  let outbox: () => { status: number; body: string } | undefined = () => undefined;
  const envelope = (data: unknown) => JSON.stringify({ data, time: new Date(network.now()).toISOString() });

  beforeEach(async () => {
    const made = await createPeople('alice.test');
    network = made.network;
    [alice] = made.people;
    stock = await openStockNode(network, 'stock.test');
    asked = 0;
    items = [];
    outbox = () => undefined;
    stock.respond = (url) => {
      if (url.startsWith(routes.accessToken)) return { status: 200, body: envelope({ token: 'opaque' }) };
      if (!url.startsWith(routes.outbox)) return undefined;
      asked += 1;
      return outbox() ?? { status: 200, body: envelope({ items }) };
    };
  });
  afterEach(async () => {
    await stock.close();
    await network.close();
  });

  const iat = (ago: number) => Math.floor(network.now() / 1000) - ago;
  const untilAsked = (times: number) =>
    eventually(`asked ${times} times`, async () => {
      await network.advance(60_000);
      alice.forgetToken();
      return asked >= times ? true : undefined;
    });

  test('Y5: what is not of that neighbour, broken or refused is left out, and the rest is taken', async () => {
    const post = await stock.sign({ t: 'POST', c: 'Of stock', v: 'F', iat: iat(50) });
    const comment = await stock.sign({ t: 'CMNT', c: '?', p: `a1~${'x'.repeat(43)}`, v: 'F' });
    const foreign = await alice.draft({ t: 'POST', c: 'Of Alice' });
    items = [{ token: 'x' }, { token: foreign }, { token: comment }, { token: post, related: ['y'] }];
    await alice.say({ t: 'FLLW', aud: name, v: 'D' });
    await untilHeld(alice, 'POST', ({ c }) => c === 'Of stock');
    expect(await held(alice, 'CMNT')).toEqual([]);
    await untilAsked(1);
    expect(asked).toBe(1);
  });

  test('Y5: after a lost answer, an error and a refusal it is asked again; then never again', async () => {
    const answers = [
      { status: 200, body: '{"data":' },
      { status: 503, body: '' },
      { status: 403, body: '{}' },
    ];
    outbox = () => answers.shift();
    items = [{ token: await stock.sign({ t: 'POST', c: 'At last', v: 'F', iat: iat(50) }) }];
    await alice.say({ t: 'FLLW', aud: name, v: 'D' });
    await untilAsked(4);
    await untilHeld(alice, 'POST', ({ c }) => c === 'At last');
    const times = asked;
    await network.advance(60_000);
    await network.advance(3_600_000);
    expect(asked).toBe(times);
  });

  test('Y5: a neighbour that never lets us is left alone', async () => {
    outbox = () => ({ status: 403, body: '{}' });
    await alice.say({ t: 'FLLW', aud: name, v: 'D' });
    await eventually('it was given up', async () => {
      await network.advance(24 * 3_600_000);
      alice.forgetToken();
      const before = asked;
      await network.advance(24 * 3_600_000);
      return asked === before && asked > 5 ? true : undefined;
    });
  });

  test('Y5, Y6: suspended after a day, refused for the time being; back, it is taken and asked for what was missed', async () => {
    let silent = false;
    const usual = stock.respond;
    stock.respond = (url) => (silent && url === routes.me ? { status: 503, body: '' } : usual(url));
    await alice.say({ t: 'FLLW', aud: name, v: 'D' });
    await untilAsked(1);
    const send = async (c: string) => {
      const body = JSON.stringify({ token: await stock.sign({ t: 'POST', c, v: 'F' }) });
      const headers = { 'content-type': 'application/json' };
      return alice.relay.ask(routes.inbox, { method: 'POST', headers, body });
    };
    silent = true;
    for (const hours of [25, 5, 5, 5, 5, 5]) {
      const before = stock.profileRequests;
      // The look before may not have ended, and then the next one is not yet planned.
      await eventually('it is looked at', async () => {
        await network.advance(hours * 3_600_000);
        return stock.profileRequests > before ? true : undefined;
      });
    }
    const refused = await eventually('it is suspended', async () => {
      const answer = await send('From afar');
      return answer.status === 503 ? answer : undefined;
    });
    expect(refused.text).toBe('');
    silent = false;
    items = [{ token: await stock.sign({ t: 'POST', c: 'Missed', v: 'F', iat: iat(50) }) }];
    await network.advance(2 * 3_600_000);
    alice.forgetToken();
    expect((await send('Here again')).status).toBe(202);
    await network.advance(1000);
    await untilHeld(alice, 'POST', ({ c }) => c === 'Missed');
  });
});
