import type { DeviceState } from '../../shared/api/devices.ts';
import { quarantineListSchema } from '../../shared/api/quarantine.ts';
import {
  type DeviceLog,
  type EnrolledDevice,
  findDevice,
  listDevices,
} from '../../shared/device/device-log.ts';
import { mayWriteSpace } from '../../shared/device/presets.ts';
import type { Did } from '../../shared/identity/did.ts';
import { routes } from '../../shared/routes.ts';
import type { Account } from '../client/account.ts';
import { type Claimant, readClaimants } from '../client/device/copied.ts';
import type { Quarantine } from '../client/device/quarantine.ts';
import { createDeviceUpkeep } from '../client/device/upkeep.ts';
import type { Documents } from '../client/documents/documents.ts';
import { tellCopiedKeys, type Claimed } from '../client/watch/copied-keys.ts';
import { t } from '../i18n/devices/translate.ts';
import { provideDeviceCare, setQuarantined } from './device-care.ts';
import { database, random } from './documents.ts';
import { type DeviceRow, provideIdentity, setDevices } from './identity.ts';
import { showLimits } from './limits.ts';
import { readOrders } from './orders.ts';

/** Fills the part of Settings about devices, at first from `pinned`, the log as this device has it; returns what reads the list again. */
export function provideDevices(
  account: Account,
  documents: Documents,
  pinned: DeviceLog,
): () => Promise<void> {
  const { api, doorkeeper } = account;
  const upkeep = createDeviceUpkeep(api, doorkeeper);
  const untitled = (device: string): string => t('handed.untitled', { device });
  const now = (): number => Date.now();
  /** It knows every type of document, and few people ever need it. */
  const quarantine = async (): Promise<Quarantine> => {
    const { createQuarantine } = await import('../client/device/quarantine.ts');
    return createQuarantine({ api, documents, untitled, now, random });
  };

  function show(log: DeviceLog, states?: readonly DeviceState[], claimants?: Map<Did, Claimant[]>): void {
    setDevices(
      listDevices(log)
        .map((device): DeviceRow => {
          const state = states?.find(({ did }) => did === device.did);
          const row = describe(device, state, claimants?.get(device.did), device.did === account.did);
          return states ? row : { ...row, seen: null };
        })
        .sort((a, b) => Number(b.current) - Number(a.current) || (b.seen ?? 0) - (a.seen ?? 0)),
    );
  }

  async function refresh(): Promise<void> {
    const [log, states] = await Promise.all([account.readDevices(), upkeep.list()]);
    readOrders(log);
    const claimants = await readAllClaimants(log, states);
    show(log, states, claimants);
    await tellCopiedKeys(await database(), nameClaimed(log, claimants), now());
    const own = findDevice(log, account.did);
    if (!own) return;
    showLimits(own.cap);
    const isShown = mayWriteSpace(own.cap);
    setQuarantined(isShown ? (await api.get(routes.quarantine, quarantineListSchema)).items : []);
  }

  const remove = (did: Did): Promise<void> => doorkeeper.remove(did);
  provideDeviceCare({ upkeep, remove, quarantine, refresh });
  provideIdentity({
    removeDevice: async (did) => {
      await remove(did as Did);
      await refresh();
    },
  });
  show(pinned);
  void refresh().catch(() => undefined); // offline the list stays as it is; the relay's next word fills it
  return refresh;
}

async function readAllClaimants(
  log: DeviceLog,
  states: readonly DeviceState[],
): Promise<Map<Did, Claimant[]>> {
  const read = states
    .filter(({ suspended }) => suspended)
    .map(async (state) => [state.did, await readClaimants(log, state)] as const);
  return new Map(await Promise.all(read));
}

function nameClaimed(log: DeviceLog, claimants: ReadonlyMap<Did, Claimant[]>): Claimed {
  return new Map(
    [...claimants].map(([did, each]) => [did, { name: findDevice(log, did)?.name ?? did, claimants: each }]),
  );
}

function describe(
  device: EnrolledDevice,
  state: DeviceState | undefined,
  suspended: readonly Claimant[] | undefined,
  current: boolean,
): DeviceRow {
  const { did, name, kind, cap, addedAt, until } = device;
  return {
    ...{ did, name, kind, cap, added: addedAt * 1000, current },
    ends: until === undefined ? undefined : until * 1000,
    seen: state?.seenAt,
    asked: state?.askedAt,
    suspended,
  };
}
