import { sql } from 'kysely';
import type { Executor } from './database.ts';

/** What a column of ours holds; all tables are STRICT. */
export type Cell = string | number | Uint8Array | null;
export type TableRow = Readonly<Record<string, Cell>>;

export interface Column {
  readonly name: string;
  readonly type: 'TEXT' | 'INTEGER' | 'BLOB';
  /** It has no value of its own and takes no null. */
  readonly required: boolean;
}

/** Every table of the database but those that are not ours, by name. */
export async function listTables(db: Executor): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'
    order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** The newest change of the database that was made, and all that it knows. */
export async function listMigrations(db: Executor): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** In their order; empty when there is no such table. */
export async function listColumns(db: Executor, table: string): Promise<Column[]> {
  const { rows } = await sql<{ name: string; type: Column['type']; notnull: number; value: string | null }>`
    select name, type, "notnull", dflt_value as value from pragma_table_info(${table})`.execute(db);
  return rows.map(({ name, type, notnull, value }) => ({
    ...{ name, type, required: notnull === 1 && value === null },
  }));
}

/** Rows of the same members, a few at a time; the caller holds the transaction. */
export async function insertRows(db: Executor, table: string, rows: readonly TableRow[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const names = Object.keys(first);
  const values = rows.map((row) => sql`(${sql.join(names.map((name) => row[name] ?? null))})`);
  await sql`
    insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
    values ${sql.join(values)}`.execute(db);
}

/** Everything of an identity in a table that has a column `id_tag`. */
export async function deleteRows(db: Executor, table: string, idTag: string): Promise<void> {
  await sql`delete from ${sql.table(table)} where id_tag = ${idTag}`.execute(db);
}

/** Rows that refer to others may be written in any order until the transaction ends. */
export async function deferReferences(trx: Executor): Promise<void> {
  await sql`pragma defer_foreign_keys = on`.execute(trx);
}

/** What is deleted from now on is overwritten on the disk as well. */
export async function overwriteDeleted(db: Executor): Promise<void> {
  await sql`pragma secure_delete = on`.execute(db);
}
