import type { ExpressionBuilder } from 'kysely';
import type { Executor } from './database.ts';
import type { Tables } from './tables.ts';

/** Blobs of an identity. */
export async function listHeld(db: Executor, idTag: string): Promise<string[]> {
  const rows = await db.selectFrom('holdings').select('blob').where('id_tag', '=', idTag).execute();
  return rows.map(({ blob }) => blob);
}

/** What an identity says to end its relations, and what of it still waits to go out. */
function isLastWord(each: ExpressionBuilder<Tables, 'actions'>) {
  return each.and([
    each('actions.origin', '=', 'own'),
    each('actions.type', 'in', ['FLLW:DEL', 'CONN:DEL']),
    each.exists(
      each
        .selectFrom('deliveries')
        .select('deliveries.id')
        .whereRef('deliveries.id_tag', '=', 'actions.id_tag')
        .whereRef('deliveries.statement_id', '=', 'actions.statement_id')
        .where('deliveries.state', '=', 'waiting'),
    ),
  ]);
}

/** How many deliveries of last words wait. */
export async function countLastWords(db: Executor, idTag: string): Promise<number> {
  const { count } = await db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('id_tag', '=', idTag)
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow();
  return count;
}

/** Deletes all that an identity said and heard but its last words. */
export async function deleteContent(trx: Executor, idTag: string): Promise<void> {
  await trx
    .deleteFrom('actions')
    .where('id_tag', '=', idTag)
    .where((each) => each.not(isLastWord(each)))
    .execute();
  await trx
    .deleteFrom('deliveries')
    .where('id_tag', '=', idTag)
    .where('statement_id', 'not in', (each) =>
      each.selectFrom('actions').select('statement_id').where('actions.id_tag', '=', idTag),
    )
    .execute();
}
