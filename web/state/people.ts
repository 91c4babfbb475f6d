import { createStore, reconcile } from 'solid-js/store';

export interface Contact {
  idTag: string;
  name: string;
  state: 'waiting' | 'following' | 'refused';
  /** Why the follow was refused. */
  reason?: string;
}

/** What People can do; given by the client once this space is claimed. Rejections carry a message for people. */
export interface PeopleSource {
  follow(idTag: string): Promise<void>;
  unfollow(idTag: string): Promise<void>;
}

interface PeopleState {
  following: Contact[];
  followers: Contact[];
  source: PeopleSource | undefined;
}

const [people, setPeople] = createStore<PeopleState>({ following: [], followers: [], source: undefined });
export { people };

/** Gives People its actions (undefined takes them away). */
export function providePeople(source: PeopleSource | undefined): void {
  setPeople('source', () => source);
}

/** Replaces both lists. */
export function setContacts(lists: { following: Contact[]; followers: Contact[] }): void {
  setPeople('following', reconcile(lists.following, { key: 'idTag' }));
  setPeople('followers', reconcile(lists.followers, { key: 'idTag' }));
}
