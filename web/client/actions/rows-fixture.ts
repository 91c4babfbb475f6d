import type { ActionRow, PersonRow } from '../store/action-rows.ts';
import { createDirectory, type Directory } from './directory.ts';

/** A row of `me.test`, one second after 1970 unless said otherwise. */
export function row(over: Partial<ActionRow> & { id: string; t: string }): ActionRow {
  return {
    ...{
      iss: 'me.test',
      type: over.t.split(':')[0] ?? over.t,
      text: '',
      iat: 1,
      receivedAt: (over.iat ?? 1) * 1000,
    },
    ...{ files: [], state: 'accepted', deliveries: [] },
    ...over,
  };
}

export function person(idTag: string, over: Partial<PersonRow> = {}): PersonRow {
  return {
    ...{ idTag, name: idTag, type: 'person', connected: 'none' },
    ...{ following: 0, follower: 0, blocked: 0, muted: 0 },
    ...over,
  };
}

/** What `me.test` knows of these people. */
export function directoryOf(...people: PersonRow[]): Directory {
  return createDirectory(people, 'me.test', 'Me');
}

/** A valid action id that ends in `name`. */
export function actionId(name: string): string {
  return `a1~${name.padStart(43, 'x')}`;
}
