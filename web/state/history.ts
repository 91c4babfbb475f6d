import { createSignal } from 'solid-js';
import { type DeviceLog, verifyDeviceLog } from '../../shared/device/device-log.ts';
import type { DeviceKeys, Membership } from '../client/device/key-store.ts';
import { type ForgettingPlan, forgetHistory } from '../client/history/forget.ts';
import { fetchRows } from '../client/history/history-rows.ts';
import { recordInOneTab } from '../client/history/recorder.ts';
import type { Witnesses } from '../client/history/verify.ts';
import type { RelayApi } from '../client/relay/relay-api.ts';
import { database, random } from './documents.ts';
import { openText } from './text-app.ts';

/** What the history of a document needs of an identity. */
export interface HistorySource {
  /** @returns how many batches came. @throws RelayUnreachable, IsletError */
  fetch(doc: string): Promise<number>;
  /** The device log and the keys as this device knows them: asks nobody. */
  witnesses(): Promise<Witnesses>;
  forget(doc: string, plan: ForgettingPlan): Promise<void>;
}

const [historySource, setSource] = createSignal<HistorySource>();

/** Undefined while this browser speaks for nobody. */
export { historySource };

interface Parts {
  readonly api: RelayApi;
  /** Those of now: they are renewed now and then. */
  readonly keys: () => Promise<DeviceKeys>;
  readonly membership: () => Promise<Membership | undefined>;
  readonly begun: Membership;
}

/** Gives histories their relay and their device log; the account does, once. */
export function provideHistory({ api, keys, membership, begun }: Parts): void {
  const now = (): number => Date.now();
  setSource({
    fetch: async (doc) => fetchRows(await database(), api, doc),
    witnesses: async () => {
      const { idTag, entries, keys: known } = (await membership()) ?? begun;
      const log: DeviceLog = await verifyDeviceLog(idTag, entries);
      return { space: idTag, log, keys: known };
    },
    forget: async (doc, plan) =>
      forgetHistory(doc, plan, {
        ...{ db: await database(), keys: await keys() },
        ...{ api, space: begun.idTag, now, random },
      }),
  });
}

/** Notes what is written here, for the history of what no relay has. @param onFailure hears what could not be noted */
export async function keepHistory(onFailure: (error: unknown) => void): Promise<void> {
  const [db, { documents }] = await Promise.all([database(), openText()]);
  recordInOneTab({ db, documents, now: () => Date.now(), onFailure });
}
