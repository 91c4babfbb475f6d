import { describe, expect, it } from 'vitest';
import type { ActionRow } from '../store/action-rows.ts';
import { buildPeople } from './people-view.ts';
import { person, row } from './rows-fixture.ts';

const said = (t: string, iat: number, over: Partial<ActionRow> = {}) =>
  row({ id: `${t}${iat}`, t, aud: 'bob.test', iat, ...over });
const bobBy = (known: Parameters<typeof person>[1] | undefined, ...rows: ActionRow[]) =>
  buildPeople(known ? [person('bob.test', known)] : [], rows, 'me.test')[0];

describe('how one stands to others', () => {
  it('a word that waits counts already, and says that it waits', () => {
    expect(bobBy(undefined, said('FLLW', 1, { state: 'waiting' }))).toMatchObject({
      ...{ idTag: 'bob.test', following: true, pending: { state: 'waiting' } },
    });
    expect(bobBy({ following: 1 }, said('FLLW:DEL', 2, { state: 'waiting' }))).toMatchObject({
      following: false,
    });
    expect(bobBy(undefined, said('CONN', 1, { state: 'waiting' }))).toMatchObject({
      ...{ connected: 'asked', following: true },
    });
  });

  it('R3: who asks, is agreed with, or is refused', () => {
    const asked = row({
      id: 'a',
      t: 'CONN',
      iss: 'bob.test',
      aud: 'me.test',
      text: 'It is Bob',
      state: 'confirm',
    });
    expect(bobBy({ connected: 'asking', follower: 1 }, asked)).toMatchObject({
      ...{ connected: 'asking', words: 'It is Bob' },
    });
    const agreed = bobBy({ connected: 'asking' }, asked, said('CONN:ACC', 2, { state: 'waiting' }));
    expect(agreed?.connected).toBe('connected');
    expect(agreed?.words).toBeUndefined();
    expect(bobBy({ connected: 'asking' }, asked, said('CONN', 2, { state: 'waiting' }))?.connected).toBe(
      'connected',
    );
    expect(
      bobBy({ connected: 'connected', follower: 1 }, said('CONN:DEL', 3, { state: 'waiting' }))?.connected,
    ).toBe('none');
  });

  it('what was delivered is done, what was refused stays with its reason', () => {
    const arrived = said('FLLW', 1, { deliveries: [{ to: 'bob.test', state: 'delivered' }] });
    expect(bobBy({ following: 1 }, arrived)?.pending).toBeUndefined();
    const under = said('FLLW', 1, { deliveries: [{ to: 'bob.test', state: 'waiting' }] });
    expect(bobBy({ following: 1 }, under)?.pending).toMatchObject({ state: 'waiting' });
    const refused = said('FLLW', 1, { deliveries: [{ to: 'bob.test', state: 'refused', reason: 'no' }] });
    expect(bobBy({ following: 1 }, refused)?.pending).toEqual({
      ...{ id: 'FLLW1', state: 'refused', reason: 'bob.test: no' },
    });
  });

  it('somebody one has nothing to do with any more is not listed; who is blocked or muted is', () => {
    const ended = said('FLLW:DEL', 2, { deliveries: [{ to: 'bob.test', state: 'delivered' }] });
    expect(bobBy({}, ended)).toBeUndefined();
    expect(bobBy({ blocked: 1 })?.blocked).toBe(true);
    expect(bobBy({ muted: 1 })?.muted).toBe(true);
  });
});
