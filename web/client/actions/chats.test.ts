import { expect, test } from 'vitest';
import { buildChats, buildThread, lastReceived, readTalk } from './chats.ts';
import { actionId, directoryOf, person, row } from './rows-fixture.ts';

const unread = () => 0;
const people = [person('bob.test', { name: 'Bob' }), person('carol.test', { name: 'Carol' })];

test('messages between two stand under the other one, newest chat first', () => {
  const rows = [
    row({ id: 'm1', t: 'MSG', aud: 'bob.test', text: 'Hello', iat: 1 }),
    row({ id: actionId('m2'), t: 'MSG', iss: 'bob.test', aud: 'me.test', text: 'Hi', iat: 2 }),
    row({ id: actionId('m3'), t: 'MSG', iss: 'carol.test', aud: 'me.test', text: 'Me too', iat: 3 }),
  ];
  const talk = readTalk(rows, directoryOf(...people));
  const chats = buildChats(talk, (id) => (id === 'bob.test' ? 2_000 : 0));
  expect(chats.map(({ id, name, unread: n, last }) => [id, name, n, last?.text])).toEqual([
    ['carol.test', 'Carol', 1, 'Me too'],
    ['bob.test', 'Bob', 0, 'Hi'],
  ]);
  expect(buildThread(talk, 'bob.test').map(({ text, own }) => [text, own])).toEqual([
    ['Hello', true],
    ['Hi', false],
  ]);
  expect(lastReceived(talk, 'bob.test')).toBe(2_000);
});

test('a thread in which each message answers the one before is as quick as any other', () => {
  const length = 10_000;
  const looks = { count: 0 };
  const rows = Array.from({ length }, (_, i) => {
    const message = row({ id: actionId(`m${i}`), t: 'MSG', iss: 'bob.test' });
    const p = i === length - 1 ? actionId('c1') : actionId(`m${i + 1}`);
    return Object.defineProperty(message, 'p', { get: () => ((looks.count += 1), p), enumerable: true });
  });
  const talk = readTalk([conversation, ...rows], directoryOf(...people));
  expect(talk.messages.get('c1')).toHaveLength(length);
  expect(looks.count).toBeLessThan(10 * length);
});

test('a deleted message is gone at once; one of a blocked person is not shown', () => {
  const rows = [
    row({ id: 'm1', actionId: actionId('m1'), t: 'MSG', aud: 'bob.test', text: 'Oops' }),
    row({ id: 'd1', t: 'MSG:DEL', aud: 'bob.test', sub: actionId('m1'), state: 'waiting' }),
    row({ id: actionId('m2'), t: 'MSG', iss: 'eve.test', aud: 'me.test', text: 'spam' }),
  ];
  const talk = readTalk(rows, directoryOf(...people, person('eve.test', { blocked: 1 })));
  expect(buildThread(talk, 'bob.test')).toEqual([]);
  expect(buildChats(talk, unread)).toEqual([]);
});

const conversation = row({
  id: 'c1',
  actionId: actionId('c1'),
  t: 'CONV',
  content: { name: 'Boats' },
  v: 'S',
});

test('a conversation has members by what they said, and who is only invited', () => {
  const rows = [
    conversation,
    row({
      id: 'i1',
      t: 'INVT',
      sub: actionId('c1'),
      aud: 'bob.test',
      content: { role: 'moderator' },
      iat: 2,
    }),
    row({ id: 'i2', t: 'INVT', sub: actionId('c1'), aud: 'carol.test', state: 'waiting', iat: 2 }),
    row({
      ...{ id: actionId('s1'), t: 'SUBS', iss: 'bob.test', aud: 'me.test', sub: actionId('c1'), iat: 3 },
      content: { role: 'moderator' },
    }),
    row({
      id: 'u1',
      t: 'CONV:UPD',
      p: actionId('c1'),
      content: { name: 'Ships', conv: actionId('c1') },
      iat: 4,
    }),
  ];
  const [chat] = buildChats(readTalk(rows, directoryOf(...people)), unread);
  expect(chat?.name).toBe('Ships');
  expect(chat?.group).toMatchObject({
    ...{ own: true, standing: 'in', role: 'admin' },
    members: [
      { idTag: 'bob.test', role: 'moderator' },
      { idTag: 'me.test', role: 'admin' },
    ],
    invited: [{ idTag: 'carol.test', role: 'member' }],
    openWords: [{ id: 'i2', t: 'INVT', name: 'Carol', state: 'waiting' }],
  });
});

test('answers belong to the conversation of what they answer; what nobody passed on is counted', () => {
  const rows = [
    conversation,
    row({ id: 'm1', actionId: actionId('m1'), t: 'MSG', p: actionId('c1'), text: 'Who rows?' }),
    row({
      ...{ id: actionId('m2'), actionId: actionId('m2'), t: 'MSG', iss: 'bob.test', aud: 'me.test' },
      ...{ p: actionId('m1'), text: 'I do', iat: 2 },
    }),
    row({
      ...{ id: actionId('m3'), actionId: actionId('m3'), t: 'MSG', iss: 'bob.test', aud: 'me.test' },
      ...{ p: actionId('c1'), text: 'And carol', iat: 3 },
    }),
    row({ id: 'a1', t: 'APRV', sub: actionId('m2'), p: actionId('c1'), iat: 3 }),
  ];
  const talk = readTalk(rows, directoryOf(...people));
  expect(buildThread(talk, 'c1').map(({ text, answers }) => [text, answers?.text])).toEqual([
    ['Who rows?', undefined],
    ['I do', 'Who rows?'],
    ['And carol', undefined],
  ]);
  expect(buildChats(talk, unread)[0]?.held).toEqual([actionId('m3')]);
});

/** The conversation `c2` of bob, and what was said about it. */
function bobs(...said: Parameters<typeof row>[0][]) {
  const begun = row({
    ...{
      id: actionId('c2'),
      actionId: actionId('c2'),
      t: 'CONV',
      iss: 'bob.test',
      content: { name: 'Trip' },
    },
  });
  const invitation = row({
    ...{ id: actionId('i'), t: 'INVT', iss: 'bob.test', aud: 'me.test', sub: actionId('c2'), iat: 5 },
    state: 'confirm',
  });
  return [begun, invitation, ...said.map((one) => row({ sub: actionId('c2'), ...one }))];
}

test.each([
  { now: 'invited', said: [] },
  { now: 'in', said: [{ id: 's', t: 'SUBS', aud: 'bob.test', iat: 6, state: 'waiting' as const }] },
  { now: 'removed', said: [{ id: 'x', t: 'INVT:DEL', iss: 'bob.test', aud: 'me.test', iat: 7 }] },
])('one is $now', ({ now, said }) => {
  const [chat] = buildChats(readTalk([...bobs(...said), message()], directoryOf(...people)), unread);
  expect(chat?.group?.standing).toBe(now);
});

function message() {
  return row({ id: actionId('m'), t: 'MSG', iss: 'bob.test', p: actionId('c2'), text: 'Soon', iat: 6 });
}

test('a declined invitation is not shown; a conversation that one left is, with its words', () => {
  const declined = { id: 's', t: 'SUBS:DEL', aud: 'bob.test', iat: 6 };
  expect(buildChats(readTalk(bobs(declined), directoryOf(...people)), unread)).toEqual([]);
  const [left] = buildChats(readTalk([...bobs(declined), message()], directoryOf(...people)), unread);
  expect(left?.group?.standing).toBe('left');
});

test('a closed conversation keeps its words', () => {
  const rows = [
    { ...conversation, state: 'deleted' as const },
    row({ id: 'm1', t: 'MSG', p: actionId('c1'), text: 'Bye' }),
  ];
  const [chat] = buildChats(readTalk(rows, directoryOf(...people)), unread);
  expect([chat?.group?.standing, chat?.last?.text]).toEqual(['closed', 'Bye']);
});
