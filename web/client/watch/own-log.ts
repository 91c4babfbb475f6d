import * as v from 'valibot';
import { type DeviceLog, parseLogEntry } from '../../../shared/device/device-log.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Did } from '../../../shared/identity/did.ts';
import type { Database } from '../store/database.ts';
import { raiseAlarm } from './alarms.ts';

interface OwnLogParts {
  readonly db: Database;
  /** The log as the relay has it, compared with the one that was pinned here. @throws IsletError E-LOG-*; RelayUnreachable */
  readonly readLog: () => Promise<DeviceLog>;
  /** Its entries, as they are kept here. */
  readonly readEntries: () => Promise<readonly string[]>;
  /** What this device signs with. */
  readonly did: Did;
  readonly now: () => number;
}

const cursorSchema = v.optional(v.object({ space: v.literal('own-log'), length: v.number() }));

/**
 * Reads the identity's own log: a fork is told, and so is every device that came in by another one's hand (SPEC L6, L14).
 * @returns the log; undefined when the relay shows one that cannot be right
 * @throws RelayUnreachable
 */
export async function watchOwnLog(parts: OwnLogParts): Promise<DeviceLog | undefined> {
  const { db, readLog, now } = parts;
  try {
    const log = await readLog();
    await tellNewDevices(log, parts);
    return log;
  } catch (error) {
    if (!(error instanceof IsletError) || !/^E-(LOG|TOKEN|KEY)-/.test(error.code)) throw error;
    const day = Math.floor(now() / 86_400_000);
    await raiseAlarm(db, { id: `log:${error.code}:${day}`, kind: 'log', at: now(), words: error.message });
    return undefined;
  }
}

async function tellNewDevices(log: DeviceLog, { db, readEntries, did, now }: OwnLogParts): Promise<void> {
  const known = v.parse(cursorSchema, await db.cursors.get('own-log'))?.length;
  if (known === log.length) return;
  const entries = (await readEntries()).slice(0, log.length);
  // A device that looks for the first time begins with what is there.
  for (const [i, text] of entries.entries()) {
    if (known === undefined || i < known) continue;
    const { op, by } = parseLogEntry(text);
    if (op.t !== 'add' || isLine(log, by, did)) continue;
    const words = log.devices.get(by)?.name ?? log.keys.get(by)?.name ?? by;
    await raiseAlarm(db, {
      id: `device:${op.device.did}`,
      kind: 'device',
      at: now(),
      what: op.device.name,
      words,
    });
  }
  await db.cursors.put({ space: 'own-log', length: log.length });
}

/** The same device, with these keys or with earlier ones. */
function isLine(log: DeviceLog, one: Did, other: Did): boolean {
  return one === other || (log.devices.get(one)?.origin ?? one) === log.devices.get(other)?.origin;
}
