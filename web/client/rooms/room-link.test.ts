import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { IsletError } from '../../../shared/errors.ts';
import { openStockRoom, type StockRoom } from './room-fixture.ts';
import { formatRoomFrame } from '../../../shared/sync/room-frame.ts';
import { RoomLink, type RoomLinkOptions, type RoomState } from './room-link.ts';

let room: StockRoom;
const ends: (() => void)[] = [];
beforeEach(async () => {
  room = await openStockRoom();
});
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await room.close();
});

function join(change: Partial<RoomLinkOptions> = {}) {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  const options = {
    doc,
    awareness,
    readOnly: false,
    now: () => Date.now(),
    address: async () => room.address,
  };
  const link = new RoomLink({ ...options, ...change });
  ends.push(() => {
    link.close();
    awareness.destroy();
  });
  return { doc, awareness, link, text: doc.getText('t') };
}
function written(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}
const patience = () => AbortSignal.timeout(20_000);
const until = (link: RoomLink, wanted: (state: RoomState) => boolean): Promise<void> =>
  new Promise((resolve) => {
    link.state.subscribe((state) => (wanted(state) ? resolve() : undefined));
  });
const eventually = (what: () => boolean) => expect.poll(what, { timeout: 20_000 }).toBe(true);

describe('J7: a document at its owner’s relay', () => {
  it('J7: both get what the other has, written before or after', async () => {
    room.doc.getText('t').insert(0, 'theirs ');
    const one = join();
    one.text.insert(0, 'ours ');
    await one.link.whenExchanged(patience());
    expect(room.doc.getText('t').toJSON()).toBe(one.text.toJSON());
    expect([...one.text.toJSON().split(' ')].sort()).toEqual(['', 'ours', 'theirs']);
    const two = join();
    await two.link.whenExchanged(patience());
    two.text.insert(0, 'later ');
    await eventually(() => one.text.toJSON().includes('later'));
    expect(two.text.toJSON()).toBe(one.text.toJSON());
  });

  it('J7: what was not echoed is unsent, and goes again over the next line', async () => {
    const { text, link } = join();
    await link.whenExchanged(patience());
    room.silent = true;
    text.insert(0, 'unheard');
    expect(link.state.get()).toMatchObject({ unsent: true });
    await eventually(() => room.received.length > 0);
    expect(link.state.get()).toMatchObject({ kind: 'open', unsent: true });
    room.silent = false;
    room.cut();
    await until(link, ({ kind }) => kind === 'offline');
    expect(link.state.get().unsent).toBe(true);
    link.wake();
    await link.whenExchanged(patience());
    expect(room.doc.getText('t').toJSON()).toBe('unheard');
  });

  it('J7: words written while nobody answers are kept and sent', async () => {
    let away = true;
    const address = () => (away ? Promise.reject(new Error('nobody')) : Promise.resolve(room.address));
    const { text, link } = join({ address });
    text.insert(0, 'offline');
    await until(link, ({ kind, unsent }) => kind === 'offline' && unsent);
    away = false;
    link.wake();
    await link.whenExchanged(patience());
    expect(room.doc.getText('t').toJSON()).toBe('offline');
  });

  it('J7: what an earlier page could not send is unsent until it is there', async () => {
    let away = true;
    const address = () => (away ? Promise.reject(new Error('nobody')) : Promise.resolve(room.address));
    const { text, link, doc } = join({ address, wasUnsent: () => Promise.resolve(true) });
    Y.applyUpdate(doc, written('before the reload'), 'storage');
    await until(link, ({ kind }) => kind === 'offline');
    expect(link.state.get()).toMatchObject({ unsent: true });
    away = false;
    link.wake();
    await link.whenExchanged(patience());
    expect(room.doc.getText('t').toJSON()).toBe(text.toJSON());
    const reader = join({ readOnly: true, wasUnsent: () => Promise.resolve(true) });
    await reader.link.whenExchanged(patience());
    expect(reader.link.state.get()).toMatchObject({ kind: 'open', unsent: false });
  });

  it('J7: who is no longer let in is told why, and what is here stays', async () => {
    const { text, link } = join();
    await link.whenExchanged(patience());
    room.refusing = 4403;
    room.cut();
    await until(link, ({ kind }) => kind === 'offline');
    link.wake();
    await until(link, ({ kind }) => kind === 'refused');
    expect(link.state.get()).toMatchObject({
      kind: 'refused',
      reason: 'it was taken back',
      ended: true,
      unsent: false,
    });
    text.insert(0, 'still mine');
    expect(link.state.get()).toMatchObject({ kind: 'refused', reason: 'it was taken back', unsent: true });
    await expect(link.whenExchanged(patience())).rejects.toThrow('it was taken back');
  });

  it('J7: a relay that lets us in only to put us out again is asked more and more rarely', async () => {
    const pauses = vi.spyOn(globalThis, 'setTimeout');
    room.fickle = 4401;
    join();
    await eventually(() => pauses.mock.calls.some(([, pause]) => pause === 4000));
    expect(pauses.mock.calls.filter(([, pause]) => pause === 2000)).toHaveLength(1);
    pauses.mockRestore();
  });

  it('J7: a refusal of the way there is no failure of the network', async () => {
    const address = () => Promise.reject(new IsletError('E-AUTH-NOPERM', 'bob.test did not let us in'));
    const { link } = join({ address });
    await until(link, ({ kind }) => kind === 'refused');
    expect(link.state.get()).toMatchObject({ reason: 'bob.test did not let us in', ended: true });
    expect(room.connections()).toBe(0);
  });

  it('J7: a door that is shut for another reason says nothing of the share', async () => {
    const address = () => Promise.reject(new IsletError('E-KEY-UNKNOWN', 'bob.test has no key'));
    const { link } = join({ address });
    await until(link, ({ kind }) => kind === 'refused');
    expect(link.state.get()).toMatchObject({ ended: false });
  });

  it('J7: who only reads sends nothing but a caret', async () => {
    room.doc.getText('t').insert(0, 'read me');
    const { doc, text, awareness, link } = join({ readOnly: true });
    awareness.setLocalStateField('user', { name: 'Bob' });
    await link.whenExchanged(patience());
    expect(text.toJSON()).toBe('read me');
    text.insert(0, 'no ');
    await eventually(() => room.awareness.getStates().has(doc.clientID));
    expect(room.received).toEqual([]);
    expect(link.state.get().unsent).toBe(false);
  });

  it('J7: carets of others come over the line and go with it', async () => {
    const [one, two] = [join(), join()];
    await Promise.all([one.link.whenExchanged(patience()), two.link.whenExchanged(patience())]);
    two.awareness.setLocalStateField('user', { name: 'Carol' });
    await eventually(() => one.awareness.getStates().has(two.doc.clientID));
    one.link.close();
    expect([...one.awareness.getStates().keys()]).toEqual([one.doc.clientID]);
  });

  it('J7: a frame that cannot be read changes nothing', async () => {
    const { text, link } = join();
    await link.whenExchanged(patience());
    text.insert(0, 'sound');
    await until(link, ({ unsent }) => !unsent);
    room.say(formatRoomFrame({ kind: 'update', update: new Uint8Array([255, 255, 255, 1, 2, 3]) }));
    await until(link, ({ kind }) => kind === 'offline');
    link.wake();
    await link.whenExchanged(patience());
    expect(text.toJSON()).toBe('sound');
  });
});
