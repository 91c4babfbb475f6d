import { type Relation, stranger } from '../../shared/action/define.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { keepCompiled } from './compiled.ts';
import type { Executor } from './database.ts';
import type { RelationRow } from './tables.ts';

export async function findRelation(
  db: Executor,
  idTag: string,
  neighbour: string,
): Promise<RelationRow | undefined> {
  const [row] = await selectRelation(db, { idTag, neighbour });
  return row;
}

const selectRelation = keepCompiled((db, { idTag, neighbour }: { idTag: string; neighbour: string }) =>
  db.selectFrom('relations').selectAll().where('id_tag', '=', idTag).where('neighbour', '=', neighbour),
);

/** How the identity stands to somebody; to who is not known as to a stranger. */
export async function readRelation(db: Executor, idTag: string, neighbour: string): Promise<Relation> {
  const row = await findRelation(db, idTag, neighbour);
  return row ? rowToRelation(row) : stranger;
}

export function rowToRelation({ following, follower, connected, blocked }: RelationRow): Relation {
  return { following: following === 1, follower: follower === 1, connected, blocked: blocked === 1 };
}

/** Those to whom the identity speaks; nobody who is blocked. */
export interface Readers {
  readonly followers: readonly IdTag[];
  readonly connected: readonly IdTag[];
}

export async function listReaders(db: Executor, idTag: string): Promise<Readers> {
  const rows = await selectReaders(db, { idTag });
  const namesOf = (list: typeof rows) => list.map(({ neighbour }) => parseIdTag(neighbour));
  return {
    followers: namesOf(rows.filter(({ follower }) => follower === 1)),
    connected: namesOf(rows.filter(({ connected }) => connected === 'connected')),
  };
}

const selectReaders = keepCompiled((db, { idTag }: { idTag: string }) =>
  db
    .selectFrom('relations')
    .select(['neighbour', 'follower', 'connected'])
    .where('id_tag', '=', idTag)
    .where('blocked', '=', 0)
    .where((either) => either.or([either('follower', '=', 1), either('connected', '=', 'connected')]))
    .orderBy('neighbour'),
);

export function listRelations(db: Executor, idTag: string): Promise<RelationRow[]> {
  return db.selectFrom('relations').selectAll().where('id_tag', '=', idTag).orderBy('neighbour').execute();
}

export type RelationChange = Partial<Relation> & { readonly muted?: boolean };

/** Members that are absent stay as they are. */
export async function saveRelation(
  db: Executor,
  idTag: string,
  neighbour: string,
  change: RelationChange,
): Promise<void> {
  const known = await findRelation(db, idTag, neighbour);
  const bit = (wanted: boolean | undefined, was: 0 | 1 = 0) => (wanted === undefined ? was : wanted ? 1 : 0);
  const next = {
    following: bit(change.following, known?.following),
    follower: bit(change.follower, known?.follower),
    connected: change.connected ?? known?.connected ?? ('none' as const),
    blocked: bit(change.blocked, known?.blocked),
    muted: bit(change.muted, known?.muted),
  } satisfies Partial<RelationRow>;
  await db
    .insertInto('relations')
    .values({ id_tag: idTag, neighbour, ...next })
    .onConflict((conflict) => conflict.doUpdateSet(next))
    .execute();
}
