import { liveQuery } from 'dexie';
import type { Account } from '../client/account.ts';
import { buildFeed, deliveryState } from '../client/actions/feed.ts';
import type { Verdict } from '../client/actions/proof.ts';
import type { ActionRow, PersonRow } from '../client/store/action-rows.ts';
import type { Database } from '../client/store/database.ts';
import { provideFeed, setPosts, type Proof } from './feed.ts';
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
    case 'unproven':
    case 'failed':
      return verdict;
  }
}

/** The last word about each person decides; what is on its way, or was refused, says so. */
function toContacts(
  people: readonly PersonRow[],
  follows: readonly ActionRow[],
): { following: Contact[]; followers: Contact[] } {
  const names = new Map(people.map(({ idTag, name }) => [idTag, name]));
  const contacts = new Map<string, Contact>();
  for (const { idTag, name, following } of people)
    if (following) contacts.set(idTag, { idTag, name, state: 'following' });
  for (const row of [...follows].sort((a, b) => a.iat - b.iat)) {
    if (!row.aud || row.state === 'superseded') continue;
    const settled = toContact(row, row.aud, names.get(row.aud) ?? row.aud);
    if (settled) contacts.set(row.aud, settled);
    else contacts.delete(row.aud);
  }
  const followers = people
    .filter(({ follower }) => follower)
    .map(({ idTag, name }): Contact => ({ idTag, name, state: 'following' }));
  return { following: [...contacts.values()], followers };
}

/** A follow until it is taken back; undefined once that has arrived. */
function toContact(row: ActionRow, idTag: string, name: string): Contact | undefined {
  const { state, reason = row.reason } = deliveryState(row, true);
  const waits = state === 'waiting' || row.deliveries.some((to) => to.state === 'waiting');
  if (row.t === 'FLLW:DEL') return waits ? { idTag, name, state: 'waiting' } : undefined;
  if (state === 'refused') return { idTag, name, state, ...(reason === undefined ? {} : { reason }) };
  return { idTag, name, state: waits ? 'waiting' : 'following' };
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
    readPicture: account.readBlob,
    readProof: async (id) => toProof(await actions.readVerdict(id)),
  });
  providePeople({ follow: actions.follow, unfollow: actions.unfollow });
}
