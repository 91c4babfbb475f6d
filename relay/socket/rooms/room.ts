import type { Random } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Signer } from '../../../shared/identity/did.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { type AwarenessEntry, formatAwareness, parseAwareness } from '../../../shared/sync/awareness.ts';
import type { StoredBatch } from '../../../shared/sync/frame.ts';
import { formatRoomFrame, type RoomFrame } from '../../../shared/sync/room-frame.ts';
import { isGuestAuthor } from '../../../shared/sync/row.ts';
import type { Growth } from '../../files/growth.ts';
import type { Database } from '../../store/database.ts';
import type { Space } from '../space.ts';
import { createCarets } from './carets.ts';
import { type Author, createAuthor, createCommits } from './commits.ts';
import { createRoomDocument } from './document.ts';
import { type Parser, ParserBroken } from './parser.ts';
import { isPlainUpdate } from './plain-update.ts';

/** One connection, as the room sees it. */
export interface Visitor {
  readonly idTag: IdTag;
  /** A frame, ready to be sent. */
  send(frame: Uint8Array): void;
  close(code: number, reason: string): void;
  /** What it came for cannot be had. */
  fail(error: unknown): void;
  /** Looks again whether it may be here. */
  recheck(): void;
}

/** A visitor that has come in. */
export interface Stay {
  /**
   * What the visitor says (SPEC Z3, Z7), but for its edits.
   * @throws IsletError E-FRAME-INVALID, E-SYS-UNAVAIL
   */
  take(frame: Exclude<RoomFrame, Edit>): Promise<void>;
  /**
   * Edits that came together, of at most 1 MiB when they are several (SPEC Z4).
   * @throws IsletError E-FRAME-INVALID, E-CORE-TOOLARGE, E-SYS-UNAVAIL: those before the one that is refused are taken
   */
  edit(updates: readonly Uint8Array[]): Promise<void>;
  leave(): void;
}

/** A frame with an edit. */
export type Edit = Extract<RoomFrame, { readonly update: Uint8Array }>;

/** One document and who edits it: neighbours over their sockets, the identity's devices over the log. */
export interface Room {
  readonly visitors: ReadonlySet<Visitor>;
  /** It is told what the document has as soon as that has been read. */
  enter(visitor: Visitor): Stay;
  /** A batch with rows of this document is in the log. */
  stored(stored: StoredBatch): void;
  /** Carets of a device. */
  awareness(states: Uint8Array, from: object): void;
  left(from: object): void;
  size(): number;
  /** Sends everybody away. */
  end(code: number, reason: string): void;
  /** When what is under way has been stored. `keep`: what the document is now may be stored as the log has it. */
  close(keep: boolean): Promise<void>;
}

export interface RoomParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly doc: string;
  readonly parser: Parser;
  readonly space: Space;
  /** Signs with the identity key. */
  readonly sign: Signer;
  readonly random: Random;
  readonly growth: Growth;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The room cannot go on. `culprit`: who sent what could not be read in time. */
  readonly broken: (error: unknown, culprit: Visitor | undefined) => void;
}

export function createRoom(parts: RoomParts): Room {
  const { idTag, doc, space, growth, broken } = parts;
  const visitors = new Set<Visitor>();
  const carets = createCarets(idTag);
  const commits = createCommits({ ...parts, failed: (error) => broken(error, undefined) });
  const document = createRoomDocument({ ...parts, settled: () => commits.settled() });
  let following: Promise<void> = Promise.resolve();

  const tell = (frame: RoomFrame, except?: Visitor): void => {
    const bytes = formatRoomFrame(frame);
    for (const visitor of visitors) if (visitor !== except) visitor.send(bytes);
  };
  const tellCarets = (entries: readonly AwarenessEntry[]): Uint8Array | undefined => {
    if (entries.length === 0) return undefined;
    const states = formatAwareness(entries);
    tell({ kind: 'awareness', states });
    return states;
  };
  /** What ends the thread ends the room. */
  const guard = async <T>(work: Promise<T>, culprit?: Visitor): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof ParserBroken)) throw error;
      broken(error, culprit);
      throw new IsletError('E-SYS-UNAVAIL', 'the document could not be read', error);
    }
  };

  /** What the identity's own devices write is told before it is judged, when it plainly can be read (SPEC Z4). */
  const tellAtOnce = (visitor: Visitor, update: Uint8Array): boolean => {
    if (visitor.idTag !== idTag || !document.hasPlace(update.length) || !isPlainUpdate(update)) return false;
    tell({ kind: 'update', update }, visitor);
    return true;
  };
  /** The others have what will not be stored: everybody is to read the document anew. */
  const takeBack = (visitor: Visitor, error: unknown): never => {
    visitor.fail(error);
    broken(error, visitor);
    throw error;
  };

  /** The others see it at once; its author hears of it when it is on the disk. */
  const editTogether = async (visitor: Visitor, author: Author, updates: readonly Uint8Array[]) => {
    const isGuest = visitor.idTag !== idTag;
    if (isGuest) growth.assert(visitor.idTag);
    const alone = updates.length === 1 ? updates[0] : undefined;
    const applying = alone ? document.apply(alone, isGuest) : document.applyAll(updates, isGuest);
    const isTold = alone !== undefined && tellAtOnce(visitor, alone);
    const judging = guard(applying, visitor);
    const news = await (isTold ? judging.catch((error: unknown) => takeBack(visitor, error)) : judging);
    if (isGuest && news) growth.add(visitor.idTag, news.length, updates.length);
    if (news && !isTold) tell({ kind: 'update', update: news }, visitor);
    const done = (): void => {
      for (const update of updates)
        if (visitors.has(visitor)) visitor.send(formatRoomFrame({ kind: 'update', update }));
    };
    commits.add({ author, update: news, done });
  };

  const edit = async (visitor: Visitor, author: Author, updates: readonly Uint8Array[]): Promise<void> => {
    try {
      await editTogether(visitor, author, updates);
    } catch (error) {
      const isRefused = error instanceof IsletError && error.code !== 'E-SYS-UNAVAIL';
      if (updates.length === 1 || !isRefused) throw error;
      for (const update of updates) await editTogether(visitor, author, [update]);
    }
  };

  const show = (from: object, as: IdTag, states: Uint8Array): Uint8Array | undefined =>
    tellCarets(carets.take(from, as, parseAwareness(states)));

  const take = async (visitor: Visitor, frame: Exclude<RoomFrame, Edit>) => {
    switch (frame.kind) {
      case 'step1': {
        const update = await guard(document.difference(frame.vector), visitor);
        return visitor.send(formatRoomFrame({ kind: 'step2', update }));
      }
      case 'awareness': {
        const shown = show(visitor, visitor.idTag, frame.states);
        if (shown) space.awareness(doc, shown);
      }
    }
  };

  const greet = async (visitor: Visitor): Promise<void> => {
    const vector = await guard(document.vector());
    visitor.send(formatRoomFrame({ kind: 'step1', vector }));
  };

  /** Rows of devices; those of guests went through the room before. */
  const follow = async ({ batch, seq }: StoredBatch): Promise<void> => {
    for (const { doc: of, update } of isGuestAuthor(batch.device) ? [] : batch.rows) {
      if (of !== doc) continue;
      const news = await guard(document.apply(update)).catch(passOverMalformed);
      if (news) tell({ kind: 'update', update: news });
    }
    document.reached(seq);
  };

  return {
    visitors,
    enter(visitor) {
      visitors.add(visitor);
      greet(visitor).catch((error: unknown) => visitor.fail(error));
      const others = carets.all();
      if (others.length > 0)
        visitor.send(formatRoomFrame({ kind: 'awareness', states: formatAwareness(others) }));
      const author = createAuthor(visitor.idTag, parts.random);
      return {
        take: (frame) => take(visitor, frame),
        edit: (updates) => edit(visitor, author, updates),
        leave() {
          visitors.delete(visitor);
          const gone = tellCarets(carets.leave(visitor));
          if (gone) space.awareness(doc, gone);
        },
      };
    },
    stored(stored) {
      following = following.then(() => follow(stored)).catch((error: unknown) => broken(error, undefined));
    },
    awareness(states, from) {
      try {
        show(from, idTag, states);
      } catch (error) {
        passOverMalformed(error);
      }
    },
    left: (from) => void tellCarets(carets.leave(from)),
    size: () => document.size(),
    end(code, reason) {
      for (const visitor of [...visitors]) visitor.close(code, reason);
    },
    async close(keep) {
      await commits.settled();
      await following;
      await document.close(keep);
    },
  };
}

/** A device may have stored what is no update, or say what is no caret; its other devices pass it over too. */
function passOverMalformed(error: unknown): undefined {
  if (error instanceof IsletError && error.code === 'E-FRAME-INVALID') return undefined;
  throw error;
}
