import * as v from 'valibot';
import type * as Y from 'yjs';
import type { Random } from '../../../shared/bytes.ts';
import type { DeviceLog } from '../../../shared/device/device-log.ts';
import { IsletError } from '../../../shared/errors.ts';
import { routes } from '../../../shared/routes.ts';
import type { Cursor, RelayFrame } from '../../../shared/sync/frame.ts';
import type { Row } from '../../../shared/sync/row.ts';
import type { DeviceKeys, Membership } from '../device/key-store.ts';
import { type AccessToken, RelayUnreachable } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import { createIncoming } from './incoming.ts';
import { createLedger } from './ledger.ts';
import { createOutgoing } from './outgoing.ts';
import { openSyncSocket, socketUrl, type SyncSocket } from './socket.ts';

/** What sync needs of the documents of this device. */
export interface SyncDocuments {
  onLocalUpdate(listener: (doc: string, update: Uint8Array) => void): () => void;
  receive(rows: Row[], cursor: { space: string }): Promise<void>;
  applyProvisional(doc: string, update: Uint8Array): void;
  /** All that this device has of a document, without keeping it open. */
  snapshot(id: string): Promise<{ doc: Y.Doc }>;
  onLocalAwareness(listener: (doc: string, states: Uint8Array) => void): () => void;
  applyAwareness(doc: string, states: Uint8Array): void;
}

/** What the relay is known to hold. Times are milliseconds. */
export type SyncState =
  | { kind: 'offline'; dirty: number; since: number }
  | { kind: 'sending'; rows: number }
  | { kind: 'synced'; at: number }
  | { kind: 'attention'; message: string };

export interface SyncOptions {
  db: Database;
  documents: SyncDocuments;
  keys: DeviceKeys;
  membership: Membership;
  accessToken: AccessToken;
  readLog: () => Promise<DeviceLog>;
  now: () => number;
  random: Random;
  onState: (state: SyncState) => void;
  /** The relay says that something besides documents changed. */
  onWake: (topic: string) => void;
}

export interface Sync {
  /** Tries at once instead of waiting for the next attempt. */
  wake(): void;
  close(): void;
}

const cursorSchema = v.object({ log: v.string(), seq: v.number(), chain: v.string() });
const firstRetry = 500;
const longestRetry = 10_000;
/** Documents whose difference is computed between two sends. */
const diffsAtOnce = 50;

async function readCursor(db: Database, space: string): Promise<Cursor> {
  const stored = v.safeParse(cursorSchema, await db.cursors.get(space));
  return stored.success ? stored.output : { log: '', seq: 0, chain: '' };
}

/**
 * Keeps this space and the relay's log equal while it runs: one socket per browser, opened again with growing pauses. Run by the tab
 * that holds the Web Lock `islet-sync`.
 */
export async function startSync(options: SyncOptions): Promise<Sync> {
  const { db, documents, membership, keys, now, random, accessToken, onState, onWake } = options;
  const space = membership.idTag;
  const outgoing = createOutgoing({ space, keys, now, random });
  const ledger = createLedger(db);
  const incoming = createIncoming(
    {
      space,
      entries: membership.entries,
      readLog: options.readLog,
      receive: (rows, cursor) => documents.receive(rows, { space, ...cursor }),
      applyProvisional: ({ doc, update }) => documents.applyProvisional(doc, update),
    },
    await readCursor(db, space),
  );
  /** Documents that were edited since their last row was taken. */
  const touched = new Set<string>();
  let socket: SyncSocket | undefined;
  let current = false;
  let closed = false;
  let since = now();
  let retry = firstRetry;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attention: string | undefined;

  /** This device's own storage failed: said in words, never swallowed. */
  function failed(error: unknown): void {
    attention = error instanceof Error ? error.message : String(error);
    tell();
  }

  function tell(at?: number): void {
    if (attention !== undefined) return onState({ kind: 'attention', message: attention });
    if (!socket || !current) return onState({ kind: 'offline', dirty: outgoing.documents().size, since });
    const rows = outgoing.rows();
    onState(rows > 0 ? { kind: 'sending', rows } : { kind: 'synced', at: at ?? now() });
  }

  async function send(): Promise<void> {
    if (!socket || !current) return;
    const batches = await outgoing.take();
    for (const doc of outgoing.documents()) touched.delete(doc);
    for (const batch of batches) socket?.send({ kind: 'push', batches: [batch] });
    tell();
  }

  /**
   * What was edited while nobody listened: the difference to what the relay is known to hold. A document that has rows on
   * their way needs none: everything since is waiting here.
   */
  async function sendDirty(): Promise<void> {
    const clean: string[] = [];
    const sent = outgoing.documentsSent();
    const dirty = new Set([...(await ledger.dirtyDocuments()), ...outgoing.documents()]);
    for (const [i, id] of [...dirty].filter((doc) => !sent.has(doc)).entries()) {
      if (!socket) return;
      const { doc } = await documents.snapshot(id);
      outgoing.drop(id);
      const missing = await ledger.missing(id, doc);
      doc.destroy();
      if (missing) outgoing.add(id, missing);
      else clean.push(id);
      if (i % diffsAtOnce === diffsAtOnce - 1) await send();
    }
    await ledger.clear(clean);
    await send();
  }

  async function acknowledge(acked: number, at: number): Promise<void> {
    const rows = outgoing.acknowledge(acked);
    if (rows.length > 0) {
      await ledger.add(rows);
      const open = outgoing.documents();
      const done = new Set(rows.map(({ doc }) => doc).filter((doc) => !open.has(doc) && !touched.has(doc)));
      await ledger.clear([...done]);
    }
    tell(at);
  }

  async function welcome(frame: Extract<RelayFrame, { kind: 'welcome' }>): Promise<void> {
    await acknowledge(frame.acked, frame.time);
    if (frame.match && incoming.cursor.log === frame.log) return;
    if (incoming.cursor.log !== '') await ledger.forget();
    incoming.restart(frame.log);
  }

  /** First what others wrote, then what is only here: so nothing is sent that the relay has. */
  async function becomeCurrent(): Promise<void> {
    current = true;
    retry = firstRetry;
    attention = undefined;
    for (const batch of outgoing.unacknowledged()) socket?.send({ kind: 'push', batches: [batch] });
    await sendDirty();
    onWake('actions');
    tell();
  }

  async function committed(frame: Extract<RelayFrame, { kind: 'committed' }>): Promise<void> {
    const own = frame.device === keys.did && frame.session === outgoing.session;
    const batch = own
      ? outgoing.takePlaced(frame.first)
      : incoming.find(frame.device, frame.session, frame.first);
    if (!batch || !(await incoming.committed(batch, frame, own)))
      throw new RelayUnreachable('a row was missed');
    if (!own) await ledger.add(batch.rows);
  }

  async function handle(frame: RelayFrame): Promise<void> {
    switch (frame.kind) {
      case 'welcome':
        return welcome(frame);
      case 'rows':
        return ledger.add(await incoming.stored(frame.batches));
      case 'current':
        return becomeCurrent();
      case 'ack':
        return frame.session === outgoing.session ? acknowledge(frame.acked, frame.time) : undefined;
      case 'provisional':
        return incoming.provisional(frame.batches);
      case 'committed':
        return committed(frame);
      case 'awareness':
        return documents.applyAwareness(frame.doc, frame.states);
      case 'wake':
        return onWake(frame.topic);
      case 'error':
        throw new IsletError('E-NET-FAILED', frame.message, frame.code);
    }
  }

  function disconnected(error: unknown): void {
    if (socket || current) since = now();
    socket = undefined;
    current = false;
    const uncommitted = incoming.takeUncommitted().map(({ doc }) => doc);
    if (uncommitted.length > 0) ledger.mark(uncommitted).catch(failed);
    if (error !== undefined && !(error instanceof RelayUnreachable)) failed(error);
    else tell();
    if (closed) return;
    timer = setTimeout(() => void connect(), retry * (0.5 + (random(1)[0] ?? 0) / 255));
    retry = Math.min(retry * 2, longestRetry);
  }

  async function connect(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    try {
      const token = await accessToken(false);
      const url = socketUrl(membership.apiBase, routes.sync);
      socket = await openSyncSocket(url, { onFrame: handle, onClose: disconnected });
      socket.send({ kind: 'hello', token, session: outgoing.session, cursor: incoming.cursor });
    } catch (error) {
      disconnected(error instanceof IsletError ? error : undefined);
    }
  }

  const stopUpdates = documents.onLocalUpdate((doc, update) => {
    touched.add(doc);
    try {
      outgoing.add(doc, update);
    } catch (error) {
      return failed(error);
    }
    tell();
    send().catch(failed);
  });
  const stopAwareness = documents.onLocalAwareness((doc, states) => {
    if (current) socket?.send({ kind: 'awareness', doc, states });
  });
  tell();
  void connect();

  return {
    wake: () => {
      if (socket || timer === undefined) return;
      retry = firstRetry;
      void connect();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      stopUpdates();
      stopAwareness();
      socket?.close();
    },
  };
}
