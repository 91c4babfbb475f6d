import type * as Y from 'yjs';
import type { Random } from '../../../shared/bytes.ts';
import { type DeviceLog, isStillIn, listDevices } from '../../../shared/device/device-log.ts';
import {
  compareKeys,
  countRemoved,
  folderKeyId,
  type FolderKeyStatement,
  isFresh,
  signFolderKey,
  verifyFolderKey,
  wrapFolderKey,
} from '../../../shared/file/folder-key.ts';
import type { Did } from '../../../shared/identity/did.ts';
import type { DeviceKeys } from '../device/key-store.ts';
import type { OwnWrap } from './key-ring.ts';

/** The map of the index that has folder keys: `<folder>:<kid>` → statement, `<folder>:<kid>:<device>` → wrap (SPEC E6, E7). */
export function folderKeysOf(index: Y.Doc): Y.Map<unknown> {
  return index.getMap<unknown>('folderKeys');
}

/** How a device is named in fields of the index: the last 8 characters of the did under which it came in. */
export function deviceSuffix(origin: string): string {
  return origin.slice(-8);
}

export interface StoredKey {
  readonly folder: string;
  readonly kid: string;
  statement?: string;
  /** By the suffix of the device. */
  readonly wraps: Map<string, string>;
}

/** All folder keys of the index; what has another form is passed over. */
export function readStoredKeys(index: Y.Doc): Map<string, StoredKey> {
  const keys = new Map<string, StoredKey>();
  for (const [name, value] of folderKeysOf(index).entries()) {
    const [folder, kid, device] = name.split(':');
    if (!folder || !kid || typeof value !== 'string') continue;
    const key = keys.get(kid) ?? { folder, kid, wraps: new Map<string, string>() };
    keys.set(kid, key);
    if (key.folder !== folder) continue;
    if (device === undefined) key.statement = value;
    else key.wraps.set(device, value);
  }
  return keys;
}

/** The wraps for one device. */
export function ownWraps(keys: ReadonlyMap<string, StoredKey>, origin: string): OwnWrap[] {
  return [...keys.values()].flatMap(({ folder, kid, wraps }) => {
    const wrap = wraps.get(deviceSuffix(origin));
    return wrap === undefined ? [] : [{ kid, folder, wrap }];
  });
}

/** What devices of this log state of the keys of one folder. What does not hold is nobody's, and is passed over. */
export async function readStatements(
  keys: readonly StoredKey[],
  folder: string,
  log: DeviceLog,
): Promise<FolderKeyStatement[]> {
  const stated: FolderKeyStatement[] = [];
  for (const { kid, statement: text } of keys) {
    const statement = await verifyFolderKey(text, log).catch(() => undefined);
    if (statement?.folder === folder && statement.kid === kid) stated.push(statement);
  }
  return stated;
}

/** SPEC E8: the key under which a folder seals what is new; undefined when there is none. */
export function currentKey(
  statements: readonly FolderKeyStatement[],
  log: DeviceLog,
): FolderKeyStatement | undefined {
  return statements.filter((statement) => isFresh(statement, log)).sort(compareKeys)[0];
}

export interface KeyMaker {
  keys: DeviceKeys;
  log: DeviceLog;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** Fields to set in the map of folder keys; undefined takes one away. */
export type KeyFields = Map<string, string | undefined>;

/** A new key of a folder, for every device that is in the log and not removed; later than those of the same folder. */
export async function makeFolderKey(
  folder: string,
  { keys, log, now, random }: KeyMaker,
  before: readonly FolderKeyStatement[],
): Promise<KeyFields> {
  const key = random(32);
  const kid = await folderKeyId(key);
  const live = before.filter(({ by }) => isStillIn(log, by));
  const at = live.reduce((latest, statement) => Math.max(latest, statement.at + 1), now());
  const statement = { iss: log.idTag, folder, kid, by: keys.did, at, removed: countRemoved(log) };
  const fields = await wrapForOthers({ folder, kid, wraps: new Map() }, key, log);
  return fields.set(`${folder}:${kid}`, await signFolderKey(statement, keys.sign));
}

/** Wraps of one key for the devices that lack it. */
export async function wrapForOthers(
  { folder, kid, wraps }: StoredKey,
  key: Uint8Array,
  log: DeviceLog,
): Promise<KeyFields> {
  const fields: KeyFields = new Map();
  for (const { origin, ecdh } of listDevices(log)) {
    if (wraps.has(deviceSuffix(origin))) continue;
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-384' }, false, [
      'deriveBits',
    ]);
    fields.set(
      `${folder}:${kid}:${deviceSuffix(origin)}`,
      await wrapFolderKey(key, { folder, kid, did: origin, ecdh }, pair),
    );
  }
  return fields;
}

/** Wraps that are taken away: those of devices that were removed. */
export function wrapsOfRemoved({ folder, kid, wraps }: StoredKey, log: DeviceLog): KeyFields {
  const live = new Set(listDevices(log).map(({ origin }) => deviceSuffix(origin)));
  const all = [...log.devices.values()].map(({ origin }) => deviceSuffix(origin));
  const removed = all.filter((device) => !live.has(device));
  return new Map(
    removed.filter((device) => wraps.has(device)).map((device) => [`${folder}:${kid}:${device}`, undefined]),
  );
}

/** True when some device that is in can open the key. */
export function isHeld(key: StoredKey, log: DeviceLog): boolean {
  return listDevices(log).some(({ origin }) => holdsKey(key, origin));
}

/** True when this device can open the key. */
export function holdsKey({ wraps }: StoredKey, origin: Did): boolean {
  return wraps.has(deviceSuffix(origin));
}
