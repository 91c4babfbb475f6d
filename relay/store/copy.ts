import { rm } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import type { Cell } from './table-rows.ts';

/** The database as it was at one moment, in a file of its own, to be read while the other one goes on. */
export interface Copy {
  /** Of one identity, in the order of the primary key; one at a time. */
  rows(table: string, idTag: string): Iterable<Record<string, Cell>>;
  /** The sum of an expression over its rows. */
  total(table: string, expression: string, idTag: string): number;
  /** The file is gone when this returns. */
  close(): Promise<void>;
}

/** @param file as `Store.copy` made it */
export function openCopy(file: string): Copy {
  const sqlite = new Sqlite(file, { readonly: true });
  const keysOf = (table: string): string[] =>
    sqlite
      .prepare<[string], { name: string }>(`select name from pragma_table_info(?) where pk > 0 order by pk`)
      .all(table)
      .map(({ name }) => `"${name}"`);
  return {
    rows: (table, idTag) =>
      sqlite
        .prepare<[string], Record<string, Cell>>(
          `select * from "${table}" where id_tag = ? order by ${keysOf(table).join(', ')}`,
        )
        .iterate(idTag),
    total: (table, expression, idTag) =>
      sqlite
        .prepare<[string], { total: number }>(
          `select coalesce(sum(${expression}), 0) as total from "${table}" where id_tag = ?`,
        )
        .get(idTag)?.total ?? 0,
    async close() {
      sqlite.close();
      await rm(file, { force: true });
    },
  };
}
