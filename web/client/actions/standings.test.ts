import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IsletError } from '../../../shared/errors.ts';
import { type RelayApi, RelayUnreachable } from '../relay/relay-api.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { person } from './rows-fixture.ts';
import { flushStandings, writeStanding } from './standings.ts';

let db: Database;
let count = 0;
beforeEach(async () => {
  db = await openDatabase(`standings-${count++}`);
});
afterEach(() => db.close());

/** A relay that takes notes, or answers with an error. */
function relay(answer: () => void = () => undefined) {
  const told: [string, unknown][] = [];
  const set: RelayApi['set'] = async (path, body) => {
    told.push([path, body]);
    answer();
    return Promise.resolve(undefined);
  };
  return { told, api: { set } };
}

describe('what is decided about somebody', () => {
  it('is shown at once, adds up while the relay is away, and is told once', async () => {
    await db.people.put(person('bob.test', { trust: { state: 'changed', at: 5 } }));
    await writeStanding(db, 'bob.test', { muted: true });
    await writeStanding(db, 'bob.test', { blocked: true });
    await writeStanding(db, 'bob.test', { muted: false, trust: 'accepted' });
    expect(await db.people.get('bob.test')).toMatchObject({
      ...{ blocked: 1, muted: 0, trust: { state: 'pinned', at: 5 } },
    });
    const away = relay(() => {
      throw new RelayUnreachable('away');
    });
    await expect(flushStandings(db, away.api)).rejects.toBeInstanceOf(RelayUnreachable);
    const here = relay();
    await flushStandings(db, here.api);
    await flushStandings(db, here.api);
    expect(here.told).toEqual([['/api/people/bob.test', { blocked: true, muted: false, trust: 'accepted' }]]);
  });

  it('is told again when it was decided again while it was told', async () => {
    await writeStanding(db, 'bob.test', { muted: true });
    const { told, api } = relay();
    const slow: Pick<RelayApi, 'set'> = {
      set: async (path, body, answer) => {
        if (told.length === 0) await writeStanding(db, 'bob.test', { muted: false });
        return api.set(path, body, answer);
      },
    };
    await flushStandings(db, slow);
    expect(await db.standings.get('bob.test')).toMatchObject({ muted: false });
    await flushStandings(db, slow);
    expect(told.map(([, body]) => body)).toEqual([{ muted: true }, { muted: false }]);
    expect(await db.standings.count()).toBe(0);
  });

  it('a refused one holds up no other and is not told for ever', async () => {
    await writeStanding(db, 'ann.test', { muted: true });
    await writeStanding(db, 'bob.test', { muted: true });
    const { told, api } = relay(() => {
      if (told.length === 1) throw new IsletError('E-DELEGATION-SCOPE', 'this device may not');
    });
    await expect(flushStandings(db, api)).rejects.toMatchObject({ code: 'E-DELEGATION-SCOPE' });
    expect(told).toHaveLength(2);
    expect(await db.standings.count()).toBe(0);
  });
});
