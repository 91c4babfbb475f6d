import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import type { BlobUse } from '../files/blob-use.ts';
import type { Quota } from '../files/quota.ts';
import { findLastSeq, raiseLastSeq } from '../store/actions.ts';
import { updateImport } from '../store/archives.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import { insertDamage } from '../store/damages.ts';
import type { Database, Executor } from '../store/database.ts';
import { findLogHead } from '../store/device-log.ts';
import { enterRoomRows } from '../store/room-rows.ts';
import { deferReferences, deleteRows, insertRows, listColumns, type TableRow } from '../store/table-rows.ts';
import type { Checked } from './check-archive.ts';
import { findCurrent } from '../identity/key-states.ts';
import { listIdentityKeys } from '../store/identities.ts';
import { namePattern } from './form.ts';
import { parseRow, splitLines } from './lines.ts';
import type { Archive } from './read-archive.ts';
import type { Succession } from './succession.ts';
import { leftTables, movedTables, sharedTables } from './tables.ts';

export interface TakeParts {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly quota: Quota;
  readonly use: BlobUse;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Taking {
  /** Of the import. */
  readonly id: string;
  readonly idTag: IdTag;
  readonly archive: Archive;
  readonly checked: Checked;
  /** What becomes of rows that rest on the identity key. */
  readonly succession: Succession;
  readonly progress: (bytes: number) => void;
}

interface Others {
  readonly others: ReadonlySet<string>;
}

/** Rows and bytes of them that are written at once. */
const most = { rows: 100, bytes: 4 * 1024 * 1024 };
/** Devices that have heard of later actions at the old relay hear of those that come here all the same: the last number leaps. */
const leap = 1_000_000;

/**
 * SPEC W10: takes a checked archive in. Blobs come first, under their hashes, where nobody sees them; then all rows at once, and with
 * them the word that it is done. Cut off anywhere, it begins again.
 * @throws IsletError E-CORE-CONFLICT when somebody speaks for the identity here by now, E-STORAGE-*
 */
export async function takeArchive(parts: TakeParts, taking: Taking): Promise<void> {
  const { db } = parts;
  const { idTag, archive } = taking;
  for (const entry of archive.entries) {
    const blob = namePattern.exec(entry.name)?.[2];
    if (blob === undefined) continue;
    await parts.use.during(blob, async () => {
      if ((await parts.blobs.verify(blob)) === 'sound') return;
      await parts.blobs.write(blob, archive.read(entry), entry.size);
    });
    taking.progress(entry.size);
  }
  const others = await findOthers(parts, taking.checked);
  await db.transaction().execute(async (trx) => {
    if ((await findLogHead(trx, idTag)) !== undefined)
      throw new IsletError('E-CORE-CONFLICT', 'this relay has devices of the identity already');
    await deferReferences(trx);
    // Of what the relay made for an identity that it did not know yet, nothing is kept but what its operator said.
    await clear(trx, idTag, ['imports', 'quotas']);
    await takeRows(trx, parts, { ...taking, others });
    await updateImport(trx, taking.id, { state: 'done', keys: null, touched_at: parts.now() });
  });
}

/** Deletes everything of an identity but what is in `kept`. */
export async function clear(trx: Executor, idTag: string, kept: readonly string[]): Promise<void> {
  const own = leftTables.filter((table) => !sharedTables.includes(table));
  for (const table of [...movedTables.toReversed(), ...own])
    if (!kept.includes(table) && (await listColumns(trx, table)).length > 0)
      await deleteRows(trx, table, idTag);
}

/** Blobs that the archive names without having them, and that somebody else has here: who knows a hash and no more gets nothing. */
async function findOthers({ blobs }: TakeParts, { manifest }: Checked): Promise<ReadonlySet<string>> {
  const others = new Set<string>();
  for (const blob of manifest.missing) if ((await blobs.size(blob)) !== undefined) others.add(blob);
  return others;
}

/** What somebody else was asked for is asked for again: the archive alone does not prove it. */
function asNew(table: string, row: TableRow): TableRow {
  return table === 'linked' ? { ...row, proven_at: null, checked_at: 0 } : row;
}

async function takeRows(trx: Executor, parts: TakeParts, taking: Taking & Others): Promise<void> {
  const { quota, now } = parts;
  const { idTag, archive, checked, succession, progress, others } = taking;
  const write = createWriter(trx);
  const number = await createNumbers(trx);
  for (const entry of archive.entries) {
    const table = namePattern.exec(entry.name)?.[1];
    if (table === undefined) continue;
    const columns = await listColumns(trx, table);
    for await (const line of splitLines(archive.read(entry))) {
      const row = await succession.row(table, number(table, parseRow(table, line, columns)));
      if (row && !(table === 'holdings' && others.has(String(row.blob))))
        await write.add(table, asNew(table, row));
    }
    await write.flush();
    progress(entry.size);
  }
  for (const [table, rows] of await succession.end()) await insertRows(trx, table, rows);
  await enterRoomRows(trx, idTag);
  await raiseLastSeq(trx, idTag, leap);
  if (!findCurrent(await listIdentityKeys(trx, idTag), now()))
    throw new IsletError('E-ARCHIVE-INVALID', 'none of the identity keys of the archive signs now');
  for (const blob of checked.manifest.missing)
    if (!others.has(blob)) await insertDamage(trx, { blob, found_at: now() });
  const { used, limit } = await quota.read(trx, idTag);
  if (used > limit)
    throw new IsletError(
      'E-STORAGE-LIMIT',
      `its files have ${used} bytes, and ${limit} are allowed here`,
      used,
    );
}

/** Gathers rows of one table, whose members are the same. */
function createWriter(trx: Executor) {
  let held: { table: string; members: string; rows: TableRow[]; bytes: number } | undefined;
  const flush = async () => {
    const full = held;
    held = undefined;
    if (full) await insertRows(trx, full.table, full.rows);
  };
  return {
    flush,
    async add(table: string, row: TableRow): Promise<void> {
      const members = Object.keys(row).join();
      if (held && (held.table !== table || held.members !== members)) await flush();
      held ??= { table, members, rows: [], bytes: 0 };
      held.rows.push(row);
      held.bytes += sizeOf(row);
      if (held.rows.length >= most.rows || held.bytes >= most.bytes) await flush();
    },
  };
}

function sizeOf(row: TableRow): number {
  return Object.values(row).reduce<number>(
    (sum, cell) => sum + (typeof cell === 'string' || cell instanceof Uint8Array ? cell.length : 8),
    0,
  );
}

/** Actions of all identities of a relay are numbered together: those that come stand behind those that are there, in their order. */
async function createNumbers(trx: Executor): Promise<(table: string, row: TableRow) => TableRow> {
  const last = await findLastSeq(trx);
  return (table, row) =>
    table === 'actions' && typeof row.seq === 'number' ? { ...row, seq: last + row.seq } : row;
}
