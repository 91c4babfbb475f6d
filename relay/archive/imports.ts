import { statfs } from 'node:fs/promises';
import { bytesToBase64url, hashText } from '../../shared/bytes.ts';
import type { ImportState } from '../../shared/api/archive.ts';
import { IsletError } from '../../shared/errors.ts';
import { limits } from '../../shared/routes.ts';
import { createTurns } from '../files/turns.ts';
import type { Piece } from '../files/uploads.ts';
import { deleteImport, findImport, insertImport, listImports, updateImport } from '../store/archives.ts';
import { findLogHead } from '../store/device-log.ts';
import type { ImportRow } from '../store/tables-archives.ts';
import { findSetup } from '../store/ways-in.ts';
import { beginTaking, type ImportParts, type Parts, resume, show } from './import-steps.ts';
import type { OpenedKey } from './succession.ts';

/** Archives that come to a relay which does not know their identity yet (SPEC W10). */
export interface Imports {
  /** The same file goes on where it stopped; another one takes its place. @throws IsletError E-SETUP-*, E-STORAGE-LIMIT */
  begin(idTag: string, wanted: { setup: string; size: number; mark: string }): Promise<ImportState>;
  /** @throws IsletError E-UPLOAD-UNKNOWN */
  find(idTag: string, id: string): Promise<ImportState>;
  /** The last piece begins the check. @throws IsletError E-UPLOAD-UNKNOWN, E-UPLOAD-OFFSET, E-CORE-CONFLICT */
  append(idTag: string, id: string, piece: Piece): Promise<ImportState>;
  /** Begins to take in what was checked. @throws IsletError E-CORE-CONFLICT, E-KEY-UNKNOWN */
  take(idTag: string, id: string, keys: readonly OpenedKey[]): Promise<ImportState>;
  remove(idTag: string, id: string): Promise<void>;
  /** What a stop of the relay cut off goes on. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

/** An archive has more than the files: history and actions. */
const beyondFiles = 64 * 1024 * 1024 * 1024;
/** Bytes of the disk that an archive never takes. */
const keptFree = 256 * 1024 * 1024;
/** Milliseconds that an archive may lie here half sent, or checked and not taken. */
const patience = 7 * 24 * 60 * 60 * 1000;

export function openImports(given: ImportParts): Imports {
  const parts: Parts = { ...given, progress: new Map(), running: new Map() };
  const turns = createTurns();
  const { db, running } = parts;
  const find = async (idTag: string, id: string): Promise<ImportRow> => {
    const row = await findImport(db, idTag);
    if (row?.id !== id) throw new IsletError('E-UPLOAD-UNKNOWN', 'no such import', id);
    return row;
  };
  return {
    begin: async (idTag, wanted) => show(parts, await begin(parts, idTag, wanted)),
    find: async (idTag, id) => show(parts, await find(idTag, id)),
    append: (idTag, id, piece) =>
      turns.take(id, async (signal) =>
        show(parts, await append(parts, await find(idTag, id), { piece, signal })),
      ),
    async take(idTag, id, keys) {
      const row = await find(idTag, id);
      if (row.state === 'taking' || row.state === 'done') return show(parts, row);
      return show(parts, await beginTaking(parts, row, keys));
    },
    async remove(idTag, id) {
      const row = await find(idTag, id);
      await turns.end(id);
      await running.get(id);
      await discard(parts, row);
    },
    async wake() {
      for (const row of await listImports(db))
        if (!turns.isTaken(row.id) && !running.has(row.id) && (await isGivenUp(parts, row)))
          await discard(parts, row);
        else resume(parts, row);
    },
    close: async () => void (await Promise.all(running.values())),
  };
}

async function begin(
  parts: Parts,
  idTag: string,
  { setup, size, mark }: { setup: string; size: number; mark: string },
): Promise<ImportRow> {
  const { db, quota, random, now } = parts;
  await assertSetup(parts, idTag, setup);
  const known = await findImport(db, idTag);
  if (known?.mark === mark && known.size === size && known.state !== 'refused') return known;
  if (known?.state === 'taking') throw new IsletError('E-CORE-CONFLICT', 'an archive is being taken in');
  if (known) await discard(parts, known);
  const { limit } = await quota.read(db, idTag);
  if (size > limit + beyondFiles)
    throw new IsletError(
      'E-STORAGE-LIMIT',
      `the archive is larger than the ${limit} bytes of files allowed here`,
    );
  await assertRoom(parts, size);
  const row: ImportRow = {
    ...{ id: bytesToBase64url(random(18)), id_tag: idTag, mark, size, received: 0, state: 'sending' },
    ...{ reason: null, identity: null, keys: null, created_at: now(), touched_at: now() },
  };
  await insertImport(db, row);
  return row;
}

/** @throws IsletError E-SETUP-UNKNOWN, E-SETUP-USED */
async function assertSetup({ db, now }: Parts, idTag: string, setup: string): Promise<void> {
  const row = await findSetup(db, idTag);
  if (row?.token_hash !== (await hashText(setup)) || row.expires_at < now())
    throw new IsletError(
      'E-SETUP-UNKNOWN',
      'this setup link is not known here; a newer one may have been printed',
    );
  if (row.used_entry !== null || (await findLogHead(db, idTag)) !== undefined)
    throw new IsletError('E-SETUP-USED', 'this relay has devices of the identity already');
}

/** The row goes first: bytes without one are of no use to anybody. */
async function discard({ db, staging }: Parts, { id }: ImportRow): Promise<void> {
  await deleteImport(db, id);
  await staging.remove(id);
}

/** Nobody goes on with it, or somebody speaks for the identity here by now. */
async function isGivenUp({ db, now }: Parts, { id_tag, state, touched_at }: ImportRow): Promise<boolean> {
  if (state === 'taking' || state === 'done') return false;
  return touched_at < now() - patience || (await findLogHead(db, id_tag)) !== undefined;
}

/** @throws IsletError E-STORAGE-FULL: the rest of the archive would leave nothing for who is here */
async function assertRoom({ folder }: Parts, rest: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (rest + keptFree > bavail * bsize)
    throw new IsletError('E-STORAGE-FULL', 'the disk of this relay has no room for the archive', rest);
}

interface Given {
  readonly piece: Piece;
  readonly signal: AbortSignal;
}

async function append(parts: Parts, row: ImportRow, { piece, signal }: Given): Promise<ImportRow> {
  const { db, staging, now } = parts;
  const { id, size, received: offset } = row;
  if (row.state !== 'sending') throw new IsletError('E-CORE-CONFLICT', 'all of the archive is here already');
  if (piece.offset !== offset)
    throw new IsletError('E-UPLOAD-OFFSET', `it goes on at ${offset}`, piece.offset, { offset });
  if ((await findLogHead(db, row.id_tag)) !== undefined)
    throw new IsletError('E-SETUP-USED', 'this relay has devices of the identity already');
  await assertRoom(parts, size - offset);
  const stage = await staging.open(row);
  if (!stage) throw new IsletError('E-UPLOAD-UNKNOWN', 'what was sent is not here any more', id);
  let received = offset;
  try {
    for await (const chunk of piece.bytes(signal)) {
      received += chunk.length;
      if (received > size || received - offset > limits.chunk)
        throw new IsletError('E-CORE-TOOLARGE', 'a piece is too large, or the archive is');
      await stage.write(chunk);
    }
    await stage.sync();
  } finally {
    await stage.close();
  }
  const state = received === size ? 'checking' : 'sending';
  await updateImport(db, id, { received, state, touched_at: now() });
  const grown: ImportRow = { ...row, received, state };
  resume(parts, grown);
  return grown;
}
