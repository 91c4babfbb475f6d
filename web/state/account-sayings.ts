import { liveQuery } from 'dexie';
import type { Account } from '../client/account.ts';
import { buildFeed } from '../client/actions/feed.ts';
import type { Verdict } from '../client/actions/proof.ts';
import type { ActionRow, PersonRow } from '../client/store/action-rows.ts';
import type { Database } from '../client/store/database.ts';
import { provideFeed, setPosts, type Proof } from './feed.ts';
import { identityState } from './identity.ts';
import { type Contact, providePeople, setContacts } from './people.ts';

function toProof(verdict: Verdict): Proof {
  switch (verdict.kind) {
    case 'device':
      return {
        kind: 'device',
        device: verdict.device.name,
        until: verdict.grant.exp * 1000,
        entry: verdict.device.seq + 1,
      };
    case 'pending':
      return { kind: 'pending', device: identityState.devices.find(({ current }) => current)?.name ?? '' };
    case 'unproven':
    case 'failed':
      return verdict;
  }
}

/** Follows that the relay has not confirmed, or that were refused, stand beside those it knows. */
function toContacts(
  people: readonly PersonRow[],
  follows: readonly ActionRow[],
): { following: Contact[]; followers: Contact[] } {
  const following: Contact[] = people
    .filter((person) => person.following)
    .map(({ idTag, name }) => ({ idTag, name, state: 'following' }));
  for (const { aud, state, t, reason } of follows) {
    const open = state === 'waiting' || state === 'refused';
    if (!aud || !open || t !== 'FLLW' || following.some(({ idTag }) => idTag === aud)) continue;
    const contact: Contact = { idTag: aud, name: aud, state: state === 'refused' ? 'refused' : 'waiting' };
    following.push(reason === undefined ? contact : { ...contact, reason });
  }
  const followers = people
    .filter((person) => person.follower)
    .map(({ idTag, name }): Contact => ({ idTag, name, state: 'following' }));
  return { following, followers };
}

/** Fills Feed and People from this device's tables, live, in every tab. */
export function provideSayings(account: Account, db: Database): void {
  const { actions, idTag } = account;
  liveQuery(() => Promise.all([db.actions.toArray(), db.people.toArray()])).subscribe(([rows, people]) => {
    const names = new Map(people.map((person) => [person.idTag, person.name]));
    names.set(idTag, account.name);
    setPosts(buildFeed(rows, idTag, names));
    setContacts(
      toContacts(
        people,
        rows.filter(({ t }) => t.startsWith('FLLW')),
      ),
    );
  });
  provideFeed({
    post: ({ text, picture }) => actions.post(text, picture),
    comment: actions.comment,
    setLike: actions.setLike,
    retry: actions.retry,
    readPicture: actions.readPicture,
    readProof: async (id) => toProof(await actions.readVerdict(id)),
  });
  providePeople({ follow: actions.follow, unfollow: actions.unfollow });
}
