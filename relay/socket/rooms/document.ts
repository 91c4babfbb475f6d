import { setTimeout as pause } from 'node:timers/promises';
import { IsletError } from '../../../shared/errors.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { isTold, maxRowBytes } from '../../../shared/sync/row.ts';
import type { Database } from '../../store/database.ts';
import { findRoomState, listRoomBatches, saveRoomState } from '../../store/room-rows.ts';
import { decodeBatch } from '../log.ts';
import type { Job, Reply } from './job.ts';
import type { Parser } from './parser.ts';

/** Largest document that a room opens and lets grow, in bytes as an update. */
export const maxDocumentBytes = 16 * 1024 * 1024;
/** Most bytes of rows that are read to open one. */
const maxLoadBytes = 128 * 1024 * 1024;
/** Batches that are read between two looks at the clock, and bytes that are given to the thread at once. */
export const page = { batches: 50, bytes: 1024 * 1024 };
/** Batches behind the stored state that make it worth to be stored anew. */
export const worthSaving = 64;
/** From so many bytes on, one is enough: who opens such a document is told what is stored, before it has been read. */
const largeBytes = 64 * 1024;
/** In milliseconds: how long a thread that reads it is not begun for who has not asked for the document yet. */
const courtesy = 100;
/** Threads that may end under it before it is given up. */
export const tries = 4;

/** One document of the log, as the thread has it open. Jobs are done in the order in which they are given. */
export interface RoomDocument {
  /** What the document has, as Yjs tells it: clocks of all clients. */
  vector(): Promise<Uint8Array>;
  /** What somebody with this state vector lacks. @throws IsletError E-FRAME-INVALID */
  difference(vector: Uint8Array): Promise<Uint8Array>;
  /**
   * @param byGuest it may change less
   * @returns what of the update was new; undefined when nothing was
   * @throws IsletError E-FRAME-INVALID (no update), E-CORE-TOOLARGE
   */
  apply(update: Uint8Array, byGuest?: boolean): Promise<Uint8Array | undefined>;
  /** The same for several updates at once: what was new of them is one update; when one is refused, none is applied. */
  applyAll(updates: readonly Uint8Array[], byGuest: boolean): Promise<Uint8Array | undefined>;
  /** It has been read, and is not too large for so many bytes more. */
  hasPlace(bytes: number): boolean;
  /** Rows of the log up to this number have been applied. */
  reached(seq: number): void;
  /** Bytes, about. */
  size(): number;
  /** Leaves the thread. `keep`: what was read is stored when that spares much reading the next time. */
  close(keep: boolean): Promise<void>;
}

export interface DocumentParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly doc: string;
  readonly parser: Parser;
  /** Resolves when everything that was applied is in the log or given up. */
  readonly settled: () => Promise<void>;
}

export function createRoomDocument(parts: DocumentParts): RoomDocument {
  const { parser, idTag, doc } = parts;
  const room = `${idTag} ${doc}`;
  let place: Place | undefined;
  let size = 0;
  let last: Promise<unknown> = Promise.resolve();
  const asked = Promise.withResolvers<void>();

  const askNow = async (job: Job): Promise<Exclude<Reply, { kind: 'absent' }>> => {
    for (let i = 0; i < tries; i++) {
      const reply: Reply = place ? await parser.run(job) : { kind: 'absent' };
      if (reply.kind !== 'absent') return reply;
      await parts.settled();
      const loaded = await loadDocument(parts, room);
      place = loaded;
      size = loaded?.size ?? 0;
    }
    throw new IsletError('E-SYS-UNAVAIL', 'the document could not be kept open', doc);
  };
  const ask = (job: Job) => {
    const done = last.then(() => askNow(job));
    last = done.catch(() => undefined);
    return done;
  };
  const askBytes = async (job: Job): Promise<Uint8Array> => {
    const reply = await ask(job);
    if (reply.kind === 'bytes') return reply.bytes;
    throw new IsletError('E-FRAME-INVALID', 'that could not be read', reply);
  };

  const hasPlace = (bytes: number): boolean => size + bytes <= maxDocumentBytes;

  const change = async (updates: readonly Uint8Array[], job: Job): Promise<Uint8Array | undefined> => {
    const bytes = updates.reduce((sum, { length }) => sum + length, 0);
    if (updates.some(({ length }) => length > maxRowBytes) || !hasPlace(bytes))
      throw new IsletError('E-CORE-TOOLARGE', 'the document would become too large', size);
    const reply = await ask(job);
    if (reply.kind !== 'applied') throw new IsletError('E-FRAME-INVALID', 'that is no update', reply);
    size += reply.news?.length ?? 0;
    return reply.news;
  };

  /** To begin a thread takes longer than to tell what is stored: who opens the document is told that first. */
  const wait = async (): Promise<void> => {
    if (place === undefined) await Promise.race([asked.promise, pause(courtesy, undefined, { ref: false })]);
  };

  return {
    vector() {
      last = last.then(wait);
      return askBytes({ kind: 'vector', room });
    },
    async difference(vector) {
      const kept = place === undefined && isEmptyVector(vector) ? await findWholeState(parts) : undefined;
      setImmediate(asked.resolve);
      return kept ?? askBytes({ kind: 'difference', room, vector });
    },
    apply: (update, byGuest = false) => change([update], { kind: 'apply', room, update, byGuest }),
    applyAll: (updates, byGuest) => change(updates, { kind: 'applyAll', room, updates, byGuest }),
    hasPlace: (bytes) => place !== undefined && hasPlace(bytes),
    reached(seq) {
      if (place && seq > place.seq) place = { ...place, seq, unsaved: place.unsaved + 1 };
    },
    size: () => size,
    async close(keep) {
      await last;
      if (keep && place && isWorthSaving(place.unsaved, size)) await saveDocument(parts, room, place.seq);
      if (place) await parser.run({ kind: 'close', room });
    },
  };
}

function isWorthSaving(unsaved: number, size: number): boolean {
  return unsaved >= worthSaving || (unsaved > 0 && size >= largeBytes);
}

function isEmptyVector(vector: Uint8Array): boolean {
  return vector.length === 1 && vector[0] === 0;
}

/** The stored state, which the thread wrote, when the log has no row behind it. */
async function findWholeState({ db, idTag, doc }: DocumentParts): Promise<Uint8Array | undefined> {
  const state = await findRoomState(db, idTag, doc);
  if (!state) return undefined;
  const behind = await listRoomBatches(db, { idTag, doc, after: state.seq }, 1);
  return behind.length === 0 ? new Uint8Array(state.state) : undefined;
}

/** How far the log has been read. */
export interface Place {
  readonly seq: number;
  /** Batches since the stored state. */
  readonly unsaved: number;
  readonly size: number;
}

/** From the stored state and the rows behind it. @returns undefined when the thread ended meanwhile */
export async function loadDocument(
  { db, idTag, doc, parser }: DocumentParts,
  room: string,
): Promise<Place | undefined> {
  const state = await findRoomState(db, idTag, doc);
  let seq = state?.seq ?? 0;
  let unsaved = 0;
  let size = 0;
  const give = async (updates: readonly Uint8Array[], begins: boolean, ends: boolean) => {
    size += updates.reduce((sum, { length }) => sum + length, 0);
    assertSize(size, maxLoadBytes);
    return parser.run({ kind: 'load', room, updates, begins, ends });
  };
  let reply = await give(state ? [new Uint8Array(state.state)] : [], true, false);
  for (;;) {
    const batches = await listRoomBatches(db, { idTag, doc, after: seq }, page.batches);
    if (batches.length === 0 || reply.kind !== 'loaded') break;
    const updates = batches.flatMap(({ batch }) =>
      decodeBatch(batch).rows.flatMap((row) => (row.doc === doc && isTold(row) ? [row.update] : [])),
    );
    for (const part of split(updates)) reply = await give(part, false, false);
    seq = batches.at(-1)!.seq;
    unsaved += batches.length;
  }
  if (reply.kind === 'loaded') reply = await give([], false, true);
  if (reply.kind !== 'loaded') return undefined;
  assertSize(reply.size, maxDocumentBytes);
  return { seq, unsaved, size: reply.size };
}

function assertSize(size: number, most: number): void {
  if (size > most) throw new IsletError('E-CORE-TOOLARGE', 'the document is too large to be edited together');
}

/** Lists of about as many bytes as are given to the thread at once. */
export function* split(updates: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let part: Uint8Array[] = [];
  let size = 0;
  for (const update of updates) {
    part.push(update);
    size += update.length;
    if (size < page.bytes) continue;
    yield part;
    part = [];
    size = 0;
  }
  if (part.length > 0) yield part;
}

/** Stores what the thread has, so that fewer rows are read the next time. */
export async function saveDocument(
  { db, idTag, doc, parser }: DocumentParts,
  room: string,
  seq: number,
): Promise<void> {
  const reply = await parser.run({ kind: 'state', room });
  if (reply.kind === 'bytes') await saveRoomState(db, { id_tag: idTag, doc, seq, state: reply.bytes });
}
