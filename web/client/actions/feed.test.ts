import { describe, expect, it } from 'vitest';
import type { ActionRow } from '../store/action-rows.ts';
import type { Directory } from './directory.ts';
import { buildFeed } from './feed.ts';
import { createHistory } from './history.ts';
import { directoryOf, person, row } from './rows-fixture.ts';

const bob = person('bob.test', { name: 'Bob', following: 1 });
const ann = person('ann.test', { name: 'Ann' });
const buildFor = (directory: Directory, rows: ActionRow[], most = 100) =>
  buildFeed(createHistory(rows), directory, most);
const build = (...rows: ActionRow[]) => buildFor(directoryOf(bob, ann), rows).entries;
const first = (...rows: ActionRow[]) => build(...rows)[0]!.post;
const post = row({ id: 'p', t: 'POST', text: 'mine' });
const his = row({ id: 'h', t: 'POST', text: 'his', iss: 'bob.test', v: 'P' });
const react = (iss: string, iat: number, t: string, sub = 'p') =>
  row({ id: `${iss}${iat}`, t: `REACT:${t}`, sub, iss, iat });

describe('the feed', () => {
  it('A2: an answer of a subtype that is not known has no effect', () => {
    const raw = { raw: 1, iss: 'bob.test', iat: 9 } as const;
    const stat = { r: '9,L9', c: 9, rp: 9 };
    const entries = build(
      his,
      row({ id: 'a', t: 'CMNT:ANYTHING', p: 'h', text: 'x', ...raw }),
      row({ id: 'b', t: 'STAT:ANYTHING', p: 'h', content: stat, ...raw }),
      row({ id: 'c', t: 'POST:ANYTHING', p: 'h', ...raw }),
      react('bob.test', 1, 'LIKE', 'h'),
      { ...react('bob.test', 9, 'ANYTHING', 'h'), raw: 1 },
    );
    const shown = entries.find(({ id }) => id === 'h')!.post;
    expect(shown.counts).toEqual({ reactions: { LIKE: 1 }, comments: 0, reposts: 0 });
    expect(shown.comments).toEqual([]);
  });

  it('a reaction that names no kind is a like', () => {
    expect(first(post, row({ id: 'r', t: 'REACT', sub: 'p', iss: 'bob.test' })).counts.reactions).toEqual({
      LIKE: 1,
    });
  });

  it('a picture that cannot be read takes nothing else off the screen', () => {
    const files = [{ id: 'f1~x', descriptor: 'd2,nonsense' }];
    expect(first({ ...post, files })).toMatchObject({ text: 'mine', pictures: [] });
  });

  it('comments stand under what they answer, oldest first, by the local id as well as by the action id', () => {
    const named = row({ id: 'local', actionId: 'a1~x', t: 'POST', text: 'mine' });
    const shown = first(
      named,
      row({ id: 'c1', t: 'CMNT', p: 'local', text: 'here' }),
      row({ id: 'c2', t: 'CMNT', p: 'a1~x', text: 'there', iss: 'bob.test', iat: 2 }),
      row({ id: 'c3', t: 'CMNT', p: 'c2', text: 'and back', iat: 3 }),
    );
    expect(shown.comments.map(({ text, name }) => [text, name])).toEqual([
      ['here', 'Me'],
      ['there', 'Bob'],
    ]);
    expect(shown.comments[1]!.comments.map(({ text }) => text)).toEqual(['and back']);
    expect(shown.counts.comments).toBe(3);
  });

  it('the last word of each person on a post counts', () => {
    const shown = first(
      post,
      react('me.test', 1, 'LIKE'),
      react('me.test', 2, 'DEL'),
      react('bob.test', 1, 'LIKE'),
      react('bob.test', 3, 'LOVE'),
    );
    expect(shown.reactions.map(({ author, kind }) => [author, kind])).toEqual([['bob.test', 'LOVE']]);
    expect(shown.counts.reactions).toEqual({ LOVE: 1 });
    expect(shown.mine).toBeUndefined();
  });

  it('R8: of what belongs to others the word of its owner counts, and what one has said since', () => {
    const stat = row({
      ...{ id: 's', t: 'STAT', p: 'h', iss: 'bob.test', iat: 10 },
      content: { r: '5,L4,V1', c: 7, rp: 2 },
    });
    const forged = { ...stat, id: 'f', iss: 'ann.test', iat: 99, content: { r: '900,L900' } };
    expect(first(his, stat, forged).counts).toEqual({
      ...{ reactions: { LIKE: 4, LOVE: 1 }, comments: 7, reposts: 2, countedBy: 'bob.test' },
    });
    const before = react('me.test', 9, 'LIKE', 'h');
    const since = react('me.test', 11, 'WOW', 'h');
    const comment = row({ id: 'c', t: 'CMNT', p: 'h', iat: 11, text: 'x' });
    expect(first(his, stat, { ...before, state: 'superseded' }, since, comment).counts).toMatchObject({
      ...{ reactions: { LIKE: 3, LOVE: 1, WOW: 1 }, comments: 8 },
    });
  });

  it('R8: what belongs to oneself is counted here, whatever somebody says', () => {
    const stat = row({ id: 's', t: 'STAT', p: 'p', iat: 10, content: { r: '5,L5', c: 7 } });
    expect(first(post, stat, react('bob.test', 1, 'SAD')).counts).toEqual({
      ...{ reactions: { SAD: 1 }, comments: 0, reposts: 0 },
    });
  });

  it('a state is never better than the worst delivery', () => {
    const stateOf = (over: Partial<ActionRow>) => first({ ...post, ...over });
    const to = (state: 'waiting' | 'delivered' | 'refused') => ({ to: 'bob.test', state });
    expect(stateOf({ state: 'waiting' }).state).toBe('waiting');
    expect(stateOf({ deliveries: [] }).state).toBe('sent');
    expect(stateOf({ deliveries: [to('delivered'), to('waiting')] }).state).toBe('sent');
    expect(stateOf({ deliveries: [to('delivered')] }).state).toBe('delivered');
    const refused = { ...to('refused'), reason: 'E-X: no' };
    expect(stateOf({ deliveries: [refused] })).toMatchObject({
      state: 'refused',
      reason: 'bob.test: E-X: no',
    });
    expect(stateOf({ deliveries: [to('delivered'), refused] }).state).toBe('partly');
    expect(stateOf({ state: 'refused', reason: 'no' })).toMatchObject({ state: 'refused', reason: 'no' });
    expect(stateOf({ iss: 'bob.test' }).state).toBe('delivered');
  });

  it('newest first; what is superseded, deleted or a deletion is not shown', () => {
    const shown = build(
      row({ id: 'old', t: 'POST', text: 'old', iat: 1 }),
      row({ id: 'new', t: 'POST:IMG', text: 'new', iat: 2 }),
      row({ id: 'gone', t: 'POST', text: 'gone', state: 'superseded' }),
      row({ id: 'taken', t: 'POST', text: 'taken', state: 'deleted' }),
      row({ id: 'del', t: 'POST:DEL', text: '–', sub: 'x' }),
    );
    expect(shown.map(({ post: { text } }) => text)).toEqual(['new', 'old']);
  });

  it('R6: a deletion counts at once when it is of its author or of the owner of the wall, and of nobody else', () => {
    const wall = { ...his, aud: 'me.test' };
    const end = (iss: string, over: Partial<ActionRow> = {}) =>
      row({ id: `d${iss}`, t: 'POST:DEL', sub: 'h', iss, ...over });
    expect(build(his, end('bob.test'))).toEqual([]);
    expect(build(wall, end('me.test', { state: 'waiting' }))).toEqual([]);
    expect(build(his, end('ann.test'))).toHaveLength(1);
    expect(build(his, end('bob.test', { state: 'refused' }))).toHaveLength(1);
  });

  it('whoever is muted or blocked is not shown, neither are their comments and reactions', () => {
    const rows = [
      { ...post },
      his,
      row({ id: 'c', t: 'CMNT', p: 'p', text: 'x', iss: 'bob.test' }),
      react('bob.test', 1, 'LIKE'),
    ];
    for (const mark of [{ muted: 1 }, { blocked: 1 }] as const) {
      const shown = buildFor(directoryOf({ ...bob, ...mark }), rows).entries;
      expect(shown).toHaveLength(1);
      expect(shown[0]!.post).toMatchObject({ comments: [], reactions: [] });
    }
  });

  it('R7: what came only because somebody shows it again stands under who does, once', () => {
    const foreign = row({ id: 'a', t: 'POST', text: 'far away', iss: 'ann.test', v: 'P' });
    const again = (id: string, iat: number) => row({ id, t: 'REPOST', sub: 'a', iss: 'bob.test', iat });
    expect(build(foreign)).toEqual([]);
    const shown = build(foreign, again('r1', 5), again('r2', 6));
    expect(shown.map(({ id, repost, post: { text } }) => [id, repost?.name, text])).toEqual([
      ['r2', 'Bob', 'far away'],
    ]);
    expect(
      build(foreign, again('r1', 5), row({ id: 'e', t: 'REPOST:DEL', sub: 'a', iss: 'bob.test', iat: 7 })),
    ).toEqual([]);
  });

  it('R7: a post of a stranger on a wall is shown once its owner approved it', () => {
    const onBobs = row({ id: 'w', t: 'POST', text: 'hi', iss: 'ann.test', aud: 'bob.test' });
    const approval = row({ id: 'v', t: 'APRV', sub: 'w', iss: 'bob.test', aud: 'ann.test' });
    expect(build(onBobs)).toEqual([]);
    expect(build(onBobs, { ...approval, iss: 'ann.test' })).toEqual([]);
    expect(first(onBobs, approval).wall).toEqual({ idTag: 'bob.test', name: 'Bob', approval: 'approved' });
    const onMine = { ...onBobs, aud: 'me.test' };
    expect(first(onMine)).toMatchObject({ mayApprove: true, mayRemove: true, wall: { approval: 'open' } });
    expect(first(onMine, { ...approval, iss: 'me.test' }).mayApprove).toBe(false);
  });

  it('A2: an unknown type is shown as it came', () => {
    const unknown = row({ id: 'u', t: 'POLL', raw: 1, iss: 'bob.test', content: { q: 'Tea?' } });
    expect(first(unknown)).toMatchObject({ raw: 'POLL', text: '{\n  "q": "Tea?"\n}', mayRepost: false });
  });

  it('older ones are counted, and gathered when they are asked for', () => {
    const posts = Array.from({ length: 5 }, (_, i) => row({ id: `p${i}`, t: 'POST', iat: i + 1 }));
    const feed = buildFor(directoryOf(), posts, 2);
    expect(feed.entries.map(({ id }) => id)).toEqual(['p4', 'p3']);
    expect(feed.older).toBe(3);
    expect(buildFor(directoryOf(), posts, 9)).toMatchObject({ entries: { length: 5 }, older: 0 });
  });

  it('a chain of answers that never ends is cut, and breaks nothing', () => {
    const chain = Array.from({ length: 5000 }, (_, i) =>
      row({ id: `c${i}`, t: 'CMNT', p: i === 0 ? 'p' : `c${i - 1}`, text: 'deeper' }),
    );
    expect(first(post, ...chain).counts.comments).toBeGreaterThan(40);
  });
});
