import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelayUnreachable } from '../relay/relay-api.ts';
import { nextHold } from './flush.ts';
import { undoTime } from './posts.ts';
import { createTestDevice, type TestDevice } from './relay-fixture.ts';
import { actionId, row } from './rows-fixture.ts';

let device: TestDevice;
let count = 0;
beforeEach(async () => {
  device = await createTestDevice(`actions-${count++}`);
});
afterEach(() => device.db.close());

const rowOf = (id: string) => device.db.actions.get(id);
const types = () => device.sent.map(({ t }) => t);

describe('what is said while the relay is away', () => {
  it('D7: goes out in order once it is back, each naming what it answers', async () => {
    device.away = true;
    const { post, comment, react, conversations } = device.actions;
    const first = await post({ text: 'one', visibility: 'P' });
    const answer = await comment(first, 'two');
    await react(answer, 'WOW');
    const boats = await conversations.create('Boats');
    await conversations.invite(boats, 'bob.test', { role: 'member' });
    await conversations.write(boats, { text: 'Ahoy' });
    await expect(device.flush()).rejects.toBeInstanceOf(RelayUnreachable);
    expect(device.sent).toEqual([]);

    device.away = false;
    await device.flush();
    expect(device.sent).toEqual([
      { t: 'POST', c: 'one', p: undefined, sub: undefined },
      { t: 'CONV', c: { name: 'Boats' }, p: undefined, sub: undefined },
      { t: 'CMNT', c: 'two', p: actionId('1'), sub: undefined },
      { t: 'INVT', c: { role: 'member' }, p: undefined, sub: actionId('2') },
      { t: 'MSG', c: 'Ahoy', p: actionId('2'), sub: undefined },
      { t: 'REACT:WOW', c: undefined, p: undefined, sub: actionId('3') },
    ]);
    expect(await rowOf(answer)).toMatchObject({ state: 'accepted', p: actionId('1'), v: 'P' });
    expect(await device.db.outbox.count()).toBe(0);
  });

  it('R1: what is about somebody else’s goes to its owner, what is about one’s own to nobody by name', async () => {
    const his = row({ id: actionId('his'), actionId: actionId('his'), t: 'POST', iss: 'bob.test', v: 'C' });
    const onAnns = row({
      id: actionId('ann'),
      actionId: actionId('ann'),
      t: 'POST',
      iss: 'bob.test',
      aud: 'ann.test',
    });
    await device.db.actions.bulkPut([his, onAnns]);
    const { comment, post } = device.actions;
    expect(await rowOf(await comment(his.id, 'x'))).toMatchObject({ aud: 'bob.test', v: 'C' });
    expect(await rowOf(await comment(onAnns.id, 'x'))).toMatchObject({ aud: 'ann.test' });
    expect((await rowOf(await comment(await post({ text: 'mine' }), 'x')))?.aud).toBeUndefined();
  });
});

describe('what was refused', () => {
  it('stays with its reason, takes what answers it along, and goes out with it at the next try', async () => {
    const { post, comment, retry } = device.actions;
    device.refuse = () => 'not today';
    const first = await post({ text: 'one' });
    const answer = await comment(first, 'two');
    await device.flush();
    expect(await rowOf(first)).toMatchObject({ state: 'refused', reason: 'not today' });
    expect(await rowOf(answer)).toMatchObject({ state: 'refused' });

    device.refuse = () => undefined;
    await retry(first);
    await device.flush();
    expect(types()).toEqual(['POST', 'CMNT']);
    expect(device.sent[1]?.p).toBe(actionId('1'));
    for (const id of [first, answer]) expect(await rowOf(id)).toMatchObject({ state: 'accepted' });
  });

  it('can be discarded with what answers it; what was sent cannot', async () => {
    const { post, comment, discard } = device.actions;
    const sent = await post({ text: 'sent' });
    await device.flush();
    device.refuse = () => 'no';
    const refused = await post({ text: 'refused' });
    await comment(refused, 'on it');
    await device.flush();
    await discard(refused);
    await discard(sent);
    expect((await device.db.actions.toArray()).map(({ text }) => text)).toEqual(['sent']);
    expect(await device.db.outbox.count()).toBe(0);
  });
});

describe('what cannot be uploaded just now', () => {
  it('holds up what answers it, and nothing else', async () => {
    const { post, comment, block } = device.actions;
    const picture = await post({ text: 'picture' });
    await comment(picture, 'on it');
    await post({ text: 'words' });
    const upload = { fileId: 'f1~x', descriptor: `d2,vis.sd:b1~${'x'.repeat(43)}:f=webp:s=1:r=1x1` };
    const uploads = [{ ...upload, contentType: 'image/webp', fileName: 'a' }];
    await device.db.outbox.where('id').equals(picture).modify({ uploads });
    await block('eve.test', true);
    await expect(device.flush()).rejects.toThrow();
    expect(device.sent.map(({ c }) => c)).toEqual(['words']);
    expect(await rowOf(picture)).toMatchObject({ state: 'waiting' });
    expect(device.told).toEqual(['/eve.test']);

    await device.db.outbox.where('id').equals(picture).modify({ uploads: [] });
    await device.flush();
    expect(device.sent.map(({ c }) => c)).toEqual(['words', 'picture', 'on it']);
  });
});

describe('a deletion', () => {
  it('waits so long that it can be taken back, and then goes out', async () => {
    const { post, remove } = device.actions;
    const id = await post({ text: 'oops' });
    await device.flush();
    const undo = await remove(id);
    await device.flush();
    expect(types()).toEqual(['POST']);
    expect(await undo()).toBe(true);
    expect(await device.db.actions.count()).toBe(1);

    const tooLate = await remove(id);
    device.now += undoTime;
    expect(await tooLate()).toBe(false);
    await device.flush();
    expect(device.sent.at(-1)).toEqual({ t: 'POST:DEL', c: '–', p: undefined, sub: actionId('1') });
  });

  it('is waited for by the page that comes after a reload, and not for years when the clock was put back', async () => {
    const { post, remove } = device.actions;
    const id = await post({ text: 'oops' });
    await device.flush();
    await remove(id);
    device.now += 3_000;
    expect(await nextHold(device.db, device.now)).toBe(undoTime - 3_000);
    device.now -= 10 * 365 * 86_400_000;
    expect(await nextHold(device.db, device.now)).toBeUndefined();
    await device.flush();
    expect(types()).toEqual(['POST', 'POST:DEL']);
  });

  it('R6: of a comment says where it stood, of a repost what it showed', async () => {
    const his = row({ id: actionId('his'), actionId: actionId('his'), t: 'POST', iss: 'bob.test', v: 'P' });
    await device.db.actions.put(his);
    const { comment, repost, remove } = device.actions;
    const [answer, again] = [await comment(his.id, 'x'), await repost(his.id)];
    await device.flush();
    await remove(answer);
    await remove(again);
    device.now += undoTime;
    await device.flush();
    expect(device.sent.slice(2)).toEqual([
      { t: 'CMNT:DEL', c: '–', p: his.id, sub: actionId('1') },
      { t: 'REPOST:DEL', c: undefined, p: undefined, sub: his.id },
    ]);
  });
});

describe('approvals and conversations', () => {
  it('R7: a wall post is approved for its author, a message for the conversation', async () => {
    const { approve, conversations } = device.actions;
    const onMine = row({
      id: actionId('w'),
      actionId: actionId('w'),
      t: 'POST',
      iss: 'bob.test',
      aud: 'me.test',
    });
    const boats = await conversations.create('Boats');
    await device.flush();
    const his = row({
      id: actionId('m'),
      actionId: actionId('m'),
      t: 'MSG',
      iss: 'bob.test',
      p: actionId('1'),
    });
    await device.db.actions.bulkPut([onMine, his]);
    await approve(onMine.id);
    await approve(his.id);
    await device.flush();
    expect(device.sent.slice(1)).toEqual([
      { t: 'APRV', c: undefined, p: undefined, sub: onMine.id },
      { t: 'APRV', c: undefined, p: actionId('1'), sub: his.id },
    ]);
    expect(await device.db.actions.where('sub').equals(onMine.id).first()).toMatchObject({ aud: 'bob.test' });
    await conversations.rename(boats, 'Ships');
    await device.flush();
    expect(device.sent.at(-1)).toMatchObject({ t: 'CONV:UPD', c: { name: 'Ships', conv: actionId('1') } });
  });

  it('M2: joining and leaving speak to the owner, and nobody joins what is not here', async () => {
    const theirs = row({
      id: actionId('c'),
      actionId: actionId('c'),
      t: 'CONV',
      iss: 'bob.test',
      content: { name: 'B' },
    });
    const invitation = row({ id: actionId('i'), t: 'INVT', iss: 'bob.test', aud: 'me.test', sub: theirs.id });
    await device.db.actions.bulkPut([theirs, invitation]);
    const { conversations } = device.actions;
    await conversations.join(invitation.id);
    await conversations.leave(theirs.id);
    const said = await device.db.actions.where('type').equals('SUBS').sortBy('iat');
    expect(said.map(({ t, sub, aud }) => [t, sub, aud])).toEqual([
      ['SUBS', theirs.id, 'bob.test'],
      ['SUBS:DEL', theirs.id, 'bob.test'],
    ]);
    await expect(conversations.join(actionId('gone'))).rejects.toThrow('not on this device');
  });

  it('R9: a share can be lowered and revoked, and later words have later times', async () => {
    const { share, revoke } = device.actions;
    const document = { id: 'D'.repeat(24), title: '' };
    await share(document, 'bob.test', 'write');
    await share(document, 'bob.test', 'read');
    await revoke(document, 'bob.test');
    const said = await device.db.actions.where('sub').equals(document.id).sortBy('iat');
    expect(said.map(({ t }) => t)).toEqual(['FSHR:WRITE', 'FSHR', 'FSHR:DEL']);
    await expect(share(document, 'me.test', 'read')).rejects.toThrow('your own name');
  });
});
