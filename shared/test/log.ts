import { type Capability, everything } from '../device/capability.ts';
import { appendLogEntry, type DeviceLog, type LogOperation, signLogEntry } from '../device/device-log.ts';
import { parseIdTag } from '../identity/id-tag.ts';
import { describeDevice, type TestKey } from './keys.ts';

export const alice = parseIdTag('alice.test');
export const bob = parseIdTag('bob.test');
/** 21 November 2026, in seconds. */
export const noon = 1_795_262_400;

/** A log that grows, with the text of its entries. */
export interface GrowingLog {
  readonly log: DeviceLog;
  readonly entries: readonly string[];
}

export async function appendOperation(
  grown: GrowingLog | undefined,
  by: TestKey,
  op: LogOperation,
  iat = noon,
): Promise<GrowingLog> {
  const entry = await signLogEntry(grown?.log, { iss: alice, iat, by: by.did, op }, by.sign);
  const log = await appendLogEntry(alice, grown?.log, entry);
  return { log, entries: [...(grown?.entries ?? []), entry] };
}

export function addition(
  key: TestKey,
  cap: readonly Capability[] = everything,
  name = 'laptop',
): LogOperation {
  return { t: 'add', device: describeDevice(key, name), cap: [...cap] };
}

/** A log of one device that may do everything. */
export function startLog(key: TestKey): Promise<GrowingLog> {
  return appendOperation(undefined, key, addition(key));
}
