import * as v from 'valibot';
import type { Random } from '../../shared/bytes.ts';
import { allows, type Capability } from '../../shared/device/capability.ts';
import { parseDelegation } from '../../shared/device/delegation.ts';
import { type DeviceLog, verifyDeviceLog } from '../../shared/device/device-log.ts';
import { findFolder, mayReadSpace, mayWriteFolder, mayWriteSpace } from '../../shared/device/presets.ts';
import { IsletError } from '../../shared/errors.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { routes } from '../../shared/routes.ts';
import { askForBackgroundFlush } from './actions/background.ts';
import { type Actions, createActions } from './actions/actions.ts';
import { createMarks, type Marks } from './actions/marks.ts';
import { createAccess } from './device/access.ts';
import { createDoorkeeper, type Doorkeeper } from './device/enrolment.ts';
import type { DeviceKeys, KeyStore, Membership } from './device/key-store.ts';
import { createLiveKeys } from './device/live-keys.ts';
import { createRenewal, type Standing } from './device/renewal.ts';
import { type Tending, tendWhile } from './device/tend.ts';
import type { Documents } from './documents/documents.ts';
import { fetchBlob } from './files/fetch-blob.ts';
import { openFolder } from './folder/open-folder.ts';
import { type FileExchange, startFileExchange } from './files/file-exchange.ts';
import type { Files } from './files/files.ts';
import { createRelayApi, type RelayApi, segment } from './relay/relay-api.ts';
import { createRepeater } from './repeater.ts';
import { createRooms, type Rooms } from './rooms/rooms.ts';
import { followShares } from './rooms/shared-documents.ts';
import { deviceSuffix } from './sealed/folder-keys.ts';
import { createWays, type Ways } from './device/ways.ts';
import { createVaults } from './sealed/vaults.ts';
import { storageName } from './spaces.ts';
import type { Database } from './store/database.ts';
import { followQuery } from './store/live-query.ts';
import { openStateLink, type Presence } from './sync/state-link.ts';
import { createVisit } from './watch/ask-neighbours.ts';
import { watch } from './watch/watch.ts';
import { startSync, type Sync } from './sync/sync.ts';
import { startWithoutDocuments } from './sync/without-documents.ts';
import { type SyncState, toAttention } from './sync/sync-state.ts';

export interface AccountOptions {
  db: Database;
  documents: Documents;
  files: Files;
  keys: DeviceKeys;
  membership: Membership;
  /** What this device may do, as the device log says. */
  cap: readonly Capability[];
  store: KeyStore;
  now: () => number;
  random: Random;
  onState: (state: SyncState) => void;
  /** The device log, or something in it, may have changed. */
  onDevices: () => void;
  /** Whether this device may speak, or what it waits for. */
  onStanding: (standing: Standing) => void;
  /** Somebody is there, or writes. */
  onPresence: (presence: Presence) => void;
}

/** This browser speaking for an identity: what needs keys and a relay. */
export interface Account {
  readonly idTag: string;
  /** How the identity calls itself. */
  readonly name: string;
  readonly did: string;
  readonly actions: Actions;
  /** Tells somebody that a message to them is being written. @throws RelayUnreachable, IsletError */
  tellTyping(to: string): Promise<void>;
  /** How far notices and conversations were read. */
  readonly marks: Marks;
  /** Documents that live at neighbours' relays. */
  readonly rooms: Rooms;
  readonly doorkeeper: Doorkeeper;
  /** The relay, as this device speaks to it. */
  readonly api: RelayApi;
  /** Passwords and passkeys. */
  readonly ways: Ways;
  readDevices(): Promise<DeviceLog>;
  /** End of this device's delegation, in seconds. */
  readonly until: number;
  /** Bytes that documents and posts show, from this device or from the relay, where they are kept once read. */
  readBlob(id: string): Promise<Blob | undefined>;
  /** Exchanges at once: somebody came back, or something was written. */
  wake(): void;
  close(): void;
}

/** One picture that the relay refuses holds up nothing else, and is not sent again while this page lives. */
async function uploadBlobs(db: Database, api: RelayApi, refused: Set<string>): Promise<void> {
  let refusal: IsletError | undefined;
  for (const id of await db.blobs.where('uploaded').equals(0).primaryKeys()) {
    const row = refused.has(id) ? undefined : await db.blobs.get(id);
    if (!row) continue;
    try {
      await api.put(routes.blobs + segment(id), row.bytes);
      await db.blobs.update(id, { uploaded: 1 });
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      refused.add(id);
      refusal = error;
    }
  }
  if (refusal) throw refusal;
}

/**
 * Starts speaking for the identity. One tab of the space keeps the socket and reads what is new (Web Lock `islet-sync`), one sends and
 * fetches files (`islet-files`); every tab may flush the outbox.
 */
export function startAccount(options: AccountOptions): Account {
  const { db, documents, files, membership, cap, store, now, random, onState, onDevices, onPresence } =
    options;
  const keys = createLiveKeys(options.keys);
  const renewal = createRenewal({
    ...{ store, keys, now, random, onStanding: options.onStanding },
    prepare: () => actions.exchange().catch(() => undefined), // what could not go is signed again
  });
  const { read, mend } = renewal;
  const accessToken = createAccess({ keys, membership, now, random, read, onRefused: mend });
  const api = createRelayApi(membership.apiBase, accessToken);
  const doorkeeper = createDoorkeeper({ api, keys, store, now, random });
  const leaving = new AbortController();
  const vaults = createVaults({
    ...{ db, index: documents.index.doc, rows: documents.tree.rows, keys, now, random },
    // As this device knows it: sealing works offline.
    readLog: async () =>
      verifyDeviceLog(membership.idTag, (await store.membership())?.entries ?? membership.entries),
    hash: files.work.hash,
  });
  const device = deviceSuffix(keys.origin);
  files.connect({ api, vaults, device });
  let sync: Sync | undefined;
  let fileExchange: FileExchange | undefined;
  let tending: Tending | undefined;
  const link = openStateLink({
    onState,
    // What is new is read once, by the tab with the socket; the tables tell the others.
    onWake: (topic) => {
      if (topic !== 'devices') return void (sync && exchange.ask());
      onDevices();
      if (sync) rekey().catch(() => undefined); // offline; done when the relay is back
    },
    onPresence,
  });
  const attention = (error: unknown): void => onState(toAttention(error));
  const refused = new Set<string>();
  const folder = findFolder(cap);
  const exchange = createRepeater(async () => {
    // A device with one folder hears nothing of people (SPEC C13).
    if (folder === undefined) {
      await actions.exchange();
      await followShares(db, documents, membership.idTag);
    }
    await uploadBlobs(db, api, refused);
    if (sync && allows(cap, 'neighbour/visit', '*')) void rooms.catchUp().catch(attention);
    if (sync) watching.ask();
  }, attention);
  const watching = createRepeater(async () => {
    const readEntries = async () => (await store.membership())?.entries ?? membership.entries;
    const own = { readLog: doorkeeper.readLog, readEntries, did: keys.did };
    const more = await watch({ db, api, idTag: membership.idTag, now, visit: createVisit(api), ...own });
    if (more) watching.ask();
  }, attention);
  const rooms = createRooms({ db, documents, api, work: files.work, now, onRefusal: attention });
  const actions = createActions({
    db,
    api,
    author: { keys, membership },
    store,
    now,
    random,
    onWritten: () => {
      exchange.ask();
      askForBackgroundFlush().catch(() => undefined); // refused by the browser: the page flushes
    },
  });

  /** Sealed folders follow the devices: a new one gets their keys, a removed one none of what is to come. */
  async function rekey(): Promise<void> {
    watching.ask();
    await doorkeeper.readLog();
    if (mayWriteSpace(cap)) await vaults.ensureKeys();
  }

  async function startTalking(): Promise<Sync> {
    const wakes = { now, onState: link.tell, onWake: link.wake };
    const readLog = (): Promise<DeviceLog> => doorkeeper.readLog();
    const readKeys = async () => (await api.get(routes.me, profileSchema)).keys;
    const mayWrite = mayWriteSpace(cap) || mayWriteFolder(cap);
    const authors = { ...membership, space: membership.idTag, readLog, readKeys };
    const scope =
      folder === undefined
        ? undefined
        : await openFolder({ db, documents, api, authors, folder, writes: mayWrite, now });
    if (!mayReadSpace(cap) && !scope) return startWithoutDocuments(wakes);
    return startSync({
      ...{ db, documents, keys, membership, accessToken, api, readLog, readKeys, mayWrite, scope, random },
      ...wakes,
      onPresence: link.presence,
    });
  }

  async function lead(): Promise<void> {
    sync = await startTalking();
    const waiting = followQuery(() => db.blobs.where('uploaded').equals(0).count()).subscribe({
      next: (n) => n > 0 && exchange.ask(),
      error: attention,
    });
    exchange.ask();
    const stopKeeping = mayWriteSpace(cap) ? vaults.keepKeys(attention) : () => undefined;
    tending = tendWhile(renewal, { onBack: wake, onFailure: attention });
    await left();
    tending.stop();
    waiting.unsubscribe();
    stopKeeping();
    sync.close();
  }

  async function carryFiles(): Promise<void> {
    fileExchange = startFileExchange({
      ...{ db, api, tree: files.tree, live: documents.tree, work: files.work },
      ...{ device, now, onFailure: attention, mayHeal: allows(cap, 'file/read', '*') },
    });
    await left();
    fileExchange.close();
  }

  function wake(): void {
    tending?.ask();
    sync?.wake();
    exchange.ask();
    rooms.wake();
    fileExchange?.ask();
  }

  async function left(): Promise<void> {
    if (leaving.signal.aborted) return;
    await new Promise<void>((resolve) => leaving.signal.addEventListener('abort', () => resolve()));
  }
  const inOneTab = (lock: string, work: () => Promise<void>): void => {
    navigator.locks.request(lock, { signal: leaving.signal }, work).catch((error: unknown) => {
      if (!leaving.signal.aborted) attention(error);
    });
  };
  inOneTab(storageName('islet-sync'), lead);
  // By itself: a tab of an earlier build that keeps the socket knows nothing of files.
  inOneTab(storageName('islet-files'), carryFiles);

  const close = (): void => {
    db.on('versionchange').unsubscribe(giveWay);
    leaving.abort();
    exchange.stop();
    watching.stop();
    vaults.close();
    link.close();
  };
  // A newer build has the storage: its tab speaks for the identity now.
  const giveWay = ({ newVersion }: IDBVersionChangeEvent): void => {
    if (newVersion !== null) close();
  };
  db.on('versionchange', giveWay);

  return {
    idTag: membership.idTag,
    name: membership.name ?? membership.idTag,
    get did() {
      return keys.did;
    },
    actions,
    tellTyping: async (to) => {
      const said = { t: 'PRES:TYPING', about: `@${to}`, to };
      await api.post(`${routes.people}/presence`, said, v.unknown());
    },
    marks: createMarks(documents.index.doc, device),
    rooms,
    doorkeeper,
    api,
    ways: createWays({
      api,
      idTag: membership.idTag,
      random,
      enter: doorkeeper.enter,
      readLog: doorkeeper.readLog,
    }),
    readDevices: () => doorkeeper.readLog(),
    until: parseDelegation(membership.delegations[0] ?? '').exp,
    readBlob: (id) => fetchBlob(id, { db, api, work: files.work, now }),
    wake,
    close,
  };
}
