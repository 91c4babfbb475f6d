import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToText, type Random, textToBytes } from '../../shared/bytes.ts';
import { archiveIdentitySchema, type ImportState, takeSchema } from '../../shared/api/archive.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import type { Staging } from '../files/staging.ts';
import type { Sealer } from '../identity/secret.ts';
import { updateImport } from '../store/archives.ts';
import { listColumns, listMigrations } from '../store/table-rows.ts';
import type { ImportRow } from '../store/tables-archives.ts';
import { type Checked, checkArchive } from './check-archive.ts';
import { type ArchiveIdentity, identitySchema } from './form.ts';
import { openArchive } from './read-archive.ts';
import { createSuccession, type OpenedKey } from './succession.ts';
import { takeArchive, type TakeParts } from './take-archive.ts';

export interface ImportParts extends TakeParts {
  readonly sealer: Sealer;
  readonly random: Random;
  readonly report: (error: unknown) => void;
  /** The identity is another one now: it is to be opened anew. */
  readonly taken: (idTag: string) => Promise<void>;
  /** Where archives are gathered. */
  readonly folder: string;
  readonly staging: Staging;
}

export interface Parts extends ImportParts {
  /** Bytes of the step that is under way. */
  readonly progress: Map<string, number>;
  readonly running: Map<string, Promise<void>>;
}

/** How an import stands, for whoever asked. */
export function show({ progress, running }: Parts, row: ImportRow): ImportState {
  const { id, size, received: offset, reason, identity } = row;
  // Until the identity is open, it is not done for who waits for it.
  const state = row.state === 'done' && running.has(id) ? 'taking' : row.state;
  return {
    ...{ id, state, size, offset, done: progress.get(id) ?? 0 },
    ...(reason !== null && { reason }),
    ...(identity !== null && { identity: parseJson(archiveIdentitySchema, identity) }),
  };
}

/** `checking` and `taking` begin again from their beginning: what is stored by then is found there. */
export function resume(parts: Parts, row: ImportRow): void {
  if (parts.running.has(row.id)) return;
  if (row.state === 'checking') run(parts, row, () => check(parts, row));
  else if (row.state === 'taking') run(parts, row, () => take(parts, row));
  else if (row.state === 'done' || row.state === 'refused')
    run(parts, row, () => parts.staging.remove(row.id));
}

function run({ progress, running, report }: Parts, { id }: ImportRow, work: () => Promise<void>): void {
  progress.set(id, 0);
  const ended = work()
    .catch(report)
    .finally(() => {
      running.delete(id);
      progress.delete(id);
    });
  running.set(id, ended);
}

async function withFile<T>(
  { folder }: Parts,
  { id }: ImportRow,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(join(folder, id), 'r');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

async function readChecked({ db, progress }: Parts, row: ImportRow, file: FileHandle) {
  const archive = await openArchive(file, row.size);
  const checked: Checked = await checkArchive(archive, {
    idTag: parseIdTag(row.id_tag),
    migrations: await listMigrations(db),
    columns: (table) => listColumns(db, table),
    progress: (bytes) => void progress.set(row.id, (progress.get(row.id) ?? 0) + bytes),
  });
  return { archive, checked };
}

/** What is refused is gone; anything else that went wrong leaves it to the next start. */
async function check(parts: Parts, row: ImportRow): Promise<void> {
  const { db, staging } = parts;
  try {
    const { checked } = await withFile(parts, row, (file) => readChecked(parts, row, file));
    const identity = JSON.stringify(checked.identity);
    await updateImport(db, row.id, { state: 'checked', identity, reason: null });
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    await updateImport(db, row.id, { state: 'refused', reason: error.message });
    await staging.remove(row.id);
  }
}

const keysContext = ({ id }: ImportRow) => `import ${id}`;

function identityOf({ identity }: ImportRow): ArchiveIdentity {
  if (identity === null) throw new IsletError('E-CORE-CONFLICT', 'the archive is not checked yet');
  return parseJson(identitySchema, identity);
}

/**
 * The keys are looked at before anything is begun, and lie sealed until it is done.
 * @throws IsletError E-CORE-CONFLICT, E-KEY-UNKNOWN
 */
export async function beginTaking(
  parts: Parts,
  row: ImportRow,
  opened: readonly OpenedKey[],
): Promise<ImportRow> {
  const { db, sealer } = parts;
  if (row.state !== 'checked') throw new IsletError('E-CORE-CONFLICT', 'the archive is not checked yet');
  await createSuccession(identityOf(row), opened, parts);
  const keys = await sealer.seal(textToBytes(JSON.stringify({ keys: opened })), keysContext(row));
  await updateImport(db, row.id, { state: 'taking', keys, reason: null });
  const taking: ImportRow = { ...row, state: 'taking', keys, reason: null };
  resume(parts, taking);
  return taking;
}

/** What speaks against it is said, and nothing is taken then. */
async function take(parts: Parts, row: ImportRow): Promise<void> {
  const { db, sealer, staging } = parts;
  const opened = await sealer.open(row.keys ?? new Uint8Array(), keysContext(row));
  const { keys } = parseJson(takeSchema, bytesToText(opened));
  try {
    await withFile(parts, row, async (file) => {
      const { archive, checked } = await readChecked(parts, row, file);
      const succession = await createSuccession(checked.identity, keys, parts);
      const progress = (bytes: number) =>
        void parts.progress.set(row.id, (parts.progress.get(row.id) ?? 0) + bytes);
      const idTag = parseIdTag(row.id_tag);
      await takeArchive(parts, { id: row.id, idTag, archive, checked, succession, progress });
    });
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    await updateImport(db, row.id, { state: 'checked', keys: null, reason: error.message });
    return;
  }
  await parts.taken(row.id_tag);
  await staging.remove(row.id);
}
