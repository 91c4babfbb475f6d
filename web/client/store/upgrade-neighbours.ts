import type { Transaction } from 'dexie';
import type { ActionRow, PersonRow } from './action-rows.ts';

type OldAction = Omit<ActionRow, 'type' | 'receivedAt'> & Partial<ActionRow> & { about?: string };

/**
 * From version 2 of the database to 3: actions say what they name by `p` and `sub`, people have connections. All actions are read from
 * the relay once more, so that they have what was not kept before.
 */
export async function upgradeToNeighbours(change: Transaction): Promise<void> {
  await change
    .table<OldAction>('actions')
    .toCollection()
    .modify((row) => {
      row.type = row.t.replace(/:.*/, '');
      row.receivedAt = row.iat * 1000;
      if (row.about !== undefined) row[row.type === 'REACT' ? 'sub' : 'p'] = row.about;
      delete row.about;
    });
  const unknown = { type: 'person', connected: 'none', blocked: 0, muted: 0 } as const;
  await change.table<PersonRow>('people').toCollection().modify(unknown);
  await change.table('cursors').delete('actions');
}
