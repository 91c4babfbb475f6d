import * as v from 'valibot';
import { readContainer } from '../../../shared/action/container.ts';
import type { Container, HeldAction, Role } from '../../../shared/action/define.ts';
import { convSchema } from '../../../shared/action/types/conv/conv.ts';
import { invtSchema } from '../../../shared/action/types/invt/invt.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Directory } from './directory.ts';
import { isEnd, nameOfRow } from './history.ts';
import { deliveryState, type DeliveryState } from './said.ts';

export interface MemberView {
  idTag: string;
  name: string;
  role: Role;
}

/** An own word about a conversation that has not arrived everywhere. */
export interface OpenWord {
  /** The `id` of its row. */
  id: string;
  t: string;
  /** Whom it is about. */
  name?: string;
  state: DeliveryState;
  reason?: string;
}

/** How one stands to a conversation. */
export type Standing = 'in' | 'invited' | 'left' | 'removed' | 'closed';

/** A conversation of several (SPEC M1). */
export interface GroupView {
  owner: string;
  /** It is one's own. */
  own: boolean;
  name: string;
  description: string;
  /** Anybody may join. */
  open: boolean;
  standing: Standing;
  /** One's own role; absent for who is not in. */
  role?: Role;
  members: MemberView[];
  invited: MemberView[];
  /** The one that one holds. */
  invitation?: { from: string; role: Role; words?: string };
  openWords: OpenWord[];
}

export interface GroupSources {
  /** The conversation and all that names it. */
  conversation: ActionRow;
  /** SUBS, INVT and CONV:UPD of it, in no order, those that were superseded or taken back left out. */
  said: readonly ActionRow[];
  /** Who has written in it. */
  writers: readonly string[];
}

function rowToHeld(row: ActionRow): HeldAction {
  const { iss, t, iat, content, sub, aud, f } = row;
  return {
    actionId: nameOfRow(row),
    visibility: 'S',
    payload: {
      ...{ iss: parseIdTag(iss), k: '-', t, iat },
      ...(content !== undefined && { c: content }),
      ...(sub !== undefined && { sub }),
      ...(aud !== undefined && { aud: parseIdTag(aud) }),
      ...(f !== undefined && { f }),
    },
  };
}

/** Of each key the last (SPEC U1). */
function lastOfKeys(said: readonly ActionRow[]): ActionRow[] {
  const last = new Map<string, ActionRow>();
  for (const row of said) {
    if (row.raw || row.state === 'refused' || (row.type !== 'SUBS' && row.type !== 'INVT')) continue;
    const key = `${row.type} ${row.iss} ${row.type === 'INVT' ? row.aud : ''}`;
    const before = last.get(key);
    if (!before || row.iat >= before.iat) last.set(key, row);
  }
  return [...last.values()];
}

function readName({ conversation, said }: GroupSources): { name: string; description: string } {
  const newest = said
    .filter(({ t, state }) => t === 'CONV:UPD' && state !== 'refused')
    .sort((a, b) => b.iat - a.iat)
    .find(({ content }) => v.is(convSchema, content));
  const content = v.safeParse(convSchema, (newest ?? conversation).content);
  return content.success
    ? { name: content.output.name, description: content.output.description ?? '' }
    : { name: conversation.iss, description: '' };
}

function standingOf(container: Container, holding: readonly ActionRow[], idTag: string): Standing {
  const me = parseIdTag(idTag);
  if (container.members.has(me)) return 'in';
  if (container.removed.has(me)) return 'removed';
  const answered = holding.find(({ type, iss }) => type === 'SUBS' && iss === idTag);
  const asked = newestInvitation(holding, idTag);
  return asked && !(answered && answered.iat >= asked.iat) ? 'invited' : 'left';
}

function newestInvitation(holding: readonly ActionRow[], idTag: string): ActionRow | undefined {
  return holding
    .filter((row) => row.t === 'INVT' && row.aud === idTag && row.iss !== idTag)
    .sort((a, b) => b.iat - a.iat)[0];
}

function toMembers(members: ReadonlyMap<string, Role>, directory: Directory): MemberView[] {
  return [...members]
    .map(([idTag, role]) => ({ idTag, name: directory.nameOf(idTag), role }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function toOpenWords(rows: readonly ActionRow[], directory: Directory): OpenWord[] {
  return rows
    .filter(
      ({ iss, deliveries, state }) =>
        iss === directory.idTag && (state !== 'accepted' || deliveries.length > 0),
    )
    .map((row) => ({
      ...{ id: row.id, t: row.t, ...deliveryState(row) },
      ...(row.aud !== undefined && row.type === 'INVT' && { name: directory.nameOf(row.aud) }),
    }))
    .filter(({ state }) => state === 'waiting' || state === 'refused' || state === 'partly');
}

/** Who joined before this identity did may be known only by what they wrote. */
function withWriters(container: Container, writers: readonly string[]): Map<string, Role> {
  const members = new Map<string, Role>(container.members);
  const out = new Set<string>(container.removed);
  for (const writer of writers) if (!members.has(writer) && !out.has(writer)) members.set(writer, 'member');
  return members;
}

/** Pure. */
export function toGroup(sources: GroupSources, directory: Directory): GroupView {
  const { conversation, said, writers } = sources;
  const holding = lastOfKeys(said);
  const container = readContainer(rowToHeld(conversation), holding.map(rowToHeld));
  const closed =
    conversation.state === 'deleted' || said.some(({ t, state }) => t === 'CONV:DEL' && state !== 'refused');
  const standing = closed ? 'closed' : standingOf(container, holding, directory.idTag);
  const role = container.members.get(parseIdTag(directory.idTag));
  const left = new Set(holding.filter((row) => row.type === 'SUBS' && isEnd(row)).map(({ iss }) => iss));
  const seen = writers.filter((writer) => writer !== directory.idTag && !left.has(writer));
  const asked = standing === 'invited' ? newestInvitation(holding, directory.idTag) : undefined;
  return {
    ...{ owner: container.owner, own: container.owner === directory.idTag, ...readName(sources) },
    ...{ open: container.open, standing, ...(role && { role }) },
    members: toMembers(withWriters(container, seen), directory),
    invited: toMembers(container.invited, directory),
    ...(asked && { invitation: toInvitation(asked, directory) }),
    openWords: toOpenWords([conversation, ...said], directory),
  };
}

function toInvitation(row: ActionRow, directory: Directory): NonNullable<GroupView['invitation']> {
  const offer = v.safeParse(invtSchema, row.content);
  const { role = 'member', message } = (offer.success && offer.output) || {};
  return { from: directory.nameOf(row.iss), role, ...(message && { words: message }) };
}
