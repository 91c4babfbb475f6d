import type { Compilable, CompiledQuery } from 'kysely';
import type { Executor } from './database.ts';

/** Stands in a query where a value comes each time. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query that is put together once: kysely takes longer for that than SQLite for the answer.
 * @param build the values that it is given are places only: they may be compared, set and inserted, and not looked at
 * @returns the same query with other values of the same names
 */
export function keepCompiled<V extends object, R>(
  build: (db: Executor, values: V) => Compilable<R>,
): (db: Executor, values: V) => Promise<R[]> {
  let kept: CompiledQuery<R> | undefined;
  return async (db, values) => {
    kept ??= build(db, slotsOf(values)).compile();
    const given = new Map(Object.entries(values));
    const parameters = kept.parameters.map((each) => (each instanceof Slot ? given.get(each.name) : each));
    const { rows } = await db.executeQuery<R>({ ...kept, parameters });
    return rows;
  };
}

function slotsOf<V extends object>(values: V): V {
  return Object.fromEntries(Object.keys(values).map((name) => [name, new Slot(name)])) as V;
}
