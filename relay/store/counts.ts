import { sql } from 'kysely';
import type { Executor } from './database.ts';

/** How often an action was answered, by what is held here. */
export interface AnswerCounts {
  /** By the type of reaction, `REACT:LIKE`. */
  readonly reactions: ReadonlyMap<string, number>;
  readonly comments: number;
  /** `iat` of the newest comment, 0 when there is none. */
  readonly newest: number;
  readonly reposts: number;
}

export async function countAnswers(db: Executor, idTag: string, actionId: string): Promise<AnswerCounts> {
  const held = db.selectFrom('actions').where('id_tag', '=', idTag).where('state', '=', 'active');
  const reactions = await held
    .where('subject', '=', actionId)
    .where('type', 'like', 'REACT%')
    .where('type', '!=', 'REACT:DEL')
    .select(({ fn }) => ['type', fn.countAll<number>().as('count')])
    .groupBy('type')
    .execute();
  const comments = await held
    .where('parent', '=', actionId)
    .where('type', 'in', ['CMNT', 'MSG'])
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.max('iat').as('newest')])
    .executeTakeFirstOrThrow();
  const reposts = await held
    .where('subject', '=', actionId)
    .where('type', '=', 'REPOST')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return {
    reactions: new Map(reactions.map(({ type, count }) => [type, count])),
    comments: comments.count,
    newest: comments.newest ?? 0,
    reposts: reposts.count,
  };
}

/** Actions that were answered after the identity last told how often they were. */
export async function listUncounted(db: Executor, idTag: string): Promise<string[]> {
  const { rows } = await sql<{ about: string }>`
    select distinct answers.about from actions as answers
    join actions as subjects on subjects.id_tag = answers.id_tag and subjects.action_id = answers.about
    where answers.id_tag = ${idTag} and subjects.state = 'active'
      and coalesce(subjects.aud, subjects.iss) = answers.id_tag
      and (answers.type like 'REACT%' or answers.type like 'CMNT%' or answers.type like 'REPOST%')
      and answers.seq > coalesce((select max(seq) from actions as told
        where told.id_tag = answers.id_tag and told.key = 'STAT:' || answers.id_tag || ':' || answers.about), 0)`.execute(
    db,
  );
  return rows.map(({ about }) => about);
}
