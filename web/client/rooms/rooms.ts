import { type IdTag, parseIdTag } from '../../../shared/identity/id-tag.ts';
import { isBlobId } from '../../../shared/file/blob-id.ts';
import { routes } from '../../../shared/routes.ts';
import type { Documents, OpenDocument } from '../documents/documents.ts';
import { type EntryFields, type IndexEntry, updateEntry } from '../documents/index-entries.ts';
import { createWatchable } from '../documents/save-state.ts';
import type { FileWork } from '../files/file-work.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import { storageName } from '../spaces.ts';
import type { Database } from '../store/database.ts';
import { followQuery } from '../store/live-query.ts';
import { askLevel } from './ask-level.ts';
import { mayWrite } from './may-write.ts';
import { readPass, type Visit } from './pass.ts';
import { countOwed, createPictures } from './pictures.ts';
import { RoomLink, type RoomState } from './room-link.ts';
import { createSparing } from './sparing.ts';

/** A document that is open here and at its owner's relay. */
export interface Room extends Pick<RoomLink, 'state' | 'whenExchanged' | 'wake' | 'close'> {
  readonly id: string;
}

/** Documents that live at neighbours' relays, and are kept here and in the identity's own log. */
export interface Rooms {
  /** Connects an open document with its owner's relay, until it is closed; undefined for a document of our own. */
  join(open: OpenDocument): Room | undefined;
  /** Brings documents that are not open to what their owners' relays have, and what was written offline to them. */
  catchUp(): Promise<void>;
  /** Bytes that such a document shows and that we do not have, from its owner's relay. Undefined when they cannot be had now. */
  readBlob(id: string, blob: string): Promise<Blob | undefined>;
  /** A picture that it names as a file at its owner's relay. */
  readFile(id: string, file: string): Promise<Blob | undefined>;
  /** Tries at once: somebody came back. */
  wake(): void;
}

export interface RoomsOptions {
  db: Database;
  documents: Documents;
  api: RelayApi;
  work: Pick<FileWork, 'hash'>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** A picture that was added here is not taken by the owner's relay. */
  onRefusal(error: unknown): void;
}

/** In milliseconds: how long one document may take, and after what time one that nobody opened is looked at again. */
const timing = { exchange: 20_000, rest: 15 * 60_000 };
/**
 * How often a relay is asked what the share is: its answer is written into the index and opens the room anew. One that says something else
 * each time would fill the one and never let the other rest.
 */
const asking = { times: 5, within: 10 * 60_000 };
/** Documents that are caught up with at once. */
const most = 30;

export function createRooms({ documents, ...parts }: RoomsOptions): Rooms {
  const { db, api, now } = parts;
  const rooms = new Set<Room>();
  const pictures = createPictures(parts);
  const mayAsk = createSparing(asking, now);
  /** One after the other. */
  let bringing = Promise.resolve();

  /** Undefined for a document of our own. */
  function visitTo(id: string): Visit | undefined {
    const entry = documents.entry(id);
    if (entry?.owner === undefined) return undefined;
    return { owner: parseIdTag(entry.owner), id, level: mayWrite(entry) ? 'W' : 'R' };
  }

  /** Undefined too when the share has ended: nobody is asked in vain. */
  function readable(id: string): Visit | undefined {
    return documents.entry(id)?.ended === undefined ? visitTo(id) : undefined;
  }

  async function sendPictures(id: string): Promise<void> {
    const to = visitTo(id);
    if (to?.level === 'W') await pictures.send(to);
  }

  function connect(open: OpenDocument, owner: IdTag, writes: boolean): RoomLink {
    let renew = false;
    return new RoomLink({
      ...{ doc: open.doc, awareness: open.awareness, readOnly: !writes, now },
      wasUnsent: async () => (await db.rooms.get(open.id))?.unsent === 1,
      address: async () => {
        const url = await readAddress(api, { owner, id: open.id, level: writes ? 'W' : 'R', renew });
        // When this address is refused, the next token is a new one.
        renew = true;
        return url;
      },
    });
  }

  /** Where a room stands, for its page and for the next time; pictures that wait count as unsent. */
  function tellOf(id: string) {
    const state = createWatchable<RoomState>({ kind: 'connecting', unsent: false });
    let last = state.get();
    let owes = false;
    const say = (next: RoomState): void => {
      if (next.kind === 'open' && last.kind !== 'open') bring(id);
      last = next;
      state.set(owes ? { ...next, unsent: true } : next);
      note(id, next).catch(parts.onRefusal);
    };
    const owed = followQuery(() => countOwed(db, id)).subscribe({
      next(count) {
        if (count > 0 && last.kind === 'open') bring(id);
        owes = count > 0;
        say(last);
      },
      error: parts.onRefusal,
    });
    return { state, say, close: () => owed.unsubscribe() };
  }

  function join(open: OpenDocument): Room | undefined {
    const owner = documents.entry(open.id)?.owner;
    if (owner === undefined) return undefined;
    let writes: boolean | undefined;
    let link: RoomLink | undefined;
    const told = tellOf(open.id);
    /** Its owner may give another right while it is open. */
    const follow = (): void => {
      const entry = documents.entry(open.id);
      const now = entry !== undefined && mayWrite(entry);
      if (now === writes) return;
      writes = now;
      link?.close();
      link = connect(open, parseIdTag(owner), now);
      let kind: RoomState['kind'] | undefined;
      link.state.subscribe((next) => {
        told.say(next);
        if (next.kind !== kind) void hear(open.id, next);
        kind = next.kind;
      });
    };
    const stop = documents.tree.onChange(follow);
    follow();
    const room: Room = {
      state: told.state,
      whenExchanged: (signal) => link?.whenExchanged(signal) ?? Promise.resolve(),
      wake: () => link?.wake(),
      close() {
        stop();
        told.close();
        rooms.delete(room);
        link?.close();
      },
      id: open.id,
    };
    rooms.add(room);
    return room;
  }

  async function note(doc: string, state: RoomState): Promise<void> {
    if (state.kind === 'connecting') return;
    const reason = state.kind === 'refused' ? { reason: state.reason } : {};
    const unsent = state.unsent || (await countOwed(db, doc)) > 0 ? 1 : 0;
    await db.rooms.put({ doc, unsent, at: now(), ...reason });
  }

  /** What the relay does not get now it gets when the room opens the next time. */
  function bring(id: string): void {
    bringing = bringing.then(() => sendPictures(id)).catch(() => undefined);
  }

  /**
   * Some nodes change or end a share without a word. What the owner's relay says when it lets us in, or does not, holds until it is shared
   * anew.
   */
  async function hear(id: string, state: RoomState): Promise<void> {
    const isRefused = state.kind === 'refused' && state.ended;
    const to = visitTo(id);
    if (to === undefined || !(isRefused || state.kind === 'open') || !mayAsk(id)) return;
    const said = await askLevel(api, to);
    const { level, ended } = documents.entry(id) ?? {};
    const tell = (fields: EntryFields): void => updateEntry(documents.index.doc, id, fields);
    if (said === 'ended' || (said === undefined && isRefused)) tell({ ended: ended ?? now() });
    else if (said !== undefined && (said !== level || ended !== undefined))
      tell({ level: said, heard: now(), ended: undefined });
  }

  async function visit(id: string): Promise<void> {
    const open = await documents.open(id, { listed: false });
    const room = join(open);
    try {
      await room?.whenExchanged(AbortSignal.timeout(timing.exchange));
      await sendPictures(id);
      if (room) await note(id, room.state.get());
      await open.whenSaved();
    } catch {
      // It was noted why; the next time may do.
    } finally {
      room?.close();
      await open.close();
    }
  }

  async function waiting(): Promise<string[]> {
    const entries = [...documents.tree.rows().keys()].map((id) => documents.entry(id));
    const open = new Set([...rooms].map(({ id }) => id));
    const due: string[] = [];
    for (const entry of entries.filter(isOthers)) {
      const row = await db.rooms.get(entry.id);
      if (open.has(entry.id) || entry.ended !== undefined) continue;
      if (row?.unsent !== 0 || now() - row.at > timing.rest) due.push(entry.id);
    }
    return due.slice(0, most);
  }

  return {
    join,
    async readBlob(id, blob) {
      if (!isBlobId(blob)) return undefined;
      const to = readable(id);
      // Shown as missing, and asked for again.
      return to && pictures.read(to, blob).catch(() => undefined);
    },
    async readFile(id, file) {
      const to = readable(id);
      return to && pictures.readFile(to, file).catch(() => undefined);
    },
    async catchUp() {
      await navigator.locks.request(storageName('islet-rooms'), { ifAvailable: true }, async (lock) => {
        if (!lock) return;
        for (const id of await waiting()) await visit(id);
      });
    },
    wake: () => rooms.forEach((room) => room.wake()),
  };
}

function isOthers(entry: IndexEntry | undefined): entry is IndexEntry & { owner: string } {
  return entry?.owner !== undefined && entry.trashed === undefined;
}

async function readAddress(api: RelayApi, to: Visit): Promise<string> {
  const { token, apiBase } = await readPass(api, to);
  const url = new URL(routes.crdt + segment(to.id), apiBase);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  url.search = new URLSearchParams({ access: to.level === 'W' ? 'write' : 'read', token }).toString();
  return url.toString();
}
