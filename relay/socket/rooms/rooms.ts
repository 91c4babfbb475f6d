import { IsletError } from '../../../shared/errors.ts';
import { createGrowth } from '../../files/growth.ts';
import { documentsOf } from '../../store/room-rows.ts';
import type { Watcher } from '../space.ts';
import { ParserBroken } from './parser.ts';
import { createRoom, type Room, type RoomParts, type Stay, type Visitor } from './room.ts';

/** Documents that are open at once, bytes of all of them, connections to them, and of these those of one neighbour. */
const most = { rooms: 64, bytes: 64 * 1024 * 1024, visitors: 1000, ofOne: 40 };
/** Bytes that a guest adds within an hour to the log, which every device reads and nothing makes shorter (SPEC Z4). */
const mostOfGuest = 32 * 1024 * 1024;
/** In milliseconds: how long a document stays open when nobody is there; how long it, and who broke it, stays away after that. */
const times = { idle: 30_000, broken: 30_000, culprit: 600_000 };

/** The documents of one identity that neighbours and devices have open together (SPEC §13). */
export interface Rooms {
  /**
   * Comes in; the room tells what it has at once.
   * @throws IsletError E-SYS-UNAVAIL (too many, or broken a moment ago), E-AUTH-NOPERM (who broke it), E-CORE-TOOLARGE
   */
  enter(doc: string, visitor: Visitor): Promise<Stay>;
  /** Access may have ended: everybody is looked at again now. */
  recheck(): void;
  close(): Promise<void>;
}

export interface RoomsParts extends Omit<RoomParts, 'doc' | 'growth' | 'broken'> {
  readonly report: (error: unknown) => void;
}

interface Open {
  readonly room: Room;
  /** Runs while nobody is there. */
  idle: NodeJS.Timeout | undefined;
  /** Who is coming in. */
  entering: number;
}

export function createRooms(parts: RoomsParts): Rooms {
  const { space, now } = parts;
  const open = new Map<string, Open>();
  const closing = new Map<string, Promise<void>>();
  const away = createAbsences(now);
  const growth = createGrowth(now, mostOfGuest);

  const close = (doc: string, keep = true): void => {
    const gone = open.get(doc);
    if (!gone) return;
    open.delete(doc);
    clearTimeout(gone.idle);
    const done = gone.room.close(keep).catch((error: unknown) => {
      if (!(error instanceof ParserBroken) && !(error instanceof IsletError)) parts.report(error);
    });
    closing.set(
      doc,
      done.then(() => void closing.delete(doc)),
    );
  };
  const isEmpty = ({ room, entering }: Open): boolean => room.visitors.size === 0 && entering === 0;
  const rest = (doc: string, known: Open): void => {
    if (!isEmpty(known) || open.get(doc) !== known) return;
    clearTimeout(known.idle);
    known.idle = setTimeout(() => close(doc), times.idle).unref();
  };

  const broken = (doc: string, known: Room, error: unknown, culprit: Visitor | undefined): void => {
    if (open.get(doc)?.room !== known) return;
    parts.report(error);
    if (error instanceof ParserBroken) away.add(doc, times.broken);
    if (culprit && culprit.idTag !== parts.idTag) away.add(`${doc} ${culprit.idTag}`, times.culprit);
    known.end(4500, 'this document could not be kept open');
    close(doc, false);
  };

  const begin = (doc: string): Open => {
    makePlace(open, close);
    const room: Room = createRoom({
      ...parts,
      ...{ doc, growth },
      broken: (error, culprit) => broken(doc, room, error, culprit),
    });
    const begun: Open = { room, idle: undefined, entering: 0 };
    open.set(doc, begun);
    return begun;
  };

  space.watch(createWatcher(open));

  return {
    async enter(doc, visitor) {
      if (away.has(`${doc} ${visitor.idTag}`))
        throw new IsletError('E-AUTH-NOPERM', 'what you sent could not be read; try again later');
      if (away.has(doc)) throw new IsletError('E-SYS-UNAVAIL', 'this document could not be read');
      assertPlace(open, visitor);
      await closing.get(doc);
      const known = open.get(doc) ?? begin(doc);
      clearTimeout(known.idle);
      known.entering++;
      try {
        const stay = known.room.enter(visitor);
        return {
          take: stay.take,
          edit: stay.edit,
          leave() {
            stay.leave();
            rest(doc, known);
          },
        };
      } finally {
        known.entering--;
        rest(doc, known);
      }
    },
    recheck() {
      for (const { room } of open.values()) for (const visitor of room.visitors) visitor.recheck();
    },
    async close() {
      for (const [doc, { room }] of [...open]) {
        room.end(1001, 'the relay is stopping');
        close(doc);
      }
      await Promise.all(closing.values());
    },
  };
}

/** What devices do reaches the rooms that are open. */
function createWatcher(open: ReadonlyMap<string, Open>): Watcher {
  return {
    stored(batches) {
      for (const stored of batches)
        for (const doc of documentsOf(stored.batch)) open.get(doc)?.room.stored(stored);
    },
    awareness(doc, states, from) {
      open.get(doc)?.room.awareness(states, from);
    },
    left(from) {
      for (const { room } of open.values()) room.left(from);
    },
  };
}

function assertPlace(open: ReadonlyMap<string, Open>, visitor: Visitor): void {
  const all = [...open.values()].flatMap(({ room }) => [...room.visitors]);
  const own = all.filter(({ idTag }) => idTag === visitor.idTag);
  if (all.length >= most.visitors || own.length >= most.ofOne)
    throw new IsletError('E-SYS-UNAVAIL', 'too many connections');
}

/** Documents that nobody has open make place for another, the one that was opened first before the others. */
function makePlace(open: ReadonlyMap<string, Open>, close: (doc: string) => void): void {
  for (const [doc, known] of [...open]) {
    const bytes = [...open.values()].reduce((sum, { room }) => sum + room.size(), 0);
    if (open.size < most.rooms && bytes < most.bytes) return;
    if (known.room.visitors.size === 0 && known.entering === 0) close(doc);
  }
  if (open.size >= most.rooms) throw new IsletError('E-SYS-UNAVAIL', 'too many documents are open');
}

/** Names that are kept away until a time. */
function createAbsences(now: () => number) {
  const until = new Map<string, number>();
  return {
    has: (name: string): boolean => (until.get(name) ?? 0) > now(),
    add(name: string, duration: number): void {
      for (const [known, end] of until) if (end <= now()) until.delete(known);
      until.set(name, now() + duration);
    },
  };
}
