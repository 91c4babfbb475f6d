import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Statement } from '../../shared/action/action.ts';
import { actionId } from '../../shared/token/compact.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import { codeOf, json, type TestDevice } from './device.ts';
import { createPeople, held, order, type People, untilHeld } from './friends.ts';
import { openStockNode, type StockNode } from './stock-node.ts';

const mallory = parseIdTag('mallory.test');
const trudy = parseIdTag('trudy.test');

describe('a contact that wants more than it has', () => {
  let network: People['network'];
  let alice: TestDevice;
  let contact: StockNode;
  let friend: StockNode;
  let boats: string;
  let later = 0;

  beforeAll(async () => {
    const made = await createPeople('alice.test');
    network = made.network;
    [alice] = made.people;
    contact = await openStockNode(network, mallory);
    friend = await openStockNode(network, trudy);
    await alice.say({ t: 'FLLW', aud: mallory, v: 'D' });
    await order(alice, 'vouch');
    boats = await alice.say({ t: 'CONV', c: { name: 'Boats' }, v: 'S', f: 'rc' });
  });
  afterAll(async () => {
    await network.close();
    await contact.close();
    await friend.close();
  });

  const send = async (token: string, related: readonly string[] = []) => {
    const body = JSON.stringify({ token, related });
    return codeOf(await alice.relay.ask(routes.inbox, { method: 'POST', headers: json, body }));
  };
  const says = (from: StockNode, statement: Partial<Statement> & Pick<Statement, 't'>) =>
    from.sign({ v: 'S', iat: alice.seconds() - 60 + later++, ...statement });
  /** Stands by it as the owner of its own wall. */
  const vouchFor = async (token: string) =>
    send(await says(contact, { t: 'APRV', sub: await actionId(token) }), [token]);
  const isHere = async (token: string) => {
    const id = await actionId(token);
    return (await alice.items()).some((item) => item.actionId === id);
  };

  test.each<[string, Statement['t'], object]>([
    ['joins with any role', 'SUBS', { c: { role: 'admin' } }],
    ['writes in a conversation', 'MSG', { c: 'hello' }],
  ])('R7: an approval on a wall brings what stands on walls: nobody %s by it', async (_what, t, more) => {
    for (const from of [contact, friend]) {
      const place = t === 'MSG' ? { p: boats } : { sub: boats };
      const token = await says(from, { t, aud: mallory, ...place, ...more });
      await vouchFor(token);
      expect(await isHere(token)).toBe(false);
    }
  });

  test('R7: the owner of a conversation brings what is said in conversations, and no posts of strangers', async () => {
    const own = await says(contact, { t: 'CONV', c: { name: 'Mine' } });
    expect(await send(own)).toBe('202');
    const post = await says(friend, { t: 'POST', c: 'buy this', v: 'P' });
    const onWall = await says(friend, { t: 'POST', c: 'buy this too', v: 'P', aud: alice.relay.idTag });
    for (const token of [post, onWall]) {
      const p = await actionId(own);
      await send(await says(contact, { t: 'APRV', sub: await actionId(token), p }), [token]);
      expect(await isHere(token)).toBe(false);
    }
  });

  test('M1: a subtype that is not known makes nobody a member', async () => {
    const token = await says(contact, {
      ...{ t: 'SUBS:NEW', aud: alice.relay.idTag, sub: boats, c: { role: 'admin' } },
    });
    await send(token);
    const words = await says(contact, { t: 'MSG', c: 'I am in', p: boats, aud: alice.relay.idTag });
    expect(await send(words)).toBe('E-ACTION-PERMISSION');
  });

  test('M1: nobody begins a conversation that somebody else would have to keep', async () => {
    const token = await says(contact, { t: 'CONV', c: { name: 'Yours' }, f: 'O', aud: alice.relay.idTag });
    expect(await send(token)).toBe('E-ACTION-PERMISSION');
  });

  test('R2: a follower who is not followed does not post by addressing itself', async () => {
    expect(await send(await says(friend, { t: 'FLLW', aud: alice.relay.idTag, v: 'D' }))).toBe('202');
    const token = await says(friend, { t: 'POST', c: 'buy this', v: 'P', aud: trudy });
    expect(await send(token)).toBe('E-ACTION-PERMISSION');
  });

  test('R6: what takes back a post takes back nothing else: who was put out stays out', async () => {
    const open = await alice.say({ t: 'CONV', c: { name: 'Harbour' }, v: 'S', f: 'O' });
    const join = () => says(contact, { t: 'SUBS', aud: alice.relay.idTag, sub: open });
    expect(await send(await join())).toBe('202');
    const iat = alice.seconds();
    const out = await alice.say({ t: 'INVT:DEL', aud: mallory, sub: open, v: 'D', iat });
    for (const t of ['POST:DEL', 'CMNT:DEL', 'MSG:DEL']) {
      const where = t === 'CMNT:DEL' ? { p: open } : {};
      const undo = { t, c: '–', sub: out, aud: alice.relay.idTag, iat: iat + 1, ...where };
      await send(await says(contact, undo));
    }
    expect((await held(alice, 'INVT')).map(({ actionId: id }) => id)).toContain(out);
    const again = { t: 'SUBS', aud: alice.relay.idTag, sub: open, iat: iat + 2 };
    expect(await send(await says(contact, again))).toBe('E-ACTION-PERMISSION');
  });

  test('R6: who got a direct message does not take it back for who said it', async () => {
    const said = await alice.say({ t: 'MSG', c: 'I never said that', aud: mallory, v: 'D' });
    const undo = { t: 'MSG:DEL', c: '–', sub: said, aud: alice.relay.idTag, v: 'D' as const };
    expect(await send(await says(contact, undo))).toBe('E-ACTION-PERMISSION');
  });

  test('M3: nobody escapes being put out by joining in the future', async () => {
    const open = await alice.say({ t: 'CONV', c: { name: 'Harbour' }, v: 'S', f: 'O' });
    const ahead = { t: 'SUBS', aud: alice.relay.idTag, sub: open, iat: alice.seconds() + 250 };
    expect(await send(await says(contact, ahead))).toBe('202');
    await alice.say({ t: 'INVT:DEL', aud: mallory, sub: open, v: 'D' });
    const words = { t: 'MSG', c: 'Still here', p: open, aud: alice.relay.idTag };
    expect(await send(await says(contact, words))).toBe('E-ACTION-PERMISSION');
  });

  test('M2: who did not join, or has left, takes nothing that is said there', async () => {
    const theirs = await says(friend, { t: 'CONV', c: { name: 'Offers' } });
    const [sub, aud] = [await actionId(theirs), alice.relay.idTag];
    expect(await send(await says(contact, { t: 'INVT', sub, aud, v: 'D' }), [theirs])).toBe('202');
    const offer = () => says(friend, { t: 'MSG', c: 'Buy this', p: sub });
    const passedOn = async () => {
      const words = await says(contact, { t: 'MSG', c: 'Buy that', p: sub, aud: trudy });
      const approval = await says(friend, { t: 'APRV', sub: await actionId(words), p: sub });
      return { approval, words };
    };
    const isTaken = async () => {
      const { approval, words } = await passedOn();
      return [await send(await offer()), await send(approval, [words]), await isHere(words)];
    };
    const isNot = ['E-ACTION-PERMISSION', 'E-ACTION-PERMISSION', false];
    expect(await isTaken()).toEqual(isNot);
    await alice.say({ t: 'SUBS', sub, aud: trudy, v: 'S' });
    expect(await isTaken()).toEqual(['202', '202', true]);
    await alice.say({ t: 'SUBS:DEL', sub, aud: trudy, v: 'S', iat: alice.seconds() + 1 });
    expect(await isTaken()).toEqual(isNot);
  });

  test('Y8: who is blocked hears nothing more of a conversation, without being put out', async () => {
    const open = await alice.say({ t: 'CONV', c: { name: 'Harbour' }, v: 'S', f: 'O' });
    for (const from of [contact, friend])
      expect(await send(await says(from, { t: 'SUBS', aud: alice.relay.idTag, sub: open }))).toBe('202');
    await untilHeld(alice, 'SUBS', ({ iss, sub }) => iss === trudy && sub === open);
    await alice.ask(`${routes.people}/${trudy}`, 'PUT', { blocked: true });
    contact.answer = { status: 400, body: '{"error":{"code":"E-NO","message":"no"}}' };
    const said = await alice.say({ t: 'MSG', c: 'At last', p: open, v: 'S' });
    const { deliveries } = await alice.eventually(said, (item) => item.deliveries[0]?.state === 'refused');
    expect(deliveries.map(({ to }) => to)).toEqual([mallory]);
    // What was not delivered before the block does not go out because somebody tries it again.
    await alice.ask(`${routes.people}/${mallory}`, 'PUT', { blocked: true });
    const path = `${routes.actions}/${said}/deliveries`;
    expect((await alice.ask(path, 'POST', { retry: true })).json()).toMatchObject({ data: { retried: 0 } });
  });
});
