import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { blobId } from '../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { parse } from '../../shared/parse.ts';
import { fileCreatedSchema, outboxSchema, routes } from '../../shared/routes.ts';
import { codeOf, dataOf, type TestDevice, type Words } from './device.ts';
import { claimsOf, connect, createPeople, follow, type People, tell, untilHeld } from './friends.ts';
import { askAs, listedSchema, narrow, visit } from './guest.ts';
import { share } from './room-client.ts';
import { openStockNode } from './stock-node.ts';

describe('what others read', () => {
  let network: People['network'];
  let alice: TestDevice;
  /** Bob follows, Carol is connected and in the conversation, Dave is a stranger. */
  let bob: TestDevice;
  let carol: TestDevice;
  let dave: TestDevice;
  /** Ids of what Alice said, by name. */
  const said = new Map<string, string>();
  const id = (name: string) => said.get(name) ?? name;
  const nameOf = (actionId: string) => [...said].find(([, known]) => known === actionId)?.[0] ?? actionId;

  const say = async (device: TestDevice, name: string, words: Words, others: readonly TestDevice[] = []) =>
    void said.set(name, await tell(device, words, others));

  beforeAll(async () => {
    const made = await createPeople('alice.test', 'bob.test', 'carol.test', 'dave.test');
    network = made.network;
    [alice, bob, carol, dave] = made.people;
    await follow(bob, alice);
    await connect(carol, alice);
    for (const v of ['P', 'V', 'F', 'C'] as const) await say(alice, v, { t: 'POST', c: `For ${v}`, v });
    await say(alice, 'D', { t: 'MSG', c: 'For Bob', aud: bob.relay.idTag, v: 'D' }, [bob]);
    await say(alice, 'boats', { t: 'CONV', c: { name: 'Boats' }, v: 'S', f: 'rc' });
    await say(alice, 'invited', { t: 'INVT', aud: carol.relay.idTag, sub: id('boats'), v: 'D' }, [carol]);
    await say(carol, 'joined', { t: 'SUBS', aud: alice.relay.idTag, sub: id('boats'), v: 'S' }, [alice]);
    await say(alice, 'S', { t: 'MSG', c: 'Mine sank', p: id('boats'), v: 'S' }, [carol]);
    const about = { t: 'CMNT', c: 'Indeed', aud: alice.relay.idTag };
    await say(carol, 'comment on C', { ...about, p: id('C'), v: 'F' }, [alice]);
    await say(bob, 'comment on P', { ...about, p: id('P'), v: 'P' }, [alice]);
    await say(carol, 'on the wall', { t: 'POST', c: 'Hi!', aud: alice.relay.idTag, v: 'P' }, [alice]);
    await say(alice, 'gone', { t: 'POST', c: 'Oh no', v: 'P' });
    await alice.say({ t: 'POST:DEL', c: '–', sub: id('gone'), v: 'P', iat: alice.seconds() + 1 });
  });
  afterAll(() => network.close());

  const tokenOf = (who: TestDevice | undefined) => (who ? visit(who, alice.relay) : undefined);
  const list = async (who: TestDevice | undefined, query = 'limit=100') =>
    parse(listedSchema, (await askAs(alice.relay, await tokenOf(who), `${routes.actions}?${query}`)).json());
  const namesFor = async (who: TestDevice | undefined, query?: string) =>
    (await list(who, query)).data.map(({ actionId }) => nameOf(actionId));
  const openToAll = ['P', 'comment on P'];
  const wanted = () => [
    { who: undefined, sees: openToAll },
    { who: dave, sees: [...openToAll, 'V'] },
    { who: bob, sees: [...openToAll, 'V', 'F', 'D'] },
    {
      who: carol,
      sees: [...openToAll, 'V', 'F', 'C', 'S', 'boats', 'invited', 'joined', 'comment on C', 'on the wall'],
    },
  ];
  const told = [
    'P',
    'V',
    'F',
    'C',
    'D',
    'S',
    'boats',
    'invited',
    'joined',
    'comment on C',
    'comment on P',
    'on the wall',
    'gone',
  ];

  test('Y1: each sees what is for them, and nothing else', async () => {
    for (const { who, sees } of wanted()) {
      const names = (await namesFor(who)).filter((name) => told.includes(name));
      expect(names.toSorted()).toEqual([...sees].toSorted());
    }
  });

  test('Y3: one by one by their ids, under both paths', async () => {
    for (const { who, sees } of wanted()) {
      const token = await tokenOf(who);
      for (const path of [routes.actions, routes.action]) {
        const opened: string[] = [];
        for (const name of told)
          if ((await askAs(alice.relay, token, `${path}/${id(name)}`)).status === 200) opened.push(name);
        expect(opened.toSorted()).toEqual([...sees].toSorted());
      }
    }
    expect(codeOf(await askAs(alice.relay, undefined, `${routes.actions}/${id('F')}`))).toBe(
      'E-CORE-NOTFOUND',
    );
  });

  test('Y3: a proof is open to who knows the id, but for what is for few', async () => {
    const statusFor = async (who: TestDevice | undefined, name: string) =>
      (await askAs(alice.relay, await tokenOf(who), `${routes.action}/${id(name)}/proof`)).status;
    for (const name of ['P', 'V', 'F']) expect(await statusFor(undefined, name)).toBe(200);
    for (const name of ['C', 'D', 'S']) expect(await statusFor(undefined, name)).toBe(404);
    expect(await statusFor(bob, 'D')).toBe(200);
    expect(await statusFor(carol, 'D')).toBe(404);
    expect(await statusFor(carol, 'S')).toBe(200);
  });

  test("Y1: somebody else's post on the wall is shown once it is approved", async () => {
    expect(await namesFor(undefined, 'type=POST&audience=alice.test')).not.toContain('on the wall');
    await alice.say({ t: 'APRV', sub: id('on the wall'), aud: carol.relay.idTag, v: 'F' });
    expect(await namesFor(undefined, 'type=POST&audience=alice.test')).toContain('on the wall');
  });

  test('Y1: what a stock node says to one alone is for that one, whatever it writes', async () => {
    const stock = await openStockNode(network, 'stock.test');
    await alice.say({ t: 'FLLW', aud: parse(v.any(), 'stock.test'), v: 'D' });
    const token = await stock.sign({ t: 'MSG', c: 'Only you', aud: alice.relay.idTag, v: 'F' });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ token });
    expect((await alice.relay.ask(routes.inbox, { method: 'POST', headers, body })).status).toBe(202);
    await untilHeld(alice, 'MSG', ({ iss }) => iss === 'stock.test');
    for (const who of [undefined, bob, carol])
      expect((await list(who, 'type=MSG&limit=100')).data.map(({ token: shown }) => shown)).not.toContain(
        token,
      );
    await stock.close();
  });

  test('O5: a token for a file, a broken one, and one of somewhere else read as nobody', async () => {
    await share(alice, 'aBcDeFgHiJkLmNoPqRsTuVwX', bob.relay.idTag);
    const whole = await visit(bob, alice.relay);
    const scoped = await narrow(alice.relay, whole, 'file:aBcDeFgHiJkLmNoPqRsTuVwX:W');
    const elsewhere = await visit(bob, carol.relay);
    for (const token of [scoped, `${whole}x`, elsewhere, 'x']) {
      const { data } = parse(
        listedSchema,
        (await askAs(alice.relay, token, `${routes.actions}?type=POST`)).json(),
      );
      expect(data.map(({ actionId }) => nameOf(actionId)).toSorted()).toEqual(['P', 'on the wall']);
      const one = `${routes.actions}/${id('F')}`;
      expect((await askAs(alice.relay, token, one)).status).toBe(404);
    }
    expect(codeOf(await askAs(alice.relay, scoped, routes.outbox))).toBe('E-AUTH-NOPERM');
  });

  test('Y2: as a stock shell asks: by type, issuer, owner, parent and subject', async () => {
    expect(await namesFor(carol, 'type=CMNT&limit=100')).toEqual(
      expect.arrayContaining(['comment on C', 'comment on P']),
    );
    expect(await namesFor(carol, 'issuer=bob.test')).toEqual(['comment on P']);
    expect(await namesFor(carol, `parentId=${id('C')}`)).toEqual(['comment on C']);
    expect(await namesFor(carol, `type=SUBS,INVT&subject=${id('boats')}`)).toEqual(['joined', 'invited']);
    expect(await namesFor(carol, `actionId=${id('V')}`)).toEqual(['V']);
    for (const query of ['type=post', 'issuer=NO', 'limit=x', 'limit=0', 'cursor=x', 'type=POST&type=MSG'])
      expect((await askAs(alice.relay, undefined, `${routes.actions}?${query}`)).status).toBe(400);
  });

  test('Y2: page by page, each action once, from new to old', async () => {
    const all = (await list(carol)).data.map(({ actionId }) => actionId);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { data, cursorPagination } = await list(carol, `limit=3${cursor && `&cursor=${cursor}`}`);
      expect(data.length).toBeLessThanOrEqual(3);
      expect(cursorPagination.hasMore).toBe(cursorPagination.nextCursor !== null);
      seen.push(...data.map(({ actionId }) => actionId));
      cursor = cursorPagination.nextCursor;
    }
    expect(seen).toEqual(all);
    const times = (await list(carol)).data.map(({ token }) => Number(claimsOf(token).iat));
    expect(times).toEqual(times.toSorted((one, other) => other - one));
  });

  test('Y2: in the words of a stock shell', async () => {
    const { data } = await list(undefined, `actionId=${id('comment on P')}`);
    expect(data[0]).toMatchObject({
      type: 'CMNT',
      issuer: { idTag: 'bob.test', type: 'person' },
      audience: { idTag: 'alice.test', name: expect.any(String), type: 'person' },
      parentId: id('P'),
      content: 'Indeed',
      status: 'A',
      visibility: 'P',
      createdAt: expect.stringMatching(/^20.*Z$/),
    });
  });

  test('Y4: the outbox is for followers and the connected, in the order things were said', async () => {
    const outboxFor = async (who: TestDevice, query = '') =>
      dataOf(
        await askAs(alice.relay, await visit(who, alice.relay), `${routes.outbox}${query}`),
        outboxSchema,
      );
    const wordsFor = async (who: TestDevice) =>
      (await outboxFor(who)).items
        .map(({ token }) => claimsOf(token))
        .map(({ t, c }) => (t === 'APRV' ? t : c));
    expect(codeOf(await askAs(alice.relay, await visit(dave, alice.relay), routes.outbox))).toBe(
      'E-AUTH-NOPERM',
    );
    expect(codeOf(await alice.relay.ask(routes.outbox))).toBe('E-AUTH-UNAUTH');
    expect(await wordsFor(bob)).toEqual(['For P', 'For V', 'For F', 'APRV']);
    expect(await wordsFor(carol)).toEqual(['For P', 'For V', 'For F', 'For C', 'APRV']);
    const { items } = await outboxFor(bob);
    const approved = items.find(({ token }) => claimsOf(token).t === 'APRV');
    expect(approved?.related?.map((token) => claimsOf(token).c)[0]).toBe('Hi!');
    const { items: newest, cursor } = await outboxFor(carol, '?limit=2');
    expect(newest).toHaveLength(2);
    const { items: older } = await outboxFor(carol, `?limit=2&cursor=${cursor}`);
    expect([...older, ...newest].map(({ token }) => token)).toEqual(
      (await outboxFor(carol)).items.slice(1).map(({ token }) => token),
    );
    expect((await outboxFor(carol, `?since=${alice.seconds() + 1000}`)).items).toEqual([]);
  });

  test('Y4: counts go along with what they count', async () => {
    await say(carol, 'like', { t: 'REACT:LIKE', sub: id('P'), aud: alice.relay.idTag, v: 'P' }, [alice]);
    await network.advance(60_000);
    await untilHeld(alice, 'STAT', ({ p, c }) => p === id('P') && JSON.stringify(c).includes('"1,L1"'));
    alice.forgetToken();
    const { items } = dataOf(
      await askAs(alice.relay, await visit(carol, alice.relay), routes.outbox),
      outboxSchema,
    );
    const liked = items.find(({ token }) => claimsOf(token).c === 'For P');
    expect(liked?.related?.map((token) => claimsOf(token))).toMatchObject([{ t: 'STAT', p: id('P') }]);
    const { data } = await list(undefined, `actionId=${id('P')}`);
    expect(data[0]?.stat).toMatchObject({ reactions: '1,L1', commentCount: 1 });
  });

  test('B5: a file has the same answers under its documented names', async () => {
    const bytes = new TextEncoder().encode('A picture of the sea');
    const blob = await blobId(bytes);
    await alice.ask(`${routes.blobs}/${blob}`, 'PUT', bytes);
    const size = bytes.length;
    const descriptor = formatDescriptor([
      { name: 'raw.orig', blob, format: 'txt', size, width: 0, height: 0 },
    ]);
    const file = { descriptor, contentType: 'text/plain', fileName: 'sea.txt', visibility: 'P' };
    const { fileId } = dataOf(await alice.ask(routes.files, 'POST', file), fileCreatedSchema);
    for (const base of [routes.files, routes.store, routes.file]) {
      const shown = await alice.relay.ask(`${base}/${fileId}/descriptor`);
      expect(dataOf(shown, v.string())).toBe(descriptor);
      expect((await alice.relay.ask(`${base}/${fileId}`)).text).toBe('A picture of the sea');
      expect((await alice.relay.ask(`${base}/${fileId}/metadata`)).status).toBe(200);
    }
  });

  test('N2: where the app is', async () => {
    const answer = await alice.relay.ask(routes.appDomain);
    expect(dataOf(answer, v.object({ appDomain: v.string() }))).toEqual({ appDomain: 'alice.test' });
  });
});
