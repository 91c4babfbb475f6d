import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { bytesToBase64url, concatBytes, copyBytes, textToBytes } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import { importDeviceKey, jwkToDid, type PublicJwk, type Signer } from '../identity/did.ts';
import { type IdTag, isIdTag } from '../identity/id-tag.ts';
import { type IdentityKey, importIdentityKey } from '../identity/key-set.ts';
import { digestRow } from './digest.ts';

/** SPEC S2. */
export const rowVersion = 1;
/** The form of a batch of which some rows are only known by their hash (SPEC S13). */
const withheldVersion = 2;
/** Most rows in a batch, most bytes of one row. */
export const maxBatchRows = 1000;
export const maxRowBytes = 3 * 1024 * 1024;

const documentId = /^([0-9A-Za-z]{24}|index)$/;
const sessionId = /^[\w-]{22}$/;

/** One Yjs update (v1) of one document; the relay never looks inside. */
export interface Row {
  readonly doc: string;
  /** Empty when only the hash is told (SPEC S13). */
  readonly update: Uint8Array;
  /** SHA-256 of an update that is not told. */
  readonly hash?: Uint8Array;
}

/** SPEC S1: rows that a device numbers, dates and signs together. */
export interface Batch {
  /** did:key of the device; of rows that came in a room the author as `@<id tag>` (SPEC Z6). */
  readonly device: string;
  /** 128 bits, base64url: one run of the device's client. */
  readonly session: string;
  /** Counter of the first row; the next rows follow without a gap. */
  readonly first: number;
  /** Milliseconds since 1970, by the device's clock. */
  readonly time: number;
  readonly rows: readonly Row[];
  /** R‖S over batchBytes. */
  readonly signature: Uint8Array;
}

/** SPEC S3: what the device signs: the space, its own numbering, and the hash of every row. */
export async function batchBytes(
  space: IdTag,
  batch: Omit<Batch, 'signature'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, 'islet-sync-batch');
  encoding.writeVarUint(encoder, rowVersion);
  encoding.writeVarString(encoder, space);
  encoding.writeVarString(encoder, batch.device);
  encoding.writeVarString(encoder, batch.session);
  encoding.writeVarUint(encoder, batch.first);
  encoding.writeVarUint(encoder, batch.time);
  encoding.writeVarUint(encoder, batch.rows.length);
  for (const row of batch.rows) {
    encoding.writeVarString(encoder, row.doc);
    const hash = hashRow(row);
    encoding.writeVarUint8Array(encoder, hash instanceof Uint8Array ? hash : await hash);
  }
  return copyBytes(encoding.toUint8Array(encoder));
}

function hashRow({ update, hash }: Row): Promise<Uint8Array> | Uint8Array {
  return isTold({ update }) || hash === undefined ? digestRow(update) : hash;
}

function isWithheld(row: Row): boolean {
  return !isTold(row) && row.hash !== undefined;
}

/** False for a row of which only the hash is known (SPEC S13). */
export function isTold({ update }: Pick<Row, 'update'>): boolean {
  return update.length > 0;
}

/** SPEC S13: the batch with only the hash of some rows; its signature and its chain hash fit as before. */
export async function withholdRows(batch: Batch, which: (row: Row) => boolean): Promise<Batch> {
  const rows: Row[] = [];
  for (const row of batch.rows)
    rows.push(
      isTold(row) && which(row) ? { doc: row.doc, update: new Uint8Array(), hash: await hashRow(row) } : row,
    );
  return { ...batch, rows };
}

/** SPEC S13: nobody brings rows without their bytes. @throws IsletError E-ROW-INVALID */
export function assertTold(batches: readonly Batch[]): void {
  for (const { rows, device } of batches)
    if (!rows.every(isTold)) throw new IsletError('E-ROW-INVALID', 'a row is empty or too large', device);
}

export async function signBatch(space: IdTag, batch: Omit<Batch, 'signature'>, sign: Signer): Promise<Batch> {
  return { ...batch, signature: await sign(await batchBytes(space, batch)) };
}

/** SPEC S3. @throws IsletError E-ROW-INVALID */
export async function verifyBatch(space: IdTag, batch: Batch, jwk: PublicJwk): Promise<void> {
  if (jwkToDid(jwk) !== batch.device)
    throw new IsletError('E-ROW-INVALID', 'the rows name another device', batch.device);
  const key = await importDeviceKey(jwk);
  if (!(await isSignedBy(key, batch.signature, await batchBytes(space, batch))))
    throw new IsletError('E-ROW-INVALID', 'the rows are not signed by the device they name', batch.device);
}

/** SPEC Z6: how a batch names an author whose rows the relay took in a room. */
export function guestAuthor(idTag: IdTag): string {
  return `@${idTag}`;
}

/** True when the rows were signed by the relay for an author without a device here (SPEC Z6). */
export function isGuestAuthor(author: string): boolean {
  return author.startsWith('@') && isIdTag(author.slice(1));
}

/**
 * SPEC Z6: whether one of the space's own identity keys signed the batch, at a time when that key held.
 * @throws IsletError E-ROW-INVALID (another signature), E-KEY-UNKNOWN (a key that is none)
 */
export async function verifyGuestBatch(
  space: IdTag,
  batch: Batch,
  keys: readonly IdentityKey[],
): Promise<void> {
  const bytes = await batchBytes(space, batch);
  const at = Math.floor(batch.time / 1000);
  for (const key of keys) {
    if (key.expiresAt !== undefined && key.expiresAt < at) continue;
    if (await isSignedBy(await importIdentityKey(key), batch.signature, bytes)) return;
  }
  throw new IsletError('E-ROW-INVALID', 'the rows of a guest are not signed by this identity', batch.device);
}

function isSignedBy(key: CryptoKey, signature: Uint8Array, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-384' }, key, copyBytes(signature), bytes);
}

/** SPEC S5: the chain hash after a batch: SHA-256(previous ‖ SHA-256(signed bytes)), base64url. */
export async function nextChain(previous: string, space: IdTag, batch: Batch): Promise<string> {
  const hash = await digestRow(await batchBytes(space, batch));
  return bytesToBase64url(await digestRow(concatBytes(textToBytes(previous), hash)));
}

/** The chain hash of an empty log. */
export const emptyChain = '';

export function writeBatch(encoder: encoding.Encoder, batch: Batch): void {
  encoding.writeVarUint(encoder, batch.rows.some(isWithheld) ? withheldVersion : rowVersion);
  encoding.writeVarString(encoder, batch.device);
  encoding.writeVarString(encoder, batch.session);
  encoding.writeVarUint(encoder, batch.first);
  encoding.writeVarUint(encoder, batch.time);
  encoding.writeVarUint8Array(encoder, batch.signature);
  encoding.writeVarUint(encoder, batch.rows.length);
  for (const row of batch.rows) {
    encoding.writeVarString(encoder, row.doc);
    encoding.writeVarUint8Array(encoder, row.update);
    if (isWithheld(row)) encoding.writeUint8Array(encoder, row.hash ?? new Uint8Array());
  }
}

/** @throws IsletError E-ROW-INVALID (form), or a lib0 error at a truncated end, which `parseFrame` turns into E-FRAME-INVALID */
export function readBatch(decoder: decoding.Decoder): Batch {
  const version = decoding.readVarUint(decoder);
  if (version !== rowVersion && version !== withheldVersion)
    throw new IsletError('E-ROW-INVALID', 'rows of a version that is not known here', version);
  const device = readAuthor(decoder);
  const session = readSession(decoder);
  const first = decoding.readVarUint(decoder);
  const time = decoding.readVarUint(decoder);
  const signature = copyBytes(decoding.readVarUint8Array(decoder));
  const count = decoding.readVarUint(decoder);
  if (count === 0 || count > maxBatchRows)
    throw new IsletError('E-ROW-INVALID', 'a batch has 1 to 1000 rows', count);
  // lib0 reads numbers beyond 2^53, where counting loses precision.
  if (!Number.isSafeInteger(first + count) || !Number.isSafeInteger(time))
    throw new IsletError('E-ROW-INVALID', 'a number is too large', first);
  if (signature.length !== 96)
    throw new IsletError('E-ROW-INVALID', 'a signature has 96 bytes', signature.length);
  const rows: Row[] = [];
  for (let i = 0; i < count; i++) rows.push(readRow(decoder, version));
  // One form for each: what tells all of its rows is of the first version.
  if ((version === withheldVersion) !== rows.some(isWithheld))
    throw new IsletError('E-ROW-INVALID', 'rows of a version that is not known here', version);
  return { device, session, first, time, rows, signature };
}

function readAuthor(decoder: decoding.Decoder): string {
  const author = readText(decoder, /^(did:key:z[1-9A-HJ-NP-Za-km-z]{60,80}|@[a-z0-9.-]{5,62})$/, 'device');
  if (author.startsWith('@') && !isGuestAuthor(author))
    throw new IsletError('E-ROW-INVALID', 'not a device', author);
  return author;
}

function readRow(decoder: decoding.Decoder, version: number): Row {
  const doc = readDocumentId(decoder);
  const update = copyBytes(decoding.readVarUint8Array(decoder));
  if (update.length === 0 && version === withheldVersion)
    return { doc, update, hash: copyBytes(decoding.readUint8Array(decoder, 32)) };
  if (update.length === 0 || update.length > maxRowBytes)
    throw new IsletError('E-ROW-INVALID', 'a row is empty or too large', update.length);
  return { doc, update };
}

export function readSession(decoder: decoding.Decoder): string {
  return readText(decoder, sessionId, 'session');
}

export function readDocumentId(decoder: decoding.Decoder): string {
  return readText(decoder, documentId, 'document');
}

function readText(decoder: decoding.Decoder, pattern: RegExp, what: string): string {
  const text = decoding.readVarString(decoder);
  if (!pattern.test(text)) throw new IsletError('E-ROW-INVALID', `not a ${what}`, text.slice(0, 100));
  return text;
}
