import { IsletError } from '../../shared/errors.ts';
import { routes } from '../../shared/routes.ts';
import { findOwnApproval, readOutsider, readPage } from '../inbox/readers.ts';
import type { RelatedOf } from '../inbox/related-of.ts';
import { findByKey } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { formatPlace, parsePlace } from '../store/pages.ts';
import type { ActionRow } from '../store/tables.ts';
import { answer, createResource, type Resource } from './context.ts';
import { readCount, readText } from './reading.ts';
import { readGuest } from './visitor.ts';

const most = 100;
const types = ['POST', 'REPOST'];

/** SPEC Y4: what stands on the identity's wall, for its contacts to catch up with. */
export function createOutboxResource(db: Database, now: () => number): Resource {
  const resource = createResource();
  resource.get(routes.outbox, async (ctx) => {
    const { idTag, talk } = ctx.state.tenant;
    const guest = await readGuest(ctx);
    const who = await readOutsider(db, idTag, guest.idTag);
    const { follower, connected } = who.relation;
    if (guest.scope || !(follower || connected === 'connected'))
      throw new IsletError('E-AUTH-NOPERM', 'this is for followers and the connected', guest.idTag);
    const [cursor, since] = [readText(ctx, 'cursor'), readText(ctx, 'since')];
    const { rows, next } = await readPage(db, idTag, {
      wanted: { types, onWall: true, ...(since !== undefined && { since: parseSince(since) }) },
      who,
      after: cursor === undefined ? undefined : parsePlace(cursor),
      limit: Math.min(readCount(ctx, 'limit') ?? most, most),
    });
    const items = [];
    for (const row of rows.toReversed()) items.push(...(await describe(db, row, talk.relatedOf)));
    ctx.set('cache-control', 'no-store');
    answer(ctx, { items, ...(next && { cursor: formatPlace(next) }) }, now());
  });
  return resource;
}

/** Seconds; what neighbours write before 1970 or with a fraction is nothing we need to know exactly. */
function parseSince(text: string): number {
  const since = Number(text);
  if (text === '' || !Number.isFinite(since))
    throw new IsletError('E-VAL-INVALID', 'since is not a time in seconds', text);
  return Math.floor(since);
}

interface Item {
  readonly token: string;
  readonly related?: readonly string[];
}

/** What somebody else said here goes with the approval; what is shown again goes along, and so do the counts. */
async function describe(db: Database, row: ActionRow, relatedOf: RelatedOf): Promise<Item[]> {
  const main = row.iss === row.id_tag ? row : await findOwnApproval(db, row);
  if (!main) return [];
  const related = [...(await relatedOf(main)), ...(await listCounts(db, row))];
  return [related.length > 0 ? { token: main.token, related } : { token: main.token }];
}

async function listCounts(db: Database, { id_tag, action_id }: ActionRow): Promise<string[]> {
  const row = await findByKey(db, id_tag, `STAT:${id_tag}:${action_id}`);
  return row?.state === 'active' ? [row.token] : [];
}
