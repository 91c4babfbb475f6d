import { isErrorCode, IsletError } from '../../../shared/errors.ts';
import { routes } from '../../../shared/routes.ts';
import type { RelayFrame } from '../../../shared/sync/frame.ts';
import { RelayUnreachable } from '../relay/relay-api.ts';
import { INDEX_ID } from '../documents/document-id.ts';
import { openArriving } from './arriving.ts';
import { askLogHead, openFirstReading } from './first-reading.ts';
import { createCopies } from './copies.ts';
import { createLedger } from './ledger.ts';
import { createOutgoing } from './outgoing.ts';
import { openSyncSocket, socketUrl } from './socket.ts';
import type { Sync, SyncOptions } from './sync-options.ts';
import { type Attention, isAccessRefused, toAttention } from './sync-state.ts';
import { type Talk, talkToState } from './talk.ts';

export type { Sync, SyncOptions };

const firstRetry = 500;
const longestRetry = 10_000;
/** Documents whose difference is computed between two sends. */
const diffsAtOnce = 50;

/**
 * Keeps this space and the relay's log equal while it runs: one socket per browser, opened again with growing pauses. Run by the tab
 * that holds the Web Lock `islet-sync`.
 */
export async function startSync(options: SyncOptions): Promise<Sync> {
  const { db, documents, membership, keys, now, random, api, accessToken, onState, mayWrite } = options;
  const { onWake, onPresence, scope } = options;
  const space = membership.idTag;
  const ledger = createLedger(db);
  /** Documents that were edited here and are not known to be on the relay, with the time of the first such edit. */
  const unsent = new Map<string, number>();
  /** The same of an earlier life. */
  let earlier = await ledger.oldest();
  let talk: Talk | undefined;
  let sent = false; // the relay had everything when it was last heard of, and nothing was written since
  /** Rows of a log that is read for the first time. */
  let ahead: number | undefined;
  let closed = false;
  let since = now();
  let retry = firstRetry;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attention: Attention | undefined;
  /** The last socket was closed because of who speaks. */
  let refused = false;

  const copies = createCopies({
    ...{ db, space, awareness: documents.index.awareness, keys, readLog: options.readLog, now },
    onFailure: (error) => (error instanceof RelayUnreachable ? undefined : failed(error)),
  });
  const arriving = await openArriving({
    ...{ db, documents, membership, now, ledger, copies, isClosed: () => closed },
    readLog: options.readLog,
    readKeys: options.readKeys,
    onWithheld: scope?.withheld,
  });
  /** What a device that is new needs before the rest; the socket brings everything (SPEC S18). */
  const first = scope
    ? undefined
    : await openFirstReading({
        ...{ db, documents, api, verify: arriving.verify, isClosed: () => closed },
        onLength: (rows) => {
          ahead = Math.max(rows - arriving.cursor.seq, 0);
          tell();
        },
      });
  /** Documents of which nothing is sent before they are compared: they were edited while the scope had them not. */
  const behind = new Set<string>();

  /** Said in words, never swallowed: storage that fails, a row that cannot travel, a relay that lies. */
  function failed(error: unknown): void {
    attention = toAttention(error);
    tell();
  }

  function tell(at?: number): void {
    if (attention !== undefined) return onState(attention);
    const least = [...unsent.values()].reduce((a, b) => Math.min(a, b), earlier ?? Infinity);
    const away = { unsent: [...unsent.keys()], since, first: ahead, scope, sent };
    const state = talkToState(talk, { ...away, oldest: least === Infinity ? undefined : least });
    sent = state === undefined || (state.kind === 'offline' && state.sent);
    if (state) return onState(state);
    unsent.clear();
    earlier = undefined;
    onState({ kind: 'synced', at: at ?? now() });
  }

  async function send({ socket, outgoing }: Talk): Promise<void> {
    for (const batch of await outgoing.take()) socket.send({ kind: 'push', batches: [batch] });
    tell();
  }

  /** What was edited while nobody listened: the difference to what the relay is known to hold. */
  async function sendDirty(to: Talk, ids: readonly string[]): Promise<void> {
    const clean: string[] = [];
    for (const [i, id] of ids.entries()) {
      if (talk !== to) return;
      if (scope && !scope.covers(id)) behind.add(id);
      if (scope && !scope.covers(id)) continue;
      behind.delete(id);
      const { doc } = await documents.snapshot(id);
      const { missing, gap } = await ledger.compare(id, doc);
      doc.destroy();
      if (gap && (await arriving.heal(id))) return to.socket.close();
      if (missing) enqueue(to, id, missing);
      else clean.push(id);
      if (i % diffsAtOnce === diffsAtOnce - 1) await send(to);
    }
    const sending = to.outgoing.documents();
    await ledger.clear(
      clean.filter((id) => !sending.has(id)),
      now(),
    );
    to.compared = true;
    await send(to);
  }

  /** A document that cannot travel stays dirty and holds up no other. */
  function enqueue({ outgoing }: Talk, doc: string, update: Uint8Array): void {
    try {
      outgoing.add(doc, update);
    } catch (error) {
      failed(error);
    }
  }

  async function acknowledge({ outgoing, compared }: Talk, acked: number, at: number): Promise<void> {
    const rows = outgoing.acknowledge(acked);
    await ledger.add(rows, { at });
    const sending = outgoing.documents();
    const done = new Set(rows.map(({ doc }) => doc).filter((doc) => !sending.has(doc)));
    // Before everything was compared, a row says nothing about the rest of its document.
    if (compared && attention === undefined) await ledger.clear([...done], at);
    tell(at);
  }

  async function welcome(to: Talk, frame: Extract<RelayFrame, { kind: 'welcome' }>): Promise<void> {
    await arriving.welcomed(frame);
    to.read = 0;
    tell();
  }

  /** How much lies ahead is asked when it is more than a frame; only the chip waits for it. */
  function measure(from: Talk, read: number): void {
    const { log, seq } = arriving.cursor;
    from.ahead = 0;
    askLogHead(api).then(
      (head) => {
        if (head?.log === log) from.ahead = head.seq - seq + read;
      },
      () => tell(), // the relay went away: its socket says so too
    );
  }

  async function read(from: Talk, frame: Extract<RelayFrame, { kind: 'rows' }>): Promise<void> {
    if (!from.live && from.read && from.ahead === undefined) measure(from, from.read);
    from.read = (from.read ?? 0) + (await arriving.stored(frame.batches));
    if (from.live) return;
    tell();
    await first?.opened();
  }

  /** First what others wrote, then what is only here: so nothing is sent that the relay has. */
  async function becomeCurrent(now: Talk): Promise<void> {
    if (now.live) return;
    now.live = true;
    refused = false;
    retry = firstRetry;
    attention = undefined;
    await arriving.current();
    await scope?.refresh();
    await sendDirty(now, mayWrite ? await ledger.dirtyDocuments() : []);
    // Those set before were sent to nobody.
    documents.showCarets();
    onWake('actions');
    onWake('devices');
  }

  async function committed(
    { outgoing, did }: Talk,
    frame: Extract<RelayFrame, { kind: 'committed' }>,
  ): Promise<void> {
    const own = frame.device === did && frame.session === outgoing.session;
    const batch = own
      ? outgoing.takePlaced(frame.first)
      : arriving.find(frame.device, frame.session, frame.first);
    if (!batch || !(await arriving.committed(batch, frame, own)))
      throw new RelayUnreachable('a row was missed');
  }

  async function handle(from: Talk, frame: RelayFrame): Promise<void> {
    switch (frame.kind) {
      case 'welcome':
        return welcome(from, frame);
      case 'rows':
        return read(from, frame);
      case 'current':
        return becomeCurrent(from);
      case 'ack':
        return frame.session === from.outgoing.session
          ? acknowledge(from, frame.acked, frame.time)
          : undefined;
      case 'provisional':
        return arriving.provisional(frame.batches);
      case 'committed':
        return committed(from, frame);
      case 'awareness':
        return documents.applyAwareness(frame.doc, frame.states);
      case 'wake':
        return frame.topic === 'folder' ? scope?.ask() : onWake(frame.topic);
      case 'presence':
        return onPresence(frame);
      case 'error':
        throw new IsletError(isErrorCode(frame.code) ? frame.code : 'E-NET-FAILED', frame.message);
    }
  }

  /** Rows that were shown and never announced as stored are ours to send now: marked before the next socket opens. */
  async function disconnected(error: unknown): Promise<void> {
    if (talk) since = now();
    talk = ahead = undefined;
    const uncommitted = arriving.takeUncommitted().map(({ doc }) => doc);
    sent &&= uncommitted.length === 0;
    await ledger.mark(uncommitted).catch(failed);
    await ledger.wait(unsent).catch(failed);
    // The keys may have been renewed: said only when a new token does not help.
    const renewed = isAccessRefused(error) && !refused;
    refused ||= renewed;
    if (error !== undefined && !renewed && !(error instanceof RelayUnreachable)) failed(error);
    else tell();
    if (closed) return;
    timer = setTimeout(() => void connect(), retry * (0.5 + (random(1)[0] ?? 0) / 255));
    retry = Math.min(retry * 2, longestRetry);
  }

  async function connect(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    try {
      await first?.before();
      const token = await accessToken(refused);
      const speaker = { ...keys };
      const outgoing = createOutgoing({ space, keys: speaker, now, random });
      const url = socketUrl(membership.apiBase, routes.sync);
      const socket = await openSyncSocket(url, {
        // When it is closed the cursor stays; what is known of the relay must not go beyond it.
        onFrame: (frame) => (talk && !closed ? handle(talk, frame) : Promise.resolve()),
        onClose: (error) => void disconnected(error),
      });
      talk = { socket, outgoing, did: speaker.did, live: false, compared: false, ahead };
      scope?.reads(arriving.cursor);
      socket.send({ kind: 'hello', token, session: outgoing.session, cursor: arriving.cursor });
    } catch (error) {
      await disconnected(error instanceof IsletError ? error : undefined);
    }
  }

  const stopUpdates = documents.onLocalUpdate((doc, update) => {
    if (!mayWrite) return;
    if (!unsent.has(doc)) unsent.set(doc, now());
    if (scope && !scope.covers(doc)) behind.add(doc);
    if (doc === INDEX_ID && talk?.live) scope?.changed();
    // Before that, the document is dirty and will be compared.
    if (talk?.live && !behind.has(doc)) {
      enqueue(talk, doc, update);
      send(talk).catch(failed);
    }
    tell();
  });
  const stopAwareness = documents.onLocalAwareness((doc, states) => {
    if (talk?.live && (scope?.covers(doc) ?? true)) talk.socket.send({ kind: 'awareness', doc, states });
  });
  const stopListening = scope?.listen({
    onChange: () => {
      if (talk?.compared) sendDirty(talk, [...behind].filter(scope.covers)).catch(failed);
      tell();
    },
    onFailure: (error) => (error instanceof RelayUnreachable ? talk?.socket.close() : failed(error)),
  });
  tell();
  void connect();

  return {
    wake: () => {
      if (talk || timer === undefined) return;
      retry = firstRetry;
      void connect();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      stopUpdates();
      stopAwareness();
      stopListening?.();
      copies.close();
      talk?.socket.close();
    },
  };
}
