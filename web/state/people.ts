import { createStore, reconcile } from 'solid-js/store';
import type { Actions } from '../client/actions/actions.ts';
import type { PersonView } from '../client/actions/people-view.ts';

type Sayings =
  | 'preview'
  | 'follow'
  | 'unfollow'
  | 'connect'
  | 'accept'
  | 'disconnect'
  | 'block'
  | 'mute'
  | 'trust'
  | 'retry'
  | 'discard';

/** What People can do; given by the client once this space is claimed. Rejections carry a message for people. */
export type PeopleSource = Pick<Actions, Sayings>;

interface PeopleState {
  people: PersonView[];
  source: PeopleSource | undefined;
}

const [people, setPeople] = createStore<PeopleState>({ people: [], source: undefined });
export { people };

/** Gives People its actions (undefined takes them away). */
export function providePeople(source: PeopleSource | undefined): void {
  setPeople('source', () => source);
}

/** Replaces the list. */
export function setPersons(persons: PersonView[]): void {
  setPeople('people', reconcile(persons, { key: 'idTag' }));
}
