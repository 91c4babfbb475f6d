import * as v from 'valibot';
import { base64urlToBytes, bytesToBase64url, type Bytes, concatBytes } from '../bytes.ts';
import { type DeviceLog, isStillIn } from '../device/device-log.ts';
import { IsletError } from '../errors.ts';
import {
  createDeriveSecret,
  type DeriveSecret,
  type Did,
  importDeviceKey,
  type PublicJwk,
  type Signer,
} from '../identity/did.ts';
import { idTagSchema } from '../identity/id-tag.ts';
import { parse } from '../parse.ts';
import { parseCompact, signCompact, verifyCompact } from '../token/compact.ts';
import { decryptAes, deriveBytes, encryptAes, importAesKey } from './derive.ts';

export const folderKeyTyp = 'folder-key+jwt';

/** SPEC E6: what a device says of a folder key it made. */
const statementSchema = v.strictObject({
  v: v.literal(1),
  iss: idTagSchema,
  folder: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{24}$/, 'not the id of a folder')),
  kid: v.pipe(v.string(), v.regex(/^[\w-]{22}$/, 'not the id of a folder key')),
  by: v.custom<Did>((did) => typeof did === 'string' && did.startsWith('did:key:z'), 'not a did:key'),
  /** Milliseconds since 1970. */
  at: v.pipe(v.number(), v.safeInteger()),
  /** How many devices the device log had removed by then. */
  removed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

export type FolderKeyStatement = v.InferOutput<typeof statementSchema>;

const bound = new Uint8Array();
/** An uncompressed point of P-384. */
const pointLength = 97;
const wrapLength = pointLength + 32 + 16;
const curve = { name: 'ECDH', namedCurve: 'P-384' };

/** SPEC E6: the name of a folder key follows from the key, so that a device knows the right one when it has it. */
export async function folderKeyId(key: Uint8Array): Promise<string> {
  return bytesToBase64url(await deriveBytes(key, { info: 'islet-folder-key-id-1', length: 16 }));
}

/** How many devices this log has removed; one that only has new keys is still in. */
export function countRemoved(log: DeviceLog): number {
  const gone = [...log.devices.values()].filter(
    ({ removedAt, renewedBy }) => removedAt !== undefined && !renewedBy,
  );
  return gone.length;
}

export function signFolderKey(statement: Omit<FolderKeyStatement, 'v'>, sign: Signer): Promise<string> {
  const { iss, folder, kid, by, at, removed } = statement;
  return signCompact(folderKeyTyp, { v: 1, iss, folder, kid, by, at, removed }, sign);
}

/**
 * SPEC E6: by a device of this log, removed since or not.
 * @throws IsletError E-TOKEN-*, E-SEALED-FORMAT, E-LOG-PERMISSION (nobody of this identity made the key)
 */
export async function verifyFolderKey(text: unknown, log: DeviceLog): Promise<FolderKeyStatement> {
  const token = parseCompact(text);
  const statement = parse(statementSchema, token.payload, 'E-SEALED-FORMAT');
  const device = log.devices.get(statement.by);
  if (!device || statement.iss !== log.idTag)
    throw new IsletError('E-LOG-PERMISSION', 'a folder key of somebody else', statement.by);
  await verifyCompact(token, folderKeyTyp, await importDeviceKey(device.jwk));
  return statement;
}

/** SPEC E8: no device that was removed since can have this key, unless another gave it away. */
export function isFresh(statement: FolderKeyStatement, log: DeviceLog): boolean {
  return statement.removed >= countRemoved(log) && isStillIn(log, statement.by);
}

/** SPEC E7: a log that is older than the key may still have a device that the key was made to keep out. */
export function mayWrap(statement: FolderKeyStatement, log: DeviceLog): boolean {
  return statement.removed <= countRemoved(log);
}

/** SPEC E8: which of two keys seals what is new: the later one. Negative when `a` goes first. */
export function compareKeys(a: FolderKeyStatement, b: FolderKeyStatement): number {
  return b.at - a.at || (a.kid > b.kid ? -1 : 1);
}

interface WrapPlace {
  readonly folder: string;
  readonly kid: string;
  readonly did: Did;
  /** The device's key for sealing, as its entry in the device log has it. */
  readonly ecdh: PublicJwk;
}

/** SPEC E7: ECDH-ES. The secret is good for this device, this folder and this key, once. */
async function deriveWrapping(secret: Uint8Array, ephemeral: Uint8Array, place: WrapPlace) {
  const { folder, kid, did, ecdh } = place;
  const bytes = await deriveBytes(secret, {
    salt: concatBytes(ephemeral, jwkToPoint(ecdh)),
    info: JSON.stringify(['islet-folder-key-1', folder, kid, did]),
    length: 44,
  });
  return { key: await importAesKey(bytes.subarray(0, 32)), nonce: bytes.subarray(32), bound };
}

function jwkToPoint({ x, y }: PublicJwk): Bytes {
  return concatBytes(Uint8Array.of(4), base64urlToBytes(x), base64urlToBytes(y));
}

/** SPEC E7: a folder key for one device. `ephemeral` is a P-384 pair made for this one wrap. */
export async function wrapFolderKey(
  key: Uint8Array,
  place: WrapPlace,
  ephemeral: CryptoKeyPair,
): Promise<string> {
  const theirs = await crypto.subtle.importKey('raw', jwkToPoint(place.ecdh), curve, false, []);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', ephemeral.publicKey));
  const secret = await createDeriveSecret(ephemeral.privateKey)(theirs);
  const wrapping = await deriveWrapping(secret, point, place);
  return bytesToBase64url(concatBytes(point, await encryptAes({ ...wrapping, bytes: key })));
}

/** @throws IsletError E-SEALED-FORMAT; E-SEALED-KEY when it was not wrapped for this device, folder and key */
export async function unwrapFolderKey(wrap: string, place: WrapPlace, derive: DeriveSecret): Promise<Bytes> {
  const bytes = parseWrap(wrap);
  const point = bytes.subarray(0, pointLength);
  const wrapping = await deriveWrapping(await derive(await importPoint(point)), point, place);
  const key = await decryptAes({ ...wrapping, bytes: bytes.subarray(pointLength) });
  if (key && (await folderKeyId(key)) === place.kid) return key;
  throw new IsletError('E-SEALED-KEY', 'this folder key was not wrapped for this device', place.kid);
}

function parseWrap(wrap: string): Bytes {
  if (wrap.length <= 2 * wrapLength) {
    const bytes = base64urlToBytes(wrap);
    if (bytes.length === wrapLength) return bytes;
  }
  throw new IsletError('E-SEALED-FORMAT', 'not a wrapped folder key');
}

async function importPoint(point: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', point, curve, false, []);
  } catch {
    throw new IsletError('E-SEALED-FORMAT', 'a wrapped folder key with a point that is not on the curve');
  }
}
