import { bytesToBase64url, type Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import type { UploadRow } from '../store/tables.ts';
import {
  deleteUpload,
  findUpload,
  findUploadOf,
  insertUpload,
  listUploads,
  updateUpload,
} from '../store/uploads.ts';
import { createHashes, type Hashes } from './hashes.ts';
import { readBlobId, receivePiece } from './receive.ts';
import type { Staging } from './staging.ts';
import { holdOwn, takeOver, type TakeOverParts, type Wanted } from './take-over.ts';
import { createTurns, type Turns } from './turns.ts';

/** How far an upload has come. Without `id` there is nothing to send. */
export interface UploadState {
  readonly id?: string;
  readonly blob: string;
  readonly size: number;
  readonly offset: number;
  readonly done: boolean;
}

export interface Piece {
  /** Where it begins. */
  readonly offset: number;
  /** Its bytes, until the signal says that nobody wants them any more. */
  bytes(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Blobs that come in pieces (SPEC W1, W2). E-UPLOAD-UNKNOWN is thrown for an upload that is not there. */
export interface Uploads {
  /** @throws IsletError E-STORAGE-FULL, E-STORAGE-LIMIT, E-BLOB-SIZE */
  begin(wanted: Wanted): Promise<UploadState>;
  find(idTag: string, id: string): Promise<UploadState>;
  /**
   * The last piece makes it a blob.
   * @throws IsletError E-UPLOAD-OFFSET, E-CORE-CONFLICT (another piece is coming in), E-BLOB-HASH (the upload is gone then)
   */
  append(idTag: string, id: string, piece: Piece): Promise<UploadState>;
  /** Nothing of it is left when this returns. */
  cancel(idTag: string, id: string): Promise<void>;
  /** Gives up what was not touched for 7 days or has lost its bytes, and removes staged bytes of no upload. */
  tidy(): Promise<void>;
}

export interface UploadParts extends TakeOverParts {
  readonly staging: Staging;
  readonly random: Random;
}

interface Parts extends UploadParts {
  readonly hashes: Hashes;
  readonly turns: Turns;
}

/** Milliseconds that an upload may rest. */
const patience = 7 * 24 * 60 * 60 * 1000;

export function createUploads(given: UploadParts): Uploads {
  const parts: Parts = { ...given, hashes: createHashes(), turns: createTurns() };
  const { db, turns } = parts;
  return {
    begin: (wanted) => begin(parts, wanted),
    find: async (idTag, id) => toState(await find(parts, idTag, id)),
    append: (idTag, id, piece) =>
      turns.take(id, async (signal) => append(parts, await find(parts, idTag, id), { piece, signal })),
    async cancel(idTag, id) {
      await find(parts, idTag, id);
      await turns.end(id);
      await find(parts, idTag, id);
      await turns.take(id, () => discard(parts, id));
    },
    async tidy() {
      const staged = await parts.staging.list();
      const rows = await listUploads(db);
      for (const { id_tag, id } of rows) if (!turns.isTaken(id)) await giveUp(parts, id_tag, id);
      const known = new Set(rows.map(({ id }) => id));
      for (const id of staged) if (!known.has(id)) await parts.staging.remove(id);
    },
  };
}

function unknown(id: string): IsletError {
  return new IsletError('E-UPLOAD-UNKNOWN', 'no such upload', id);
}

function toState({ id, blob, size, received }: UploadRow): UploadState {
  return { id, blob, size, offset: received, done: false };
}

async function find({ db, staging }: Parts, idTag: string, id: string): Promise<UploadRow> {
  const row = await findUpload(db, idTag, id);
  if (row && (await staging.has(row))) return row;
  throw unknown(id);
}

/** The row goes first: bytes without one are tidied up. */
async function discard({ db, hashes, staging }: Parts, id: string): Promise<void> {
  await deleteUpload(db, id);
  hashes.forget(id);
  await staging.remove(id);
}

function giveUp(parts: Parts, idTag: string, id: string): Promise<void> {
  const { db, staging, turns, now } = parts;
  return turns.take(id, async () => {
    const row = await findUpload(db, idTag, id);
    if (!row) return;
    const staged = await staging.has(row);
    if (staged && row.touched_at > now() - patience) return;
    // The relay may have been stopped between the last byte's place in the store and its word about it.
    if (!staged) await takeOverLate(parts, row);
    await discard(parts, id);
  });
}

/** What is refused now would be refused to the device too: it hears of it when it asks again. */
async function takeOverLate(parts: Parts, { id_tag, blob, size, loose }: UploadRow): Promise<void> {
  try {
    await takeOver(parts, { idTag: id_tag, blob, size, loose: loose === 1 });
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
  }
}

async function begin(parts: Parts, wanted: Wanted): Promise<UploadState> {
  const { db, staging, turns } = parts;
  const { idTag, blob, size } = wanted;
  const here = await takeOver(parts, wanted);
  const known = await findUploadOf(db, idTag, blob);
  const useless = known && (here || known.size !== size || !(await staging.has(known)));
  if (known && useless && !(here && turns.isTaken(known.id)))
    await turns.take(known.id, () => discard(parts, known.id));
  if (here) return { blob, size, offset: size, done: true };
  const row = await open(parts, wanted);
  return row.received === row.size ? turns.take(row.id, () => complete(parts, row)) : toState(row);
}

/** The upload of this blob that is there, or a new one, for which room is set aside at the same moment. */
function open({ db, quota, random, now }: Parts, wanted: Wanted): Promise<UploadRow> {
  return db.transaction().execute(async (trx) => {
    const { idTag, blob, size } = wanted;
    const known = await findUploadOf(trx, idTag, blob);
    const loose = wanted.loose || known?.loose === 1 ? 1 : 0;
    if (known) {
      await updateUpload(trx, known.id, { loose, touched_at: now() });
      return { ...known, loose };
    }
    await quota.assertFits(trx, idTag, await quota.need(trx, wanted));
    const row: UploadRow = {
      ...{ id: bytesToBase64url(random(18)), id_tag: idTag, blob, size, received: 0, loose },
      ...{ created_at: now(), touched_at: now() },
    };
    await insertUpload(trx, row);
    return row;
  });
}

interface Given {
  readonly piece: Piece;
  readonly signal: AbortSignal;
}

async function append(parts: Parts, row: UploadRow, { piece, signal }: Given): Promise<UploadState> {
  const { db, now } = parts;
  const { id, received: offset } = row;
  if (piece.offset !== offset)
    throw new IsletError('E-UPLOAD-OFFSET', `it goes on at ${offset}`, piece.offset, { offset });
  signal.throwIfAborted();
  const added = await receivePiece(parts, row, piece.bytes(signal));
  if (!added) {
    await discard(parts, id);
    throw unknown(id);
  }
  const { received, broken } = added;
  await updateUpload(db, id, { received, touched_at: now() });
  signal.throwIfAborted();
  if (broken !== undefined) throw new IsletError('E-VAL-INVALID', 'the piece ended early', broken);
  const grown = { ...row, received };
  return received === row.size ? complete(parts, grown) : toState(grown);
}

/** All bytes are there: they are the blob, or they go. */
async function complete(parts: Parts, row: UploadRow): Promise<UploadState> {
  const { db, blobs, staging, hashes, use, now } = parts;
  const { id, id_tag: idTag, blob, size } = row;
  if ((await readBlobId(parts, row)) !== blob) {
    await discard(parts, id);
    throw new IsletError('E-BLOB-HASH', 'the bytes do not have this hash', blob);
  }
  await use.during(blob, async () => {
    await staging.handOver(row, blob, blobs);
    await db.transaction().execute(async (trx) => {
      const loose = ((await findUpload(trx, idTag, id)) ?? row).loose === 1;
      await holdOwn(trx, { idTag, blob, size, loose }, now());
      await deleteUpload(trx, id);
    });
  });
  hashes.forget(id);
  return { id, blob, size, offset: size, done: true };
}
