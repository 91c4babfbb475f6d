import { describe, expect, it } from 'vitest';
import type { ActionRow, PersonRow } from '../store/action-rows.ts';
import { createHistory } from './history.ts';
import { buildNotices } from './notices.ts';
import { directoryOf, person, row } from './rows-fixture.ts';

const people = [
  person('bob.test', { name: 'Bob', connected: 'asking' }),
  person('ann.test', { name: 'Ann', connected: 'connected' }),
];
const build = (rows: ActionRow[], mark = 0, known: PersonRow[] = people, entered: string[] = []) =>
  buildNotices(createHistory(rows), known, {
    directory: directoryOf(...known),
    mark,
    entered: new Set(entered),
  });
const post = row({ id: 'p', t: 'POST', text: 'mine' });
const from = (iss: string, t: string, over: Partial<ActionRow> = {}) =>
  row({ id: `${iss}${t}${over.iat ?? 1}`, t, iss, ...over });
const toMe = { aud: 'me.test' };

describe('notices', () => {
  it('A2: what has a subtype that is not known gives notice of nothing', () => {
    const share = { contentType: 'islet/text', fileName: 'Boat', fileTp: 'CRDT' };
    const unknown = [
      post,
      from('bob.test', 'FLLW:AGAIN', toMe),
      from('bob.test', 'FSHR:ANYTHING', { ...toMe, sub: 'D'.repeat(24), content: share }),
      from('bob.test', 'CMNT:ANYTHING', { p: 'p', text: 'x' }),
      from('bob.test', 'REPOST:ANYTHING', { sub: 'p' }),
    ];
    expect(build(unknown.map((one) => (one === post ? one : { ...one, raw: 1 as const })))).toEqual([]);
    expect(build(unknown).length).toBeGreaterThan(0);
  });

  it('a request is open with its words; one that was agreed with is not told any more', () => {
    expect(build([from('bob.test', 'CONN', { ...toMe, text: 'Hello' })])).toMatchObject([
      { kind: 'asks', open: true, words: 'Hello', people: [{ name: 'Bob' }], row: 'bob.testCONN1' },
    ]);
    expect(build([from('ann.test', 'CONN', toMe)])).toEqual([]);
    expect(build([from('ann.test', 'CONN:ACC', toMe)])).toMatchObject([{ kind: 'connected', open: false }]);
  });

  it('alike things on one thing stand together, the latest first', () => {
    const notices = build([
      post,
      from('bob.test', 'REACT:LIKE', { sub: 'p', iat: 2 }),
      from('ann.test', 'REACT:LOVE', { sub: 'p', iat: 3 }),
      from('bob.test', 'CMNT', { p: 'p', text: 'one', iat: 4 }),
      from('ann.test', 'CMNT', { p: 'p', text: 'two', iat: 5 }),
    ]);
    expect(notices).toMatchObject([
      { kind: 'comment', words: 'two', people: [{ name: 'Ann' }, { name: 'Bob' }], at: 5000 },
      { kind: 'reaction', words: 'mine', reactions: ['LOVE', 'LIKE'], at: 3000 },
    ]);
  });

  it('an answer to what belongs to somebody else gives no notice, one to an own comment there does', () => {
    const his = row({ id: 'h', t: 'POST', iss: 'bob.test', text: 'his' });
    const mine = row({ id: 'c', t: 'CMNT', p: 'h', aud: 'bob.test', text: 'my word' });
    expect(build([his, mine, from('ann.test', 'CMNT', { p: 'h', text: 'x' })])).toEqual([]);
    expect(build([his, mine, from('ann.test', 'CMNT', { p: 'c', text: 'x' })])).toMatchObject([
      { kind: 'comment' },
    ]);
  });

  it('what was seen is not new, on whichever device', () => {
    const rows = [
      post,
      from('bob.test', 'CMNT', { p: 'p', iat: 4 }),
      from('bob.test', 'REPOST', { sub: 'p', iat: 6 }),
    ];
    expect(build(rows, 4000).map(({ kind, unread }) => [kind, unread])).toEqual([
      ['repost', true],
      ['comment', false],
    ]);
  });

  it('a post on the own wall waits until it is approved', () => {
    const onMine = from('bob.test', 'POST', { ...toMe, text: 'Hi' });
    expect(build([onMine])).toMatchObject([{ kind: 'approval', open: true, words: 'Hi' }]);
    expect(build([onMine, row({ id: 'v', t: 'APRV', sub: onMine.id })])).toMatchObject([
      { kind: 'wall', open: false },
    ]);
  });

  it('invitations and shares are open until they are answered', () => {
    const conversation = row({ id: 'v', t: 'CONV', iss: 'bob.test', content: { name: 'Boats' } });
    const invitation = from('bob.test', 'INVT', { ...toMe, sub: 'v', state: 'confirm' });
    const share = from('ann.test', 'FSHR:WRITE', {
      ...{ ...toMe, sub: 'D'.repeat(24), state: 'confirm', iat: 9 },
      content: { fileName: 'Plans', contentType: 'islet/text', fileTp: 'CRDT' },
    });
    expect(build([conversation, invitation, share])).toMatchObject([
      { kind: 'share', open: true, words: 'Plans', document: 'D'.repeat(24) },
      { kind: 'invitation', open: true, words: 'Boats' },
    ]);
    const joined = row({ id: 's', t: 'SUBS', sub: 'v', aud: 'bob.test' });
    const answered = build([conversation, invitation, joined, share], 0, people, ['D'.repeat(24)]);
    expect(answered.map(({ open }) => open)).toEqual([false, false]);
  });

  it('L6: a changed key is told; what muted people do is not', () => {
    const changed = person('ann.test', { trust: { state: 'changed', at: 7 } });
    expect(build([], 0, [changed])).toMatchObject([{ kind: 'trust', at: 7, unread: true, open: true }]);
    expect(build([], 0, [{ ...changed, blocked: 1 }])).toEqual([]);
    const muted = person('bob.test', { muted: 1 });
    expect(build([post, from('bob.test', 'CMNT', { p: 'p' })], 0, [muted])).toEqual([]);
  });
});
