import type { DeviceState } from '../../shared/api/devices.ts';
import { type EnrolledDevice, listDevices } from '../../shared/device/device-log.ts';
import { mayWriteSpace } from '../../shared/device/presets.ts';
import type { Did } from '../../shared/identity/did.ts';
import type { Account } from '../client/account.ts';
import { createQuarantine } from '../client/device/quarantine.ts';
import { createDeviceUpkeep } from '../client/device/upkeep.ts';
import type { Documents } from '../client/documents/documents.ts';
import { t } from '../i18n/devices/translate.ts';
import { provideDeviceCare, setQuarantined } from './device-care.ts';
import { type DeviceRow, provideIdentity, setDevices } from './identity.ts';
import { showLimits } from './limits.ts';
import { readOrders } from './orders.ts';

/** Fills the part of Settings about devices; returns what reads the list again. */
export function provideDevices(account: Account, documents: Documents): () => Promise<void> {
  const { api, doorkeeper } = account;
  const upkeep = createDeviceUpkeep(api, doorkeeper);
  const untitled = (device: string): string => t('handed.untitled', { device });
  const quarantine = createQuarantine({ api, documents, untitled });

  async function refresh(): Promise<void> {
    const [log, states] = await Promise.all([account.readDevices(), upkeep.list()]);
    readOrders(log);
    const devices = listDevices(log);
    const own = devices.find(({ did }) => did === account.did);
    setDevices(
      devices
        .map((device) =>
          describe(
            device,
            states.find(({ did }) => did === device.did),
            device === own,
          ),
        )
        .sort((a, b) => Number(b.current) - Number(a.current) || (b.seen ?? 0) - (a.seen ?? 0)),
    );
    if (!own) return;
    showLimits(own.cap);
    setQuarantined(mayWriteSpace(own.cap) ? await quarantine.list() : []);
  }

  const remove = (did: Did): Promise<void> => doorkeeper.remove(did);
  provideDeviceCare({ upkeep, remove, quarantine, refresh });
  provideIdentity({
    removeDevice: async (did) => {
      await remove(did as Did);
      await refresh();
    },
  });
  void refresh().catch(() => undefined); // offline the list stays as it is; the relay's next word fills it
  return refresh;
}

function describe(device: EnrolledDevice, state: DeviceState | undefined, current: boolean): DeviceRow {
  const { did, name, kind, cap, addedAt, until } = device;
  return {
    ...{ did, name, kind, cap, added: addedAt * 1000, current },
    ends: until === undefined ? undefined : until * 1000,
    seen: state?.seenAt,
    asked: state?.askedAt,
    suspended: state?.suspended?.at,
  };
}
