import { findActionType } from '../../shared/action/action.ts';
import {
  baseType,
  type Container,
  type HeldAction,
  isContact,
  type Relation,
  stranger,
} from '../../shared/action/define.ts';
import { mayKnow } from '../../shared/action/rules.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { findAction, listAbout } from '../store/actions.ts';
import type { Executor } from '../store/database.ts';
import { listPage, type Place, type Wanted } from '../store/pages.ts';
import { readRelation } from '../store/relations.ts';
import type { ActionRow } from '../store/tables.ts';
import { findConversation, readRow } from './containers.ts';
import { rowToHeld } from './held.ts';

/** Somebody from outside, as far as reading goes; `idTag` is absent when nobody knows who it is. */
export interface Outsider {
  readonly idTag: IdTag | undefined;
  readonly relation: Relation;
  /** Who is in the conversations that were looked at, by their ids: of a long list each is read once. */
  readonly conversations: Map<string, Promise<Container | undefined>>;
}

export async function readOutsider(db: Executor, tenant: IdTag, idTag?: IdTag): Promise<Outsider> {
  const relation = idTag === undefined ? stranger : await readRelation(db, tenant, idTag);
  return { idTag, relation, conversations: new Map() };
}

/**
 * SPEC Y1: what the identity said or what belongs to it, by its `v`. Of others it shows on its wall only what it approved, and
 * answers only to what the asker may see.
 */
export async function mayRead(db: Executor, row: ActionRow, who: Outsider): Promise<boolean> {
  if (row.state !== 'active') return false;
  if (row.iss === who.idTag || (who.idTag !== undefined && row.aud === who.idTag)) return true;
  if (!isOf(row.id_tag, row) || !(await mayKnowRow(db, row, who))) return false;
  const about = row.about === null ? undefined : await findAction(db, row.id_tag, row.about);
  if (about && isOf(row.id_tag, about)) return about.state === 'active' && mayKnowRow(db, about, who);
  return row.iss === row.id_tag || isApproved(db, row);
}

/** It is the identity's own, or stands on its wall. */
function isOf(tenant: string, { iss, aud }: ActionRow): boolean {
  return iss === tenant || aud === tenant;
}

/** Without a name only what is public is shown; `V` is for those who said who they are. */
async function mayKnowRow(db: Executor, row: ActionRow, who: Outsider): Promise<boolean> {
  const { idTag, relation } = who;
  const said = await rowToHeld(row);
  const held = row.origin === 'received' && isDirect(said) ? { ...said, visibility: 'D' as const } : said;
  if (idTag === undefined) return held.visibility === 'P';
  const container = held.visibility === 'S' ? await readConversation(db, row, held, who) : undefined;
  return mayKnow(held, { idTag, relation, container });
}

async function readConversation(
  db: Executor,
  row: ActionRow,
  { payload }: HeldAction,
  { conversations }: Outsider,
): Promise<Container | undefined> {
  const conversation = row.type === 'CONV' ? row : await findConversation(db, row.id_tag, payload);
  if (!conversation) return undefined;
  const { action_id } = conversation;
  const known = conversations.get(action_id) ?? readRow(db, conversation);
  conversations.set(action_id, known);
  return known;
}

/** Stock nodes write their usual `v` on what is between two all the same. */
function isDirect({ payload }: HeldAction): boolean {
  return payload.p === undefined && findActionType(payload.t).visibility === 'D';
}

/** SPEC R7: the identity stands by it. */
async function isApproved(db: Executor, row: ActionRow): Promise<boolean> {
  if (baseType(row.type) !== 'POST' && baseType(row.type) !== 'REPOST') return true;
  return (await findOwnApproval(db, row)) !== undefined;
}

/** The approval of somebody else's action on the wall. */
export async function findOwnApproval(db: Executor, row: ActionRow): Promise<ActionRow | undefined> {
  const of = { column: 'subject' as const, actionId: row.action_id, types: ['APRV'] };
  const rows = await listAbout(db, row.id_tag, of);
  return rows.findLast(({ iss }) => iss === row.id_tag);
}

export interface Page {
  readonly rows: readonly ActionRow[];
  /** Where the next page begins; absent at the end. */
  readonly next?: Place;
}

const batch = 200;
/** Rows that are looked at for one page; a page may be short, and there may be more all the same. */
const mostLookedAt = 1_000;

/** What `who` may read of what is wanted, newest first. */
export async function readPage(
  db: Executor,
  tenant: IdTag,
  ask: {
    readonly wanted: Wanted;
    readonly who: Outsider;
    readonly after?: Place | undefined;
    readonly limit: number;
  },
): Promise<Page> {
  const { wanted, who, limit } = ask;
  const reader = { idTag: who.idTag, visibilities: visibilitiesFor(who) };
  const rows: ActionRow[] = [];
  let after = ask.after;
  for (let looked = 0; looked < mostLookedAt;) {
    const found = await listPage(db, tenant, { wanted, reader, after, limit: batch });
    for (const row of found) {
      if (rows.length === limit) return { rows, ...(after && { next: after }) };
      after = { iat: row.iat, seq: row.seq };
      if (await mayRead(db, row, who)) rows.push(row);
    }
    if (found.length < batch) return { rows };
    looked += found.length;
  }
  return { rows, ...(after && { next: after }) };
}

/** `S` is judged by the conversation. */
function visibilitiesFor({ idTag, relation }: Outsider): readonly string[] {
  if (idTag === undefined) return ['P'];
  const follows = relation.follower || isContact(relation) ? ['F', '2'] : [];
  return ['P', 'V', 'S', ...follows, ...(relation.connected === 'connected' ? ['C'] : [])];
}
