import type { Random } from '../../shared/bytes.ts';
import { findDevice } from '../../shared/device/device-log.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Signer } from '../../shared/identity/did.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { type Cursor, frameTarget, type RelayFrame, type StoredBatch } from '../../shared/sync/frame.ts';
import { type Batch, verifyBatch } from '../../shared/sync/row.ts';
import type { Devices } from '../identity/devices.ts';
import type { Database } from '../store/database.ts';
import { createFolders, type Folders } from './folders/folders.ts';
import { assertInside, withholdOutside } from './folders/inside.ts';
import { createSyncLog } from './log.ts';
import type { Parser } from './rooms/parser.ts';

/** One device's connection, as the space sees it. */
export interface Peer {
  readonly did: string;
  readonly session: string;
  /** SPEC C13: the device has this folder alone. */
  readonly folder: string | undefined;
  /** Resolves when the frame has left, so that a slow device slows only its own reading. */
  send(frame: RelayFrame): Promise<void>;
  /** Bytes that have not left yet. */
  backlog(): number;
  close(code: number, reason: string): void;
}

interface Member {
  readonly peer: Peer;
  /** Number of the last row that was sent or announced. */
  seq: number;
  /** Has everything up to the head and is told of what follows; otherwise it is reading the log. */
  live: boolean;
  gone: boolean;
}

/** Who hears what devices do, to pass it on to neighbours (SPEC Z5, Z7). */
export interface Watcher {
  /** In the order of the log, as soon as they are on the disk. */
  stored(batches: readonly StoredBatch[]): void;
  awareness(doc: string, states: Uint8Array, from: object): void;
  /** A device has disconnected. */
  left(from: object): void;
}

/** The live side of one identity's log: who is connected, and who is told what. */
export interface Space {
  /** What devices with one folder have instead of the index. */
  readonly folders: Pick<Folders, 'members' | 'list' | 'change'>;
  /** SPEC S7: welcome, rows after the cursor, then what happens. @returns how to leave */
  join(peer: Peer, cursor: Cursor): Promise<Membership>;
  /** Stores rows that the relay signed (SPEC Z6), and tells all devices. @throws IsletError E-SYS-UNAVAIL */
  add(batches: readonly Batch[]): Promise<void>;
  /** Tells all devices where somebody else is. */
  awareness(doc: string, states: Uint8Array): void;
  watch(watcher: Watcher): void;
  /** Tells every device that something else changed. */
  wake(topic: 'actions' | 'devices'): void;
  /** Tells every device that somebody is there. */
  presence(presence: Omit<Extract<RelayFrame, { kind: 'presence' }>, 'kind'>): void;
  /** Ends the connections of devices whose access has ended. */
  closeDevices(dids: readonly string[]): void;
  /** Tells everybody that it ends; resolves when nothing of it is under way. */
  close(): Promise<void>;
}

export interface Membership {
  /** SPEC S9, S10, C14. @throws IsletError E-ROW-INVALID, E-DELEGATION-SCOPE, E-SYS-UNAVAIL; nothing of the refused batch is stored */
  push(batches: readonly Batch[]): Promise<void>;
  awareness(doc: string, states: Uint8Array): void;
  leave(): void;
}

export interface SpaceParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly logId: string;
  readonly devices: Devices;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Of the thread that reads documents. */
  readonly parser: Parser;
  /** Signs with the identity key. */
  readonly sign: Signer;
  readonly random: Random;
}

/** Behind by so many bytes, a device stops being told of every row and reads the log at its own pace. */
const mostBehind = 4 * 1024 * 1024;

export async function openSpace(parts: SpaceParts): Promise<Space> {
  const { db, idTag, logId, devices, now } = parts;
  const members = new Set<Member>();
  let watcher: Watcher | undefined;
  /** The ticket of a batch: who has seen it before its commit. */
  const log = createSyncLog<ReadonlySet<Member>>({ db, idTag, logId, now, stored: announce });
  const folders = createFolders({ ...parts, add, changed: wakeFolder });
  await log.open();

  function announce(batches: readonly { stored: StoredBatch; ticket: ReadonlySet<Member> }[]): void {
    folders.stored(batches.map(({ stored }) => stored));
    for (const member of members) {
      for (const { stored, ticket } of batches) {
        if (!member.live) break;
        if (member.peer.folder !== undefined && !ticket.has(member)) {
          // What it may not see is left out where the log is read.
          member.live = false;
          follow(member);
          break;
        }
        member.seq = stored.seq;
        tell(member, ticket.has(member) ? formatCommitted(stored) : { kind: 'rows', batches: [stored] });
      }
    }
    watcher?.stored(batches.map(({ stored }) => stored));
  }

  function tell(member: Member, frame: RelayFrame): void {
    void member.peer.send(frame);
    if (!member.live || member.peer.backlog() < mostBehind) return;
    member.live = false;
    follow(member);
  }

  function follow(member: Member): void {
    catchUp(member).catch(() => member.peer.close(1011, 'the log could not be read'));
  }

  /** Reads until the head; the last look at the head and going live happen without a pause between them. */
  async function catchUp(member: Member): Promise<void> {
    while (!member.gone) {
      if (member.seq === log.head().seq) {
        member.live = true;
        void member.peer.send({ kind: 'current', ...log.head() });
        return;
      }
      const read = await log.read(member.seq);
      const { folder } = member.peer;
      const page = folder === undefined ? read : await withholdOutside(folders, folder, read);
      for (const batches of pack(page)) {
        if (member.gone) return;
        await member.peer.send({ kind: 'rows', batches });
        member.seq = batches.at(-1)!.seq;
      }
    }
  }

  function wakeFolder(folder: string): void {
    for (const { peer } of members)
      if (peer.folder === folder) void peer.send({ kind: 'wake', topic: 'folder' });
  }

  async function add(batches: readonly Batch[]): Promise<void> {
    const ticket = show(batches);
    await Promise.all(batches.map((batch) => log.append(batch, ticket)));
  }

  /** Shows batches before their commit, but to devices with one folder. @returns who has seen them */
  function show(batches: readonly Batch[], source?: Member): Set<Member> {
    const ticket = new Set([...members].filter(({ live, peer }) => live && peer.folder === undefined));
    for (const member of ticket) if (member !== source) tell(member, { kind: 'provisional', batches });
    return source ? ticket.add(source) : ticket;
  }

  async function push(source: Member, batches: readonly Batch[]): Promise<void> {
    await Promise.all(batches.map((batch) => assertSigned(idTag, devices, batch)));
    if (source.peer.folder !== undefined) await assertInside(folders, source.peer.folder, batches);
    const ticket = show(batches, source);
    const appends = batches.map((batch) => log.append(batch, ticket));
    const results = await Promise.allSettled(appends);
    for (const [session, acked] of highest(batches, results))
      void source.peer.send({ kind: 'ack', session, acked, time: now() });
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  const hears = ({ peer: { folder } }: Member, doc: string): boolean =>
    folder === undefined || folders.has(folder, doc);

  /** Carets are left out for who is far behind: the next ones come soon. */
  function tellAwareness(frame: Extract<RelayFrame, { kind: 'awareness' }>, from?: Member): void {
    for (const other of members)
      if (other !== from && hears(other, frame.doc) && other.peer.backlog() < mostBehind / 4)
        void other.peer.send(frame);
  }

  return {
    folders,
    add,
    awareness: (doc, states) => tellAwareness({ kind: 'awareness', doc, states }),
    watch(who) {
      watcher = who;
    },
    async join(peer, cursor) {
      // Known from the beginning, so that it hears of carets, and when the list is another one.
      if (peer.folder !== undefined) await folders.members(peer.folder);
      for (const other of members)
        if (other.peer.did === peer.did && other.peer.session === peer.session)
          other.peer.close(4409, 'this session has connected anew');
      const acked = await log.acked(peer.did, peer.session);
      const match = await log.has(cursor);
      const member: Member = { peer, seq: match ? cursor.seq : 0, live: false, gone: false };
      members.add(member);
      const letGo = peer.folder === undefined ? undefined : folders.hold(peer.folder);
      await peer.send({ kind: 'welcome', log: logId, acked, match, time: now() });
      follow(member);
      return {
        push: (batches) => push(member, batches),
        awareness(doc, states) {
          if (!hears(member, doc)) return;
          tellAwareness({ kind: 'awareness', doc, states }, member);
          watcher?.awareness(doc, states, member);
        },
        leave() {
          member.gone = true;
          member.live = false;
          members.delete(member);
          letGo?.();
          watcher?.left(member);
        },
      };
    },
    wake(topic) {
      for (const { peer } of members) void peer.send({ kind: 'wake', topic });
    },
    presence(presence) {
      for (const { peer } of members)
        if (peer.folder === undefined && peer.backlog() < mostBehind / 4)
          void peer.send({ kind: 'presence', ...presence });
    },
    closeDevices(dids) {
      for (const { peer } of members)
        if (dids.includes(peer.did)) peer.close(4401, 'this device was removed');
    },
    async close() {
      for (const { peer } of members) peer.close(1001, 'the relay is stopping');
      await folders.close();
    },
  };
}

/** SPEC S3: rows of any device that is enrolled, whoever brings them. */
async function assertSigned(idTag: IdTag, devices: Devices, batch: Batch): Promise<void> {
  const log = await devices.log();
  const device = log && findDevice(log, batch.device);
  if (!device)
    throw new IsletError('E-ROW-INVALID', 'the rows name a device that is not enrolled', batch.device);
  await verifyBatch(idTag, batch, device.jwk);
}

function formatCommitted({ batch, seq, chain }: StoredBatch): RelayFrame {
  const { device, session, first } = batch;
  return { kind: 'committed', device, session, first, seq, chain };
}

/** Highest durable counter of each session. */
function highest(
  batches: readonly Batch[],
  results: readonly PromiseSettledResult<number>[],
): Map<string, number> {
  const acked = new Map<string, number>();
  batches.forEach(({ session }, i) => {
    const result = results[i];
    if (result?.status === 'fulfilled') acked.set(session, Math.max(acked.get(session) ?? -1, result.value));
  });
  return acked;
}

/** Lists of about `frameTarget` bytes. */
function* pack(page: readonly StoredBatch[]): Generator<StoredBatch[]> {
  let frame: StoredBatch[] = [];
  let size = 0;
  for (const stored of page) {
    frame.push(stored);
    size += stored.batch.rows.reduce((sum, { update }) => sum + update.length, 0);
    if (size < frameTarget) continue;
    yield frame;
    frame = [];
    size = 0;
  }
  if (frame.length > 0) yield frame;
}
