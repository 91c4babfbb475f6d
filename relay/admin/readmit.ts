import { type DeviceLog, listDevices, verifyDeviceLog } from '../../shared/device/device-log.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { ConfigError } from '../config.ts';
import type { Database } from '../store/database.ts';
import { listLogEntries } from '../store/device-log.ts';
import { grantReadmission, listReadmissions } from '../store/devices.ts';
import { openExisting } from './open-existing.ts';

const usage = 'use: readmit <name>, or readmit <name> <device>';

/**
 * `readmit <name> [<device>]`: shows the devices of an identity and which ask to come back, or lets one come back that was away for too
 * long; it is named by its name or by the end of its did. The relay must be stopped.
 * @returns what is to be told, without a line end
 * @throws ConfigError, Error in one line
 */
export async function runReadmit(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const [name, wanted, ...rest] = args;
  if (name === undefined || rest.length > 0) throw new ConfigError([usage]);
  const idTag = parseIdTag(name);
  const { store } = await openExisting(idTag, environment);
  try {
    const log = await readLog(store.db, idTag);
    if (wanted === undefined) return await describe(store.db, log);
    const { did, name: called } = findOne(log, wanted);
    await grantReadmission(store.db, idTag, did, Date.now());
    return `${idTag}: ${called} (${shorten(did)}) may come back`;
  } finally {
    await store.close();
  }
}

async function readLog(db: Database, idTag: IdTag): Promise<DeviceLog> {
  const rows = await listLogEntries(db, idTag);
  if (rows.length === 0) throw new Error(`${idTag} has no devices here`);
  return verifyDeviceLog(
    idTag,
    rows.map(({ entry }) => entry),
  );
}

function findOne(log: DeviceLog, wanted: string) {
  const found = listDevices(log).filter(({ did, name }) => name === wanted || did.endsWith(wanted));
  if (found.length > 1) throw new Error(`${found.length} devices are called ${wanted}: name one by its did`);
  if (!found[0]) throw new Error(`${log.idTag} has no device ${wanted}; removed ones do not come back`);
  return found[0];
}

async function describe(db: Database, log: DeviceLog): Promise<string> {
  const asks = await listReadmissions(db, log.idTag);
  return listDevices(log)
    .map(({ did, name }) => {
      const ask = asks.find((row) => row.did === did);
      const state =
        ask === undefined ? '' : ask.granted_at === null ? ', asks to come back' : ', may come back';
      return `${log.idTag}: ${name} (${shorten(did)})${state}`;
    })
    .join('\n');
}

function shorten(did: string): string {
  return `…${did.slice(-12)}`;
}
