import 'fake-indexeddb/auto';
import * as Y from 'yjs';
import { everything } from '../../../shared/device/capability.ts';
import {
  appendLogEntry,
  type DeviceLog,
  type LogOperation,
  signLogEntry,
} from '../../../shared/device/device-log.ts';
import { blobId } from '../../../shared/file/blob-id.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import type { Bytes } from '../../../shared/bytes.ts';
import { type KeyStore, openKeyStore } from '../device/key-store.ts';
import { createLiveKeys, type LiveKeys } from '../device/live-keys.ts';
import { addEntry, entriesOf, readEntry } from '../documents/index-entries.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { createVaults, type PlainFile, type Vaults } from './vaults.ts';

export const idTag = parseIdTag('alice.test');

let made = 0;

export function random(n: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(n));
}

/** One device with real keys, a real database and its own copy of the index. */
export interface TestDevice {
  readonly keys: LiveKeys;
  readonly store: KeyStore;
  readonly db: Database;
  readonly index: Y.Doc;
  readonly vaults: Vaults;
  /** What this device knows of the log; set by the test. */
  log: DeviceLog | undefined;
  /** Blobs at hand. */
  readonly blobs: Map<string, Blob>;
  close(): void;
}

/** `clock` is in milliseconds. */
export async function createDevice(clock: () => number = () => 1_800_000_000_000): Promise<TestDevice> {
  const name = `sealed-${made++}`;
  const store = await openKeyStore(`${name}-keys`);
  const keys = createLiveKeys(await store.deviceKeys());
  const db = await openDatabase(name);
  const index = new Y.Doc();
  const rows = () =>
    new Map(
      [...entriesOf(index).keys()].flatMap((id) => {
        const entry = readEntry(index, id);
        return entry ? [[id, entry] as const] : [];
      }),
    );
  const readLog = () =>
    device.log ? Promise.resolve(device.log) : Promise.reject(new Error('this device is in no log yet'));
  const hash = async (blob: Blob) => blobId(new Uint8Array(await blob.arrayBuffer()));
  const vaults = createVaults({ db, index, rows, keys, readLog, hash, now: clock, random });
  const device: TestDevice = {
    ...{ keys, store, db, index, vaults, log: undefined, blobs: new Map<string, Blob>() },
    close: () => {
      vaults.close();
      db.close();
      store.close();
    },
  };
  return device;
}

/** Adds devices to, or removes one from, the log by `by`, and tells every device given. */
export async function append(
  log: DeviceLog | undefined,
  by: TestDevice,
  op: LogOperation,
  tell: readonly TestDevice[],
): Promise<DeviceLog> {
  const entry = { iss: idTag, iat: 1000, by: by.keys.did, op };
  const next = await appendLogEntry(idTag, log, await signLogEntry(log, entry, by.keys.sign));
  for (const device of tell) device.log = next;
  return next;
}

export function adding({ keys: { did, jwk, ecdh } }: TestDevice, name = 'device'): LogOperation {
  return { t: 'add', device: { did, jwk, ecdh, name }, cap: [...everything] };
}

export function removing({ keys: { did } }: TestDevice): LogOperation {
  return { t: 'remove', did };
}

/** Everybody gets everything. */
export function exchange(...devices: readonly TestDevice[]): void {
  for (const from of devices)
    for (const to of devices) if (from !== to) Y.applyUpdate(to.index, Y.encodeStateAsUpdate(from.index));
}

/** A sealed folder as the tree enters it, with its first key. */
export async function addVault(device: TestDevice, folder: string): Promise<void> {
  addEntry(device.index, folder, { type: 'folder', title: 'Papers', vault: '1', created: 1, edited: 1 });
  await device.vaults.ensureKeys();
}

export function textFile(title: string, text: string): PlainFile {
  const blob = new Blob([text], { type: 'text/plain' });
  const variant = { name: 'raw.orig', blob: '', format: 'txt', size: blob.size, width: 0, height: 0 };
  return {
    title,
    mime: 'text/plain',
    size: blob.size,
    variants: [variant],
    blobs: new Map([['raw.orig', blob]]),
  };
}

/** Seals a file into a vault, enters it, and keeps its bytes. */
export async function addSealed(
  device: TestDevice,
  vault: string,
  id: string,
  file: PlainFile,
): Promise<void> {
  const { fields, blobs } = await device.vaults.sealFile(vault, id, file);
  addEntry(device.index, id, { ...fields, parent: vault, created: 1, edited: 1 });
  for (const [blob, bytes] of blobs) device.blobs.set(blob, bytes);
}

/** The sealed text of an entry as this device has it. */
export function sealedOf(device: TestDevice, id: string): { id: string; sealed: string } {
  const sealed = readEntry(device.index, id)?.sealed;
  if (sealed === undefined) throw new Error(`${id} is not sealed here`);
  return { id, sealed };
}
