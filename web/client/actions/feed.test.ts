import { describe, expect, it } from 'vitest';
import type { ActionRow } from '../store/action-rows.ts';
import { buildFeed } from './feed.ts';

const row = (over: Partial<ActionRow> & { id: string; t: string }): ActionRow => ({
  iss: 'me.test',
  text: '',
  iat: 1,
  files: [],
  state: 'accepted',
  deliveries: [],
  ...over,
});
const build = (...rows: ActionRow[]) => buildFeed(rows, 'me.test', new Map([['bob.test', 'Bob']]));

describe('the feed', () => {
  it('a comment finds its post by the local id as well as by the action id', () => {
    const post = row({ id: 'local', actionId: 'a1~x', t: 'POST', text: 'mine' });
    const [shown] = build(
      post,
      row({ id: 'c1', t: 'CMNT', about: 'local', text: 'here' }),
      row({ id: 'c2', t: 'CMNT', about: 'a1~x', text: 'there', iss: 'bob.test', iat: 2 }),
    );
    expect(shown?.comments.map(({ text, name }) => [text, name])).toEqual([
      ['here', 'me.test'],
      ['there', 'Bob'],
    ]);
  });

  it('the last word of each person on a post counts: like, unlike, like of two', () => {
    const post = row({ id: 'p', t: 'POST', text: 'x' });
    const like = (iss: string, iat: number, t: string) =>
      row({ id: `${iss}${iat}`, t, about: 'p', iss, iat });
    const [shown] = build(
      post,
      like('me.test', 1, 'REACT:LIKE'),
      like('me.test', 2, 'REACT:DEL'),
      like('bob.test', 1, 'REACT:DEL'),
      like('bob.test', 3, 'REACT:LIKE'),
    );
    expect(shown?.likes.map(({ author }) => author)).toEqual(['bob.test']);
    expect(shown?.liked).toBe(false);
  });

  it('a state is never better than the worst delivery', () => {
    const stateOf = (over: Partial<ActionRow>) => build(row({ id: 'p', t: 'POST', text: 'x', ...over }))[0];
    const to = (state: 'waiting' | 'delivered' | 'refused') => ({ to: 'bob.test', state });
    expect(stateOf({ state: 'waiting' })?.state).toBe('waiting');
    expect(stateOf({ deliveries: [] })?.state).toBe('sent');
    expect(stateOf({ deliveries: [to('delivered'), to('waiting')] })?.state).toBe('sent');
    expect(stateOf({ deliveries: [to('delivered')] })?.state).toBe('delivered');
    expect(stateOf({ deliveries: [to('delivered'), { ...to('refused'), reason: 'E-X: no' }] })).toMatchObject(
      {
        state: 'refused',
        reason: 'bob.test: E-X: no',
      },
    );
    expect(stateOf({ iss: 'bob.test' })?.state).toBe('delivered');
  });

  it('newest first; superseded rows and deletions are not shown', () => {
    const shown = build(
      row({ id: 'old', t: 'POST', text: 'old', iat: 1 }),
      row({ id: 'new', t: 'POST:IMG', text: 'new', iat: 2 }),
      row({ id: 'gone', t: 'POST', text: 'gone', state: 'superseded' }),
      row({ id: 'del', t: 'POST:DEL', text: 'del' }),
    );
    expect(shown.map(({ text }) => text)).toEqual(['new', 'old']);
  });
});
