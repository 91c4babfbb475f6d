import { rm } from 'node:fs/promises';
import type { Adopted, AdoptItem } from '../../shared/api/restore.ts';
import { adoptedSchema } from '../../shared/api/restore.ts';
import { type LogOperation, signLogEntry, verifyDeviceLog } from '../../shared/device/device-log.ts';
import { type IdentityKey, profileSchema } from '../../shared/identity/key-set.ts';
import { deviceLogSchema, enrolledSchema, routes } from '../../shared/routes.ts';
import { dataOf, json, type TestDevice, type TestKeys } from './device.ts';
import type { TestAnswer, TestRelay } from './network.ts';

/** What survives of an identity when its relay is gone. */
export interface Survival {
  readonly entries: readonly string[];
  readonly keys: readonly IdentityKey[];
  /** Everything the device has pulled. */
  readonly items: readonly AdoptItem[];
}

export async function remember(device: TestDevice): Promise<Survival> {
  const { entries } = dataOf(await device.relay.ask(routes.deviceLog), deviceLogSchema);
  const { keys } = dataOf(await device.relay.ask(routes.me), profileSchema);
  const items = (await device.items()).map(({ token, receivedAt, proof, deliveries }) => ({
    ...{ token, receivedAt, deliveries },
    ...(proof && { proof }),
  }));
  return { entries: entries.map(({ entry }) => entry), keys, items };
}

/** The disk is gone; a new relay starts under the same name. */
export async function loseDisk(relay: TestRelay): Promise<void> {
  await relay.stop();
  await rm(relay.folder, { recursive: true, force: true });
  await relay.start();
}

/** Signs the entry that follows what survived. */
export async function goOn(
  device: TestDevice,
  { entries }: Pick<Survival, 'entries'>,
  op: LogOperation,
  by: Pick<TestKeys, 'did' | 'sign'> = device.keys,
): Promise<string> {
  const log = await verifyDeviceLog(device.relay.idTag, entries);
  const said = { iss: device.relay.idTag, iat: device.seconds(), by: by.did, op };
  return signLogEntry(log, said, by.sign);
}

export function askRestore(
  device: TestDevice,
  { entries, keys }: Pick<Survival, 'entries' | 'keys'>,
  entry: string,
  setup = device.setupToken(),
): Promise<TestAnswer> {
  const body = JSON.stringify({ setup, entries, keys, entry });
  return device.relay.ask(routes.restore, { method: 'POST', headers: json, body });
}

/** The device that survived fills the new relay's device log and speaks again. */
export async function restore(device: TestDevice, survival: Survival): Promise<void> {
  const { gen } = await verifyDeviceLog(device.relay.idTag, survival.entries);
  const entry = await goOn(device, survival, { t: 'gen', gen: gen + 1 });
  device.delegation = dataOf(await askRestore(device, survival, entry), enrolledSchema).delegation;
  device.forgetToken();
}

export async function adopt(device: TestDevice, items: readonly AdoptItem[]): Promise<Adopted[]> {
  return dataOf(await device.ask(routes.adopt, 'POST', { items }), adoptedSchema).results;
}
