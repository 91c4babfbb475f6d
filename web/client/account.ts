import type { Random } from '../../shared/bytes.ts';
import { parseDelegation } from '../../shared/device/delegation.ts';
import type { DeviceLog } from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import { blobId } from '../../shared/file/blob-id.ts';
import { routes } from '../../shared/routes.ts';
import { askForBackgroundFlush } from './actions/background.ts';
import { type Actions, createActions } from './actions/actions.ts';
import { createAccess } from './device/access.ts';
import { createDoorkeeper, type Doorkeeper } from './device/enrolment.ts';
import type { DeviceKeys, KeyStore, Membership } from './device/key-store.ts';
import { createRelayApi, type RelayApi, RelayUnreachable, segment } from './relay/relay-api.ts';
import { loadBlob } from './store/blobs.ts';
import type { Database } from './store/database.ts';
import { liveQuery } from 'dexie';
import { openStateLink } from './sync/state-link.ts';
import { startSync, type Sync, type SyncDocuments, type SyncState, toAttention } from './sync/sync.ts';

export interface AccountOptions {
  db: Database;
  documents: SyncDocuments;
  keys: DeviceKeys;
  membership: Membership;
  store: KeyStore;
  now: () => number;
  random: Random;
  onState: (state: SyncState) => void;
  /** The device log, or something in it, may have changed. */
  onDevices: () => void;
}

/** This browser speaking for an identity: what needs keys and a relay. */
export interface Account {
  readonly idTag: string;
  /** How the identity calls itself. */
  readonly name: string;
  readonly did: string;
  readonly actions: Actions;
  readonly doorkeeper: Doorkeeper;
  readDevices(): Promise<DeviceLog>;
  /** End of this device's delegation, in seconds. */
  readonly until: number;
  /** Bytes that documents and posts show, from this device or from the relay, where they are kept once read. */
  readBlob(id: string): Promise<Blob | undefined>;
  /** Exchanges at once: somebody came back, or something was written. */
  wake(): void;
  close(): void;
}

/** Pause between attempts to reach the relay with what waits, in milliseconds. */
const retryAfter = 5_000;

/** Runs `work` when asked, once at a time; asked again meanwhile it runs once more. A relay that is away is tried again later. */
function createRepeater(
  work: () => Promise<void>,
  onFailure: (error: unknown) => void,
): { ask(): void; stop(): void } {
  let running = false;
  let again = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function run(): Promise<void> {
    running = true;
    clearTimeout(timer);
    do {
      again = false;
      try {
        await work();
      } catch (error) {
        if (!(error instanceof RelayUnreachable)) onFailure(error);
        else if (!stopped) timer = setTimeout(ask, retryAfter);
      }
    } while (again && !stopped);
    running = false;
  }
  function ask(): void {
    if (running) again = true;
    else if (!stopped) void run();
  }
  return {
    ask,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
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

async function fetchBlob(db: Database, api: RelayApi, id: string): Promise<Blob | undefined> {
  const here = await loadBlob(db, id);
  if (here) return here;
  const bytes = await api.download(routes.variant + segment(id));
  if (!bytes) return undefined;
  if ((await blobId(new Uint8Array(await bytes.arrayBuffer()))) !== id)
    throw new Error('The relay sent other bytes than were asked for.');
  await db.blobs.put({ id, bytes, type: bytes.type, size: bytes.size, uploaded: 1 });
  return bytes;
}

/**
 * Starts speaking for the identity. One tab of the browser keeps the socket and reads what is new (Web Lock `islet-sync`); every
 * tab may flush the outbox.
 */
export function startAccount(options: AccountOptions): Account {
  const { db, documents, keys, membership, store, now, random, onState, onDevices } = options;
  const accessToken = createAccess({ keys, membership, now, random });
  const api = createRelayApi(membership.apiBase, accessToken);
  const doorkeeper = createDoorkeeper({ api, keys, store, now, random });
  const leaving = new AbortController();
  let sync: Sync | undefined;
  const link = openStateLink({
    onState,
    // What is new is read once, by the tab with the socket; the tables tell the others.
    onWake: (topic) => (topic === 'devices' ? onDevices() : sync && exchange.ask()),
  });
  const attention = (error: unknown): void => onState(toAttention(error));
  const refused = new Set<string>();
  const exchange = createRepeater(async () => {
    await actions.exchange();
    await uploadBlobs(db, api, refused);
  }, attention);
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

  async function lead(): Promise<void> {
    const readLog = (): Promise<DeviceLog> => doorkeeper.readLog();
    const { tell, wake } = link;
    sync = await startSync({
      db,
      documents,
      keys,
      membership,
      accessToken,
      readLog,
      now,
      random,
      onState: tell,
      onWake: wake,
    });
    const waiting = liveQuery(() => db.blobs.where('uploaded').equals(0).count()).subscribe(
      (n) => n > 0 && exchange.ask(),
    );
    exchange.ask();
    if (!leaving.signal.aborted)
      await new Promise<void>((resolve) => leaving.signal.addEventListener('abort', () => resolve()));
    waiting.unsubscribe();
    sync.close();
  }
  navigator.locks.request('islet-sync', { signal: leaving.signal }, lead).catch((error: unknown) => {
    if (!leaving.signal.aborted) attention(error);
  });

  return {
    idTag: membership.idTag,
    name: membership.name ?? membership.idTag,
    did: keys.did,
    actions,
    doorkeeper,
    readDevices: () => doorkeeper.readLog(),
    until: parseDelegation(membership.delegations[0] ?? '').exp,
    readBlob: (id) => fetchBlob(db, api, id),
    wake: () => {
      sync?.wake();
      exchange.ask();
    },
    close: () => {
      leaving.abort();
      exchange.stop();
      link.close();
    },
  };
}
