import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { importIdentityKey } from '../../shared/identity/key-set.ts';
import { parse, parseJson } from '../../shared/parse.ts';
import { parseCompact, verifyCompact } from '../../shared/token/compact.ts';
import type { Column } from '../store/table-rows.ts';
import { createRowChecks } from './check-rows.ts';
import {
  type ArchiveIdentity,
  archiveTyp,
  identityName,
  identitySchema,
  longest,
  type Manifest,
  manifestName,
  manifestSchema,
  namePattern,
  signatureName,
  signatureSchema,
  tableName,
} from './form.ts';
import { parseRow, splitLines } from './lines.ts';
import { type Archive, type ArchiveEntry, hashing } from './read-archive.ts';
import { movedTables } from './tables.ts';

const invalid = (why: string, value?: unknown) => new IsletError('E-ARCHIVE-INVALID', why, value);

export interface Expected {
  /** For whom this relay waits. */
  readonly idTag: IdTag;
  /** Changes of the database that this relay knows. */
  readonly migrations: readonly string[];
  readonly columns: (table: string) => Promise<readonly Column[]>;
  readonly progress: (bytes: number) => void;
}

export interface Checked {
  readonly identity: ArchiveIdentity;
  readonly manifest: Manifest;
}

/**
 * SPEC W10: reads all of an archive and takes nothing. Every hash of the manifest is compared, the manifest's own with the one that the
 * identity signed, and every row is looked at.
 * @throws IsletError E-ARCHIVE-INVALID, in words that a person can use
 */
export async function checkArchive(archive: Archive, expected: Expected): Promise<Checked> {
  const identity = await readIdentity(archive, expected);
  const manifest = await readManifest(archive, identity);
  assertListed(archive, manifest);
  const rows = createRowChecks(identity, manifest.missing);
  const hashes = new Map(manifest.entries.map(({ name, hash }) => [name, hash]));
  for (const entry of archive.entries.slice(0, -2)) {
    const passing = hashing(archive.read(entry), expected.progress);
    const [, table, blob] = namePattern.exec(entry.name) ?? [];
    if (table === undefined) for await (const piece of passing.bytes) void piece;
    else await checkTable(table, passing.bytes, { expected, rows });
    const hash = passing.hash();
    if (hash !== hashes.get(entry.name) || (blob !== undefined && blob !== `b1~${hash}`))
      throw invalid(`${entry.name} is not what it was when the archive was made`);
    if (blob !== undefined) rows.blob(blob, entry.size);
  }
  await rows.end();
  return { identity, manifest };
}

async function readIdentity(archive: Archive, { idTag, migrations }: Expected): Promise<ArchiveIdentity> {
  const text = await archive.readText(need(archive, identityName), longest.identity);
  const identity = parseJson(identitySchema, text, 'E-ARCHIVE-INVALID');
  if (identity.idTag !== idTag)
    throw invalid(`this archive is of ${identity.idTag}, and this relay is for ${idTag}`);
  if (!migrations.includes(identity.schema))
    throw invalid('this archive was made by a newer version of Islet; bring this relay up to date first');
  return identity;
}

async function readManifest(archive: Archive, { idTag, k, keys }: ArchiveIdentity): Promise<Manifest> {
  const entry = need(archive, manifestName);
  const text = await archive.readText(entry, longest.manifest);
  const manifest = parseJson(manifestSchema, text, 'E-ARCHIVE-INVALID');
  const token = parseCompact(
    await archive.readText(need(archive, signatureName), longest.signature).catch(() => undefined),
  );
  const said = parse(signatureSchema, token.payload, 'E-ARCHIVE-INVALID');
  const passing = hashing(archive.read(entry), () => undefined);
  for await (const piece of passing.bytes) void piece;
  const key = keys.find(({ keyId }) => keyId === k);
  if (!key || said.k !== k || said.iss !== idTag || manifest.idTag !== idTag)
    throw invalid('the archive is not signed by the identity that it holds');
  try {
    await verifyCompact(token, archiveTyp, await importIdentityKey(key));
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    throw invalid('the signature of the archive does not fit', error.code);
  }
  if (said.manifest !== passing.hash())
    throw invalid('the list of contents is not the one that the identity signed');
  return manifest;
}

function need(archive: Archive, name: string): ArchiveEntry {
  const entry = archive.find(name);
  if (!entry) throw invalid(`the archive has no ${name}`);
  return entry;
}

/** What is there is what the manifest lists, in its order; and every table is there. */
function assertListed({ entries }: Archive, manifest: Manifest): void {
  const there = entries.slice(0, -2);
  const fits = ({ name, size }: ArchiveEntry, i: number) =>
    name === manifest.entries[i]?.name && size === manifest.entries[i].size;
  if (there.length !== manifest.entries.length || !there.every(fits))
    throw invalid('the archive does not hold what its list of contents says');
  const names = new Set(there.map(({ name }) => name));
  const tables = ['identities', 'identity_keys', 'device_log', 'actions', 'sync_batches', 'holdings'];
  for (const table of tables)
    if (!names.has(tableName(table))) throw invalid(`the archive has no table ${table}`);
  for (const name of names) {
    const table = namePattern.exec(name)?.[1];
    if (table !== undefined && !movedTables.includes(table))
      throw invalid(`the archive has a table that is not known here: ${table}`);
  }
}

async function checkTable(
  table: string,
  bytes: AsyncIterable<Uint8Array>,
  { expected, rows }: { expected: Expected; rows: ReturnType<typeof createRowChecks> },
): Promise<void> {
  const columns = await expected.columns(table);
  for await (const line of splitLines(bytes)) await rows.row(table, parseRow(table, line, columns));
}
