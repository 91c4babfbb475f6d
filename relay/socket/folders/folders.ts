import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import type { FolderChange, FolderList } from '../../../shared/api/folders.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Signer } from '../../../shared/identity/did.ts';
import type { StoredBatch } from '../../../shared/sync/frame.ts';
import { type Batch, guestAuthor, signBatch } from '../../../shared/sync/row.ts';
import { findFirstRow } from '../../store/room-rows.ts';
import { ParserBroken } from '../rooms/parser.ts';
import { type Changed, createIndexReader, type IndexParts } from './index-reader.ts';
import { areEqual, assertWithin, findMembers, findPlaces, isPlacedElse, listFolder } from './members.ts';

/** In milliseconds: how long the index stays open when nobody needs it, and away when it could not be read. */
const times = { idle: 60_000, broken: 30_000 };

/** What devices with one folder are told of the index, which they never see (SPEC C13–C16). */
export interface Folders {
  /** Batches that are in the log now. */
  stored(batches: readonly StoredBatch[]): void;
  /** Documents in the folder, by all that the log has now. @throws IsletError E-SYS-UNAVAIL */
  members(folder: string): Promise<ReadonlySet<string>>;
  /** The same for one document, as it was known last. */
  has(folder: string, doc: string): boolean;
  /** @throws IsletError E-SYS-UNAVAIL */
  list(folder: string): Promise<FolderList>;
  /** Durable when it returns. @throws IsletError E-DELEGATION-SCOPE, E-VAL-INVALID, E-CORE-TOOLARGE, E-SYS-UNAVAIL */
  change(folder: string, changes: readonly FolderChange[]): Promise<FolderList>;
  /** A device with this folder is connected. @returns that it is not any more */
  hold(folder: string): () => void;
  close(): Promise<void>;
}

export interface FolderParts extends IndexParts {
  /** Stores batches in the log. */
  readonly add: (batches: readonly Batch[]) => Promise<void>;
  /** The list of a folder is another one. */
  readonly changed: (folder: string) => void;
  /** Signs with the identity key. */
  readonly sign: Signer;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createFolders(parts: FolderParts): Folders {
  const { db, idTag, now } = parts;
  const reader = createIndexReader(parts);
  const enter = createEntering(parts);
  const known = new Map<string, ReadonlySet<string>>();
  const held = new Map<string, number>();
  const line = createLine(() => held.size > 0, leave);
  let behind = true;
  let awayUntil = 0;

  async function leave(): Promise<void> {
    known.clear();
    behind = true;
    await reader.close();
  }

  const find = (folder: string): ReadonlySet<string> => {
    const members = known.get(folder) ?? findMembers(reader.entries, folder);
    known.set(folder, members);
    return members;
  };

  /** Tells of folders whose list is another one, of those that were read. */
  const compare = (changed: Changed): void => {
    const isMoved = [...changed].some(([id, before]) => isPlacedElse(before, reader.entries.get(id)));
    const places = isMoved ? findPlaces(reader.entries) : undefined;
    for (const [folder, members] of [...known]) {
      const after = places ? findMembers(reader.entries, folder, places) : members;
      known.set(folder, after);
      const isInside = [...changed.keys()].some((id) => id === folder || after.has(id));
      if (isInside || !areEqual(members, after)) parts.changed(folder);
    }
  };

  /** What ends the thread keeps the index away for a while. */
  const guard = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      behind = true;
      reader.forget();
      if (!(error instanceof ParserBroken)) throw error;
      awayUntil = now() + times.broken;
      throw new IsletError('E-SYS-UNAVAIL', 'the index could not be read', error);
    }
  };

  const update = async (): Promise<void> => {
    if (now() < awayUntil) throw new IsletError('E-SYS-UNAVAIL', 'the index could not be read a moment ago');
    if (!behind) return;
    behind = false;
    compare(await guard(reader.follow()));
  };

  const assertFresh = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids)
      if ((await findFirstRow(db, idTag, id)) !== undefined)
        throw new IsletError('E-DELEGATION-SCOPE', 'this document is not in the folder of this device', id);
  };

  return {
    stored(batches) {
      behind ||= batches.some(({ batch }) => batch.rows.some(({ doc }) => doc === 'index'));
    },
    members: (folder) =>
      line.run(async () => {
        await update();
        return find(folder);
      }),
    has: (folder, doc) => known.get(folder)?.has(doc) ?? false,
    list: (folder) =>
      line.run(async () => {
        await update();
        return listFolder(reader.entries, folder, find(folder));
      }),
    change: (folder, changes) =>
      line.run(async () => {
        await update();
        await assertFresh(assertWithin(reader.entries, { folder, members: find(folder) }, changes));
        const news = await guard(reader.write(changes));
        if (news) await guard(enter(news));
        await update();
        return listFolder(reader.entries, folder, find(folder));
      }),
    hold(folder) {
      held.set(folder, (held.get(folder) ?? 0) + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const left = (held.get(folder) ?? 0) - 1;
        if (left > 0) held.set(folder, left);
        else held.delete(folder);
        line.rest();
      };
    },
    close: () => line.close(),
  };
}

/** Work that is done one after another. When nothing was done for a while, and nothing is needed, `leave` ends it. */
function createLine(isNeeded: () => boolean, leave: () => Promise<void>) {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let idle: NodeJS.Timeout | undefined;
  const end = (): Promise<unknown> => (last = last.then(leave).catch(() => undefined));
  const rest = (): void => {
    clearTimeout(idle);
    if (waiting === 0 && !isNeeded()) idle = setTimeout(() => void end(), times.idle).unref();
  };
  return {
    rest,
    async run<T>(work: () => Promise<T>): Promise<T> {
      waiting++;
      clearTimeout(idle);
      const done = last.then(work);
      last = done.catch(() => undefined);
      try {
        return await done;
      } finally {
        waiting--;
        rest();
      }
    },
    async close(): Promise<void> {
      clearTimeout(idle);
      await end();
    },
  };
}

/** SPEC C15: rows of the index that the relay signs, because who has not the index cannot write into it. */
function createEntering({ idTag, add, sign, random, now }: FolderParts) {
  const begin = () => ({ session: bytesToBase64url(random(16)), next: 0 });
  let at = begin();
  return async (update: Uint8Array): Promise<void> => {
    const { session, next: first } = at;
    const rows = [{ doc: 'index', update }];
    try {
      await add([
        await signBatch(idTag, { device: guestAuthor(idTag), session, first, time: now(), rows }, sign),
      ]);
      at.next++;
    } catch (error) {
      // Whether it was stored is not known: numbers go on without a gap in another session.
      at = begin();
      throw error;
    }
  };
}
