import * as v from 'valibot';
import { findActionType } from '../../../shared/action/action.ts';
import { actionPayloadSchema, baseType } from '../../../shared/action/define.ts';
import { namedConversation } from '../../../shared/action/types/conv/conv.ts';
import { parse } from '../../../shared/parse.ts';
import { actionListSchema, relationsSchema, routes } from '../../../shared/routes.ts';
import { parseCompact } from '../../../shared/token/compact.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import type { ActionRow, PersonRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { renameReferences } from './references.ts';
import { applyStanding } from './standings.ts';

type Item = v.InferOutput<typeof actionListSchema>['items'][number];

/** Without `proofs` it is of a version that did not keep them: everything is read once more. */
const cursorSchema = v.optional(
  v.object({ space: v.literal('actions'), seq: v.number(), proofs: v.optional(v.literal(1)) }),
);

const states = {
  active: 'accepted',
  confirm: 'confirm',
  superseded: 'superseded',
  deleted: 'deleted',
} as const;

/** Types that this version does not know are kept as well. */
function itemToRow(item: Item, idTag: string): ActionRow {
  const payload = parse(actionPayloadSchema, parseCompact(item.token).payload, 'E-ACTION-FIELDS');
  const { iss, t, c, sub, aud, v: visibility, f, iat } = payload;
  const own = iss === idTag && payload._ !== undefined;
  const p = payload.p ?? namedConversation(payload);
  return {
    ...{ id: own ? payload._! : item.actionId, actionId: item.actionId, iss, t, type: baseType(t), iat },
    ...{ receivedAt: item.receivedAt, files: item.files, token: item.token, state: states[item.status] },
    ...{ text: typeof c === 'string' ? c : '', ...(typeof c === 'object' && c !== null && { content: c }) },
    deliveries: item.deliveries.map(({ to, state, reason }) =>
      reason === undefined ? { to, state } : { to, state, reason },
    ),
    ...(item.deliveryCounts && { deliveryCounts: item.deliveryCounts }),
    ...(own && item.proof && { proof: item.proof }),
    ...(p !== undefined && { p }),
    ...(sub !== undefined && { sub }),
    ...(aud !== undefined && { aud }),
    ...(visibility !== undefined && { v: visibility }),
    ...(f !== undefined && { f }),
    ...(findActionType(t).raw && { raw: 1 as const }),
  };
}

/** What comes is looked at in the background (SPEC F5), and once: its token says the same for ever. */
function standOf(row: ActionRow, known: ActionRow | undefined): Pick<ActionRow, 'unchecked' | 'verdict'> {
  if (known?.verdict !== undefined && known.token === row.token) return { verdict: known.verdict };
  return { unchecked: 1 };
}

/** One page of the list, with the cursor. */
async function storeItems(db: Database, rows: readonly ActionRow[], seq: number): Promise<void> {
  await db.transaction('rw', db.actions, db.outbox, db.cursors, async () => {
    for (const row of rows) {
      const known = await db.actions.get(row.id);
      await db.actions.put({ ...row, ...standOf(row, known) });
      if (known && known.actionId === undefined && row.actionId !== undefined)
        await renameReferences(db, row.id, row.actionId);
      await db.outbox.where('id').equals(row.id).delete();
    }
    await db.cursors.put({ space: 'actions', seq, proofs: 1 });
  });
}

/**
 * Reads what the relay has stored since the last time: own actions of every device, received ones, and new delivery states.
 * The cursor moves in the transaction that stores the rows.
 */
export async function pullActions(options: { db: Database; api: RelayApi; idTag: string }): Promise<void> {
  const { db, api, idTag } = options;
  const cursor = v.parse(cursorSchema, await db.cursors.get('actions'));
  let seq = cursor?.proofs ? cursor.seq : 0;
  for (;;) {
    const page = await api.get(`${routes.actions}?after=${seq}&limit=200`, actionListSchema);
    const rows = page.items.map((item) => itemToRow(item, idTag));
    if (page.next !== seq) await storeItems(db, rows, page.next);
    seq = page.next;
    if (!page.more) return;
  }
}

type Person = v.InferOutput<typeof relationsSchema>['people'][number];

const flag = (on: boolean) => (on ? 1 : 0);

/** Control characters, what turns the order of what is written around, and what is not seen at all. */
const unwanted = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** A name as it may stand beside others; the id tag when nothing of it can be seen. */
function cleanName({ name, idTag }: Person): string {
  return name.replace(unwanted, '').trim() || idTag;
}

function personToRow(person: Person): PersonRow {
  const { idTag, type, connected, profilePic, trust } = person;
  return {
    ...{ idTag, name: cleanName(person), type, connected },
    ...{ following: flag(person.following), follower: flag(person.follower) },
    ...{ blocked: flag(person.blocked), muted: flag(person.muted) },
    ...(trust && { trust }),
    ...(profilePic && { picture: profilePic.descriptor }),
  };
}

/** Replaces the list of people by what the relay says, and by what was decided here since. */
export async function pullPeople(db: Database, api: Pick<RelayApi, 'get'>): Promise<void> {
  const { people } = await api.get(routes.people, relationsSchema);
  await db.transaction('rw', db.people, db.standings, async () => {
    await db.people.clear();
    await db.people.bulkPut(people.map(personToRow));
    for (const standing of await db.standings.toArray()) await applyStanding(db, standing);
  });
}
