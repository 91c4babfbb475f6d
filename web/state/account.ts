import { everything } from '../../shared/device/capability.ts';
import { parseDelegation } from '../../shared/device/delegation.ts';
import { findDevice, verifyDeviceLog } from '../../shared/device/device-log.ts';
import { mayWriteFolder, mayWriteSpace } from '../../shared/device/presets.ts';
import { isErrorCode, IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { type Account, startAccount } from '../client/account.ts';
import { enrolFirst } from '../client/device/enrolment.ts';
import { openKeyStore, type KeyStore, type Membership } from '../client/device/key-store.ts';
import { RelayUnreachable } from '../client/relay/relay-api.ts';
import { t as devices } from '../i18n/devices/translate.ts';
import { t } from '../i18n/standing/translate.ts';
import { t as where } from '../i18n/where/translate.ts';
import { provideDevices } from './account-devices.ts';
import { provideAlarms } from './alarms.ts';
import { provideSayings } from './account-sayings.ts';
import { provideMessages } from './messages.ts';
import { provideOrders, readOrders } from './orders.ts';
import { provideRemoteBlobs } from './blobs.ts';
import { chip, type RelaySync, setRelaySync } from './chip.ts';
import { claimElsewhere } from './claim-elsewhere.ts';
import { database, documentList, random } from './documents.ts';
import { openFiles } from './files-client.ts';
import { keepHistory, provideHistory } from './history.ts';
import { setIdentity } from './identity.ts';
import { isGivenUp, type JoinFailure, type JoiningSource, setJoining } from './joining.ts';
import { provideHouse } from './house.ts';
import { providePairing } from './pairing.ts';
import { minutesLate } from './late.ts';
import { showLimits } from './limits.ts';
import { provideRefusalWords } from './refusals.ts';
import { createRemoval } from './removal.ts';
import { provideRooms } from './rooms.ts';
import { provideSharing } from './sharing.ts';
import { setStanding, standing } from './standing.ts';
import { openText } from './text-app.ts';
import { notePresence, provideTyping } from './typing.ts';
import { provideWays } from './ways.ts';

const now = (): number => Date.now();
let store: Promise<KeyStore> | undefined;

function keyStore(): Promise<KeyStore> {
  store ??= openKeyStore();
  return store;
}

/** Starts speaking for the identity when this browser is enrolled; does nothing when it is not. */
export async function resumeAccount(): Promise<void> {
  provideRefusalWords();
  keepHistory(sayUnkept).catch(sayUnkept);
  const membership = await (await keyStore()).membership();
  if (membership) await begin(membership);
  else setIdentity({ kind: 'unclaimed' }, (await (await keyStore()).existingKeys())?.did);
}

/** What is written is safe, but its history has a gap. */
function sayUnkept(error: unknown): void {
  setRelaySync({ kind: 'attention', message: error instanceof Error ? error.message : String(error) });
}

/** Since when this page can be on time. */
let online = now();
addEventListener('online', () => (online = now()));

/** An alarm where nothing arrives though the browser is online; before that it is a normal state. */
function orLate(state: RelaySync): RelaySync {
  const minutes = minutesLate(state, now(), navigator.onLine ? online : undefined);
  if (minutes === undefined) return state;
  return { kind: 'attention', message: where('late', { minutes: String(minutes) }) };
}

/** A refusal in the words for where this device stands; the chip has some of its own. */
function inPlainWords(state: RelaySync): RelaySync {
  if (state.kind !== 'attention') return state;
  if (state.left)
    return { kind: 'attention', message: devices('folder.left', { names: state.left.join(', ') }) };
  if (!state.code?.startsWith('E-DELEGATION')) return state;
  const { kind } = state.code === 'E-DELEGATION-SUSPENDED' ? { kind: 'suspended' as const } : standing();
  return kind === 'away' || kind === 'suspended' ? { kind: 'attention', message: t(kind) } : state;
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
  const cap = log.devices.get(keys.did)?.cap ?? everything;
  showLimits(cap);
  const hearRemoval = createRemoval({ db, documents, store: keep, now, account: () => account });
  let refreshDevices = (): Promise<void> => Promise.resolve();
  const account: Account = startAccount({
    ...{ db, documents, files, keys, membership, cap, store: keep, now, random },
    onState: (state) => {
      setRelaySync(orLate(inPlainWords(state)));
      // It was narrowed, and may not even hear of that where it heard of all else.
      if (state.kind === 'attention' && state.code === 'E-DELEGATION-SCOPE')
        void refreshDevices().catch(() => undefined);
    },
    onStanding: (standing) => {
      setStanding(standing);
      hearRemoval(standing);
    },
    onPresence: notePresence,
    onDevices: () => void refreshDevices().catch(() => undefined), // told again when the relay is back
  });
  setIdentity({ kind: 'claimed', idTag, name, device }, keys.did);
  refreshDevices = provideDevices(account, documents, log);
  provideOrders(account);
  providePairing(account);
  provideHouse({ api: account.api, apiBase: membership.apiBase, actions: account.actions });
  provideHistory({
    api: account.api,
    keys: () => keep.deviceKeys(),
    membership: () => keep.membership(),
    begun: membership,
  });
  provideWays(account.ways);
  provideSayings(account, db);
  provideAlarms(db);
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
    const membership = await work();
    const account = await begin(membership);
    // What a device that only reads or posts has written stays on it.
    const { cap } = parseDelegation(membership.delegations[0] ?? '');
    if (mayWriteSpace(cap) || mayWriteFolder(cap)) await claimDocuments(account);
    else setJoining({ kind: 'done', idTag: account.idTag });
  } catch (error) {
    if (isGivenUp(error)) throw error;
    tellFailure(error);
  }
}

function tellFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof IsletError && isErrorCode(error.code) ? error.code : '';
  const reason = error instanceof RelayUnreachable ? 'unreachable' : (failures[code] ?? 'other');
  setJoining({ kind: 'failed', reason, message, code: code || (error instanceof Error ? error.name : '') });
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
    claim: async (setup, whose) => {
      const idTag = whose === undefined ? undefined : parseIdTag(whose);
      const own = await (await keyStore()).membership();
      if (own) return claimElsewhere(setup, own.idTag, idTag).catch(tellFailure);
      await telling(async () => {
        const keep = await assertFree();
        const options = { store: keep, appOrigin: location.origin, deviceName: deviceName(), now };
        return enrolFirst(setup, { ...options, idTag });
      });
    },
    enter: (work) =>
      telling(async () => work({ store: await assertFree(), appOrigin: location.origin, now })),
  };
}
