import * as v from 'valibot';
import { actionPayloadSchema } from '../../../shared/action/define.ts';
import { parse } from '../../../shared/parse.ts';
import { actionListSchema, relationsSchema, routes } from '../../../shared/routes.ts';
import { parseCompact } from '../../../shared/token/compact.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';

type Item = v.InferOutput<typeof actionListSchema>['items'][number];

const cursorSchema = v.optional(v.object({ space: v.literal('actions'), seq: v.number() }));

/** Types that this version does not know are kept as well. */
function itemToRow(item: Item, idTag: string): ActionRow {
  const payload = parse(actionPayloadSchema, parseCompact(item.token).payload, 'E-ACTION-FIELDS');
  const own = payload.iss === idTag && payload._ !== undefined;
  const about = payload.p ?? payload.sub;
  return {
    id: own ? payload._! : item.actionId,
    actionId: item.actionId,
    iss: payload.iss,
    t: payload.t,
    text: typeof payload.c === 'string' ? payload.c : '',
    iat: payload.iat,
    files: item.files,
    token: item.token,
    state: item.status === 'active' ? 'accepted' : 'superseded',
    deliveries: item.deliveries.map(({ to, state, reason }) =>
      reason === undefined ? { to, state } : { to, state, reason },
    ),
    ...(about === undefined ? {} : { about }),
    ...(payload.aud === undefined ? {} : { aud: payload.aud }),
  };
}

/** Keeps what only this device knows: the local name of what an own action is about. */
async function storeItems(db: Database, rows: readonly ActionRow[], seq: number): Promise<void> {
  await db.transaction('rw', db.actions, db.outbox, db.cursors, async () => {
    for (const row of rows) {
      const known = await db.actions.get(row.id);
      await db.actions.put(known?.about === undefined ? row : { ...row, about: known.about });
      await db.outbox.where('id').equals(row.id).delete();
    }
    await db.cursors.put({ space: 'actions', seq });
  });
}

/**
 * Reads what the relay has stored since the last time: own actions of every device, received ones, and new delivery states.
 * The cursor moves in the transaction that stores the rows.
 */
export async function pullActions(options: { db: Database; api: RelayApi; idTag: string }): Promise<void> {
  const { db, api, idTag } = options;
  let seq = v.parse(cursorSchema, await db.cursors.get('actions'))?.seq ?? 0;
  for (;;) {
    const page = await api.get(`${routes.actions}?after=${seq}&limit=200`, actionListSchema);
    const rows = page.items.map((item) => itemToRow(item, idTag));
    if (page.next !== seq) await storeItems(db, rows, page.next);
    seq = page.next;
    if (!page.more) return;
  }
}

/** Replaces the list of people by what the relay says. */
export async function pullPeople(db: Database, api: RelayApi): Promise<void> {
  const { people } = await api.get(routes.people, relationsSchema);
  await db.transaction('rw', db.people, async () => {
    await db.people.clear();
    await db.people.bulkPut(
      people.map(({ idTag, name, following, follower, profilePic }) => ({
        idTag,
        name,
        following: following ? (1 as const) : (0 as const),
        follower: follower ? (1 as const) : (0 as const),
        ...(profilePic && { picture: profilePic.descriptor }),
      })),
    );
  });
}
