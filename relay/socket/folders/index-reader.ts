import type { FolderChange } from '../../../shared/api/folders.ts';
import { IsletError } from '../../../shared/errors.ts';
import { isTold } from '../../../shared/sync/row.ts';
import { listRoomBatches } from '../../store/room-rows.ts';
import { decodeBatch } from '../log.ts';
import {
  type DocumentParts,
  loadDocument,
  maxDocumentBytes,
  page,
  type Place,
  saveDocument,
  split,
  tries,
  worthSaving,
} from '../rooms/document.ts';
import type { Reply } from '../rooms/job.ts';
import type { EntryFields } from './index-fields.ts';

export type IndexParts = Omit<DocumentParts, 'doc' | 'settled'>;

/** The index of a space as its log has it, read in the thread. One call after another. */
export interface IndexReader {
  readonly entries: ReadonlyMap<string, EntryFields>;
  /**
   * Reads what the log has more.
   * @returns which entries are other, with what they were before where that is known
   * @throws IsletError E-SYS-UNAVAIL, ParserBroken
   */
  follow(): Promise<Changed>;
  /**
   * Writes into the entries, in the thread alone: the update is for the log.
   * @returns undefined when nothing is other than before
   * @throws IsletError E-VAL-INVALID, E-CORE-TOOLARGE, E-SYS-UNAVAIL, ParserBroken
   */
  write(changes: readonly FolderChange[]): Promise<Uint8Array | undefined>;
  /** What the thread has is not what the log has: it is read anew. */
  forget(): void;
  /** Leaves the thread; what was read is stored when that spares much reading the next time. */
  close(): Promise<void>;
}

export type Changed = ReadonlyMap<string, EntryFields | undefined>;
type Entries = Map<string, EntryFields>;

export function createIndexReader(parts: IndexParts): IndexReader {
  const { db, idTag, parser } = parts;
  const doc = 'index';
  const room = `${idTag} ${doc}`;
  let place: Place | undefined;
  let entries: Entries = new Map();

  /** Into `into`, page for page. @returns what its entries were; undefined when the thread lost the index */
  const take = async (into: Entries, updates: readonly Uint8Array[], whole: boolean) => {
    const before = new Map<string, EntryFields | undefined>();
    for (let first = true, more = true; more; first = false) {
      const given = first ? { updates, whole } : { updates: [], whole: false };
      const reply = await parser.run({ kind: 'entries', room, ...given });
      if (reply.kind === 'absent') return undefined;
      if (reply.kind !== 'entries') throw unreadable(reply);
      for (const { id, entry } of reply.entries) {
        if (!before.has(id)) before.set(id, into.get(id));
        if (entry) into.set(id, entry);
        else into.delete(id);
      }
      more = reply.more;
    }
    return before;
  };

  /** All of it, in place of what was known. */
  const begin = async (): Promise<Changed | undefined> => {
    const read = await loadDocument({ ...parts, doc, settled: nothing }, room);
    const fresh: Entries = new Map();
    if (!read || !(await take(fresh, [], true))) return undefined;
    const changed = new Map([...entries.keys(), ...fresh.keys()].map((id) => [id, undefined]));
    entries = fresh;
    place = read;
    return changed;
  };

  /** What came since. */
  const goOn = async (from: Place): Promise<Changed | undefined> => {
    const changed = new Map<string, EntryFields | undefined>();
    for (let { seq, unsaved, size } = from; ;) {
      const batches = await listRoomBatches(db, { idTag, doc, after: seq }, page.batches);
      const updates = batches.flatMap(({ batch }) =>
        decodeBatch(batch).rows.flatMap((row) => (row.doc === doc && isTold(row) ? [row.update] : [])),
      );
      for (const some of [...split(updates), []]) {
        const before = await take(entries, some, false);
        if (!before) return undefined;
        for (const [id, entry] of before) if (!changed.has(id)) changed.set(id, entry);
        size += some.reduce((sum, { length }) => sum + length, 0);
      }
      seq = batches.at(-1)?.seq ?? seq;
      unsaved += batches.length;
      place = { seq, unsaved, size };
      if (batches.length < page.batches) return changed;
    }
  };

  return {
    get entries() {
      return entries;
    },
    async follow() {
      for (let i = 0; i < tries; i++) {
        const from = place;
        // Until it went well: what was read in part is read anew.
        place = undefined;
        const changed = await (from ? goOn(from) : begin());
        if (changed) return changed;
        place = undefined;
      }
      throw new IsletError('E-SYS-UNAVAIL', 'the index could not be kept open');
    },
    async write(changes) {
      if (!place) throw new IsletError('E-SYS-UNAVAIL', 'the index is not open');
      if (place.size > maxDocumentBytes) throw new IsletError('E-CORE-TOOLARGE', 'the index is too large');
      const reply = await parser.run({ kind: 'write', room, changes });
      if (reply.kind === 'applied') return reply.news;
      place = undefined;
      if (reply.kind === 'refused') throw new IsletError('E-VAL-INVALID', 'this cannot be written', reply);
      throw new IsletError('E-SYS-UNAVAIL', 'the index could not be kept open');
    },
    forget() {
      place = undefined;
    },
    async close() {
      const last = place;
      place = undefined;
      if (!last) return;
      if (last.unsaved >= worthSaving)
        await saveDocument({ ...parts, doc, settled: nothing }, room, last.seq);
      await parser.run({ kind: 'close', room });
    },
  };
}

const nothing = (): Promise<void> => Promise.resolve();

function unreadable(reply: Reply): IsletError {
  return new IsletError('E-SYS-UNAVAIL', 'the index could not be read', reply);
}
