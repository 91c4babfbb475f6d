import { findDevice, verifyDeviceLog } from '../../shared/device/device-log.ts';
import type { DeviceLink } from '../../shared/device/link.ts';
import { isErrorCode, IsletError } from '../../shared/errors.ts';
import { type Account, startAccount } from '../client/account.ts';
import { enrolByLink, enrolFirst } from '../client/device/enrolment.ts';
import { openKeyStore, type KeyStore, type Membership } from '../client/device/key-store.ts';
import { RelayUnreachable } from '../client/relay/relay-api.ts';
import { provideDevices } from './account-devices.ts';
import { provideSayings } from './account-sayings.ts';
import { provideMessages } from './messages.ts';
import { provideOrders, readOrders } from './orders.ts';
import { provideRemoteBlobs } from './blobs.ts';
import { chip, type RelaySync, setRelaySync } from './chip.ts';
import { database, documentList, random } from './documents.ts';
import { openFiles } from './files-client.ts';
import { setIdentity } from './identity.ts';
import { type JoinFailure, type JoiningSource, setJoining } from './joining.ts';
import { provideRooms } from './rooms.ts';
import { provideSharing } from './sharing.ts';
import { openText } from './text-app.ts';
import { notePresence, provideTyping } from './typing.ts';

const now = (): number => Date.now();
/** Pause between two looks at a link that waits for the first device, in milliseconds. */
const lookAgain = 1500;

let store: Promise<KeyStore> | undefined;

function keyStore(): Promise<KeyStore> {
  store ??= openKeyStore();
  return store;
}

/** Starts speaking for the identity when this browser is enrolled; does nothing when it is not. */
export async function resumeAccount(): Promise<void> {
  const membership = await (await keyStore()).membership();
  if (membership) await begin(membership);
  else setIdentity({ kind: 'unclaimed' }, (await (await keyStore()).existingKeys())?.did);
}

async function begin(membership: Membership): Promise<Account> {
  const { idTag, entries, name = idTag } = membership;
  const keep = await keyStore();
  const [db, { documents }, files, keys] = await Promise.all([
    database(),
    openText(),
    openFiles(),
    keep.deviceKeys(),
  ]);
  const log = await verifyDeviceLog(idTag, entries);
  const device = findDevice(log, keys.did)?.name ?? '';
  readOrders(log);
  let refreshDevices = (): Promise<void> => Promise.resolve();
  const account = startAccount({
    ...{ db, documents, files, keys, membership, store: keep, now, random },
    onState: setRelaySync,
    onPresence: notePresence,
    onDevices: () => void refreshDevices().catch(() => undefined), // told again when the relay is back
  });
  setIdentity({ kind: 'claimed', idTag, name, device }, keys.did);
  refreshDevices = provideDevices(account);
  provideOrders(account);
  provideSayings(account, db);
  provideMessages(account, db);
  provideSharing(account.actions);
  provideRemoteBlobs(account.readBlob);
  provideRooms(account.rooms);
  provideTyping(account.tellTyping);
  addEventListener('online', account.wake);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') account.wake();
  });
  return account;
}

const failures: Partial<Record<string, JoinFailure>> = {
  'E-SETUP-USED': 'used',
  'E-SETUP-UNKNOWN': 'invalid',
  'E-LINK-USED': 'used',
  'E-LINK-UNKNOWN': 'invalid',
  'E-LINK-EXPIRED': 'expired',
  'E-NET-FAILED': 'unreachable',
};

async function telling(work: () => Promise<Membership>): Promise<void> {
  try {
    await claimDocuments(await begin(await work()));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof IsletError && isErrorCode(error.code) ? error.code : '';
    const reason = error instanceof RelayUnreachable ? 'unreachable' : (failures[code] ?? 'other');
    setJoining({ kind: 'failed', reason, message });
  }
}

/** Waits until the relay has acknowledged what was on this device, and shows how far it is. */
async function claimDocuments({ idTag }: Account): Promise<void> {
  const total = documentList().length;
  setJoining({ kind: 'claiming', done: 0, total });
  for (;;) {
    const state: RelaySync = chip.relay;
    if (state.kind === 'synced') break;
    if (state.kind === 'attention') throw new Error(state.message);
    if (state.kind === 'sending')
      setJoining({ kind: 'claiming', done: Math.max(0, total - state.rows), total });
    await pause(100);
  }
  setJoining({ kind: 'done', idTag });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A browser is a device of one identity. @throws IsletError E-SETUP-USED */
async function assertFree(): Promise<KeyStore> {
  const keep = await keyStore();
  const membership = await keep.membership();
  if (membership)
    throw new IsletError('E-SETUP-USED', `This browser already belongs to ${membership.idTag}.`);
  return keep;
}

/** What the pages `/setup` and `/enrol` do. */
export function createJoining(deviceName: () => string): JoiningSource {
  return {
    claim: (setup) =>
      telling(async () => {
        const keep = await assertFree();
        return enrolFirst(setup, { store: keep, appOrigin: location.origin, deviceName: deviceName(), now });
      }),
    enrol: (link: DeviceLink, name) =>
      telling(async () => {
        const keep = await assertFree();
        const options = { store: keep, appOrigin: location.origin, deviceName: name, now };
        return enrolByLink(link, options, async () => {
          setJoining({ kind: 'waiting' });
          await pause(lookAgain);
        });
      }),
  };
}
