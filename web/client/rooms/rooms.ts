import { type IdTag, parseIdTag } from '../../../shared/identity/id-tag.ts';
import { guestTokenSchema, proxyTokenSchema, routes } from '../../../shared/routes.ts';
import type { Documents, OpenDocument } from '../documents/documents.ts';
import { type IndexEntry, updateEntry } from '../documents/index-entries.ts';
import { createWatchable } from '../documents/save-state.ts';
import { createRelayApi, type RelayApi, segment } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import { RoomLink, type RoomState } from './room-link.ts';
import { mayWrite } from './may-write.ts';

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
  /** Tries at once: somebody came back. */
  wake(): void;
}

export interface RoomsOptions {
  db: Database;
  documents: Documents;
  api: RelayApi;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** In milliseconds: how long one document may take, and after what time one that nobody opened is looked at again. */
const timing = { exchange: 20_000, rest: 15 * 60_000 };
/** Documents that are caught up with at once. */
const most = 30;

export function createRooms({ db, documents, api, now }: RoomsOptions): Rooms {
  const rooms = new Set<Room>();

  function connect(open: OpenDocument, owner: IdTag, writes: boolean): RoomLink {
    let renew = false;
    return new RoomLink({
      ...{ doc: open.doc, awareness: open.awareness, readOnly: !writes, now },
      address: async () => {
        const scope = `file:${open.id}:${writes ? 'W' : 'R'}`;
        const url = await readAddress(api, { owner, id: open.id, scope, renew });
        // When this address is refused, the next token is a new one.
        renew = true;
        return url;
      },
    });
  }

  function join(open: OpenDocument): Room | undefined {
    const owner = documents.entry(open.id)?.owner;
    if (owner === undefined) return undefined;
    const state = createWatchable<RoomState>({ kind: 'connecting', unsent: false });
    let writes: boolean | undefined;
    let link: RoomLink | undefined;
    /** Its owner may give another right while it is open. */
    const follow = (): void => {
      const entry = documents.entry(open.id);
      const now = entry !== undefined && mayWrite(entry);
      if (now === writes) return;
      writes = now;
      link?.close();
      link = connect(open, parseIdTag(owner), now);
      link.state.subscribe((next) => {
        state.set(next);
        void note(open.id, next);
        noteEnd(open.id, next);
      });
    };
    const stop = documents.tree.onChange(follow);
    follow();
    const room: Room = {
      state,
      whenExchanged: (signal) => link?.whenExchanged(signal) ?? Promise.resolve(),
      wake: () => link?.wake(),
      close() {
        stop();
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
    await db.rooms.put({ doc, unsent: state.unsent ? 1 : 0, at: now(), ...reason });
  }

  /**
   * The owner's relay lets nobody in whose share has ended, even where nothing was said of it. Who may still read when writing has ended stays
   * a reader until it is shared anew.
   */
  function noteEnd(id: string, state: RoomState): void {
    const { level, ended } = documents.entry(id) ?? {};
    if (state.kind === 'refused' && state.ended && ended === undefined)
      updateEntry(documents.index.doc, id, { ended: now() });
    if (state.kind === 'open' && ended !== undefined && (level === 'read' || level === 'comment'))
      updateEntry(documents.index.doc, id, { ended: undefined });
  }

  async function visit(id: string): Promise<void> {
    const open = await documents.open(id, { listed: false });
    const room = join(open);
    try {
      await room?.whenExchanged(AbortSignal.timeout(timing.exchange));
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
    async catchUp() {
      await navigator.locks.request('islet-rooms', { ifAvailable: true }, async (lock) => {
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

/** Our relay speaks for us (PROXY), theirs gives a token for this one document; the browser goes there itself. */
async function readAddress(
  api: RelayApi,
  { owner, id, scope, renew }: { owner: IdTag; id: string; scope: string; renew: boolean },
): Promise<string> {
  const query = new URLSearchParams({ idTag: owner, ...(renew && { renew: 'true' }) });
  const { token, apiBase } = await api.get(`${routes.proxyToken}?${query}`, proxyTokenSchema);
  const theirs = createRelayApi(apiBase, () => Promise.resolve(token));
  const narrow = await theirs.get(
    `${routes.accessToken}?${new URLSearchParams({ scope })}`,
    guestTokenSchema,
  );
  const url = new URL(routes.crdt + segment(id), apiBase);
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
  url.search = new URLSearchParams({
    access: scope.endsWith('W') ? 'write' : 'read',
    token: narrow.token,
  }).toString();
  return url.toString();
}
