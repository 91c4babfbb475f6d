import { createResource, type Accessor } from 'solid-js';
import { readSavedAt } from '../client/documents/saved-at.ts';
import type { CopyRow, RoomRow, SyncRow } from '../client/store/database.ts';
import { chip } from './chip.ts';
import { database } from './documents.ts';
import { createLive } from './live.ts';

/** Where a document is, as far as this device knows. */
export interface Where {
  sync: SyncRow | undefined;
  /** What other devices said of themselves. */
  copies: readonly CopyRow[];
  /** At the relay of its owner, when that is somebody else. */
  room: RoomRow | undefined;
}

/** Undefined until it was read. */
export function createWhere(id: string): Accessor<Where | undefined> {
  const nothing: Where | undefined = undefined;
  return createLive<Awaited<ReturnType<typeof database>>, Where | undefined>(
    database(),
    async (db) => ({
      sync: await db.sync.get(id),
      copies: await db.copies.toArray(),
      room: await db.rooms.get(id),
    }),
    nothing,
  );
}

/** When it was written and read back last, milliseconds; read again whenever something was saved. */
export function createSavedAt(id: string): Accessor<number | undefined> {
  const [at] = createResource(
    () => (chip.device?.kind === 'saved' ? chip.device.at : 0),
    () => readSavedAt(id),
  );
  return () => at.latest;
}

/** A copy that has all of a document, and one that had all of the log some time ago. */
export interface Copies {
  whole: CopyRow | undefined;
  older: CopyRow | undefined;
}

/** SPEC S15: who has all of it: what is not on the relay yet is nowhere else. */
export function findCopies({ sync, copies }: Where): Copies {
  const sameLog = copies.filter(({ log }) => log === sync?.log).sort((a, b) => b.time - a.time);
  const isWhole = ({ seq }: CopyRow): boolean =>
    sync?.seq !== undefined && sync.since === undefined && seq >= sync.seq;
  return { whole: sameLog.find(isWhole), older: sameLog[0] };
}

/** They were just written to a file. */
export async function noteExported(ids: readonly string[]): Promise<void> {
  const db = await database();
  const exported = Date.now();
  await db.transaction('rw', db.sync, async () => {
    const rows = await db.sync.bulkGet([...ids]);
    await db.sync.bulkPut(ids.map((doc, at) => ({ dirty: 0, ...rows[at], doc, exported })));
  });
}
