import type { ActionRow, PersonRow } from '../store/action-rows.ts';
import { deliveryState } from './said.ts';

/** Something of one's own about somebody that has not arrived. */
export interface Pending {
  /** The `id` of its row. */
  id: string;
  /** `partly` does not occur: it goes to one person. */
  state: 'waiting' | 'refused';
  reason?: string;
}

/** How one stands to somebody, with what is on its way counted in. */
export interface PersonView {
  idTag: string;
  name: string;
  type: 'person' | 'community';
  following: boolean;
  follower: boolean;
  connected: PersonRow['connected'];
  /** What they said when they asked to be connected. */
  words?: string;
  pending?: Pending;
  blocked: boolean;
  muted: boolean;
  /** `at` in milliseconds. */
  trust?: PersonRow['trust'];
}

function lastAbout(rows: readonly ActionRow[], type: string): ActionRow | undefined {
  return rows
    .filter((row) => row.type === type && !row.raw && row.state !== 'superseded' && row.state !== 'deleted')
    .sort((a, b) => b.iat - a.iat)[0];
}

/** An own word until it has arrived. */
function toPending(row: ActionRow | undefined): Pending | undefined {
  if (!row) return undefined;
  const { state, reason } = deliveryState(row);
  const waits = state === 'waiting' || row.deliveries.some((to) => to.state === 'waiting');
  if (state === 'refused') return { id: row.id, state, ...(reason !== undefined && { reason }) };
  return waits ? { id: row.id, state: 'waiting' } : undefined;
}

/** What the relay will say once it has this word. */
function connectedBy(row: ActionRow | undefined, before: PersonRow['connected']): PersonRow['connected'] {
  if (row?.state !== 'waiting') return before;
  if (row.t === 'CONN:DEL') return 'none';
  return row.t === 'CONN:ACC' || before === 'asking' || before === 'connected' ? 'connected' : 'asked';
}

function followingBy(rows: (ActionRow | undefined)[], before: boolean): boolean {
  const last = rows
    .filter((row): row is ActionRow => row?.state === 'waiting' && row.t !== 'CONN:DEL')
    .sort((a, b) => b.iat - a.iat)[0];
  return last ? last.t !== 'FLLW:DEL' : before;
}

function toPerson(person: PersonRow, own: readonly ActionRow[], theirs: readonly ActionRow[]): PersonView {
  const [follow, connect] = [lastAbout(own, 'FLLW'), lastAbout(own, 'CONN')];
  const newest = [follow, connect].filter((row) => row !== undefined).sort((a, b) => b.iat - a.iat);
  const pending = newest.map(toPending).find((state) => state !== undefined);
  const connected = connectedBy(connect, person.connected);
  const words = lastAbout(theirs, 'CONN')?.text;
  const { idTag, name, type, trust } = person;
  return {
    ...{ idTag, name, type, connected, follower: person.follower === 1 },
    following: followingBy([follow, connect], person.following === 1),
    ...{ blocked: person.blocked === 1, muted: person.muted === 1 },
    ...(trust && { trust }),
    ...(pending && { pending }),
    ...(connected === 'asking' && words && { words }),
  };
}

const unknown = (idTag: string): PersonRow => ({
  ...{ idTag, name: idTag, type: 'person', connected: 'none' },
  ...{ following: 0, follower: 0, blocked: 0, muted: 0 },
});

/** Everybody one has to do with. `rows`: actions of the types `FLLW` and `CONN`. Pure. */
export function buildPeople(
  people: readonly PersonRow[],
  rows: readonly ActionRow[],
  idTag: string,
): PersonView[] {
  const known = new Map(people.map((person) => [person.idTag, person]));
  const own = Map.groupBy(
    rows.filter(({ iss }) => iss === idTag),
    ({ aud }) => aud ?? '',
  );
  const theirs = Map.groupBy(
    rows.filter(({ iss, aud }) => iss !== idTag && aud === idTag),
    ({ iss }) => iss,
  );
  const names = new Set([...known.keys(), ...own.keys()].filter((name) => name !== '' && name !== idTag));
  return [...names]
    .map((name) => toPerson(known.get(name) ?? unknown(name), own.get(name) ?? [], theirs.get(name) ?? []))
    .filter((person) => isRelated(person))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function isRelated({ following, follower, connected, blocked, muted, pending }: PersonView): boolean {
  return following || follower || connected !== 'none' || blocked || muted || pending !== undefined;
}
