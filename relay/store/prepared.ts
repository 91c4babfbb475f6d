import type Sqlite from 'better-sqlite3';
import type { SqliteDatabase } from 'kysely';

/** Statements that are kept: more than the relay has, but for lists of rows, whose text grows with the list. */
const most = 400;

/**
 * To read a statement takes SQLite longer than to carry it out, and kysely has it read anew each time: here a text that was read
 * before is carried out as it is. SQLite itself looks at it again when the tables have changed.
 */
export function keepPrepared(sqlite: Sqlite.Database): SqliteDatabase {
  const kept = new Map<string, Sqlite.Statement>();
  return {
    close: () => void sqlite.close(),
    prepare(text) {
      const known = kept.get(text);
      // One that is being gone through row by row cannot begin again.
      if (known && !known.busy) return known;
      if (kept.size >= most) kept.clear();
      const statement = sqlite.prepare(text);
      kept.set(text, statement);
      return statement;
    },
  };
}
