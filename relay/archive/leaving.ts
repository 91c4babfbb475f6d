import type { BlobUse } from '../files/blob-use.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import type { Database } from '../store/database.ts';
import { deleteContent, listHeld, countLastWords } from '../store/leavings.ts';
import { listUnreferenced } from '../store/holdings.ts';
import { overwriteDeleted } from '../store/table-rows.ts';
import type { Moves } from './moves.ts';
import { clear } from './take-archive.ts';

/** Identities that were deleted (SPEC W12). */
export interface Leaving {
  /** What the identity has here is gone when this returns, but for what it says as its last, and what shows who says it. */
  begin(idTag: string): Promise<void>;
  /** Those whose last words have arrived, or who waited long enough, go altogether. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

export interface LeavingParts {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly use: BlobUse;
  readonly moves: Moves;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
  /** Archives of it that lie here. */
  readonly dropArchives: (idTag: string) => Promise<void>;
  /** Its last words are due. */
  readonly speak: () => Promise<void>;
  /** Ends what works for the identity. */
  readonly end: (idTag: string) => Promise<void>;
  /** Nothing of it is left. */
  readonly ended: (idTag: string) => Promise<void>;
}

/** Milliseconds that neighbours have to take the last words. */
const patience = 3 * 24 * 60 * 60 * 1000;
/** Between two looks. */
const pause = 1000;
/** What its last words need, to be believed. */
const voice = ['identities', 'identity_keys', 'device_log', 'delegations', 'actions', 'deliveries', 'pins'];

export function createLeaving(parts: LeavingParts): Leaving {
  const { db, moves, now, report } = parts;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const look = async () => {
    for (const { id_tag, at } of moves.leaving())
      if (at < now() - patience || (await countLastWords(db, id_tag)) === 0) await finish(parts, id_tag);
  };
  const wake = async (): Promise<void> => {
    clearTimeout(timer);
    looking ??= look().finally(() => {
      looking = undefined;
    });
    await looking;
    if (moves.leaving().length > 0) timer = setTimeout(() => void wake().catch(report), pause).unref();
  };
  return {
    async begin(idTag) {
      await moves.set(idTag, 'leaving');
      await overwriteDeleted(db);
      await parts.dropArchives(idTag);
      await removeContent(parts, idTag);
      await parts.speak();
      void wake().catch(report);
    },
    wake,
    async close() {
      clearTimeout(timer);
      await looking?.catch(report);
    },
  };
}

/** The rows first; then the bytes that nobody else has, at once and not when the relay tidies up. */
async function removeContent({ db, blobs, use }: LeavingParts, idTag: string): Promise<void> {
  const held = await listHeld(db, idTag);
  await db.transaction().execute(async (trx) => {
    await clear(trx, idTag, [...voice, 'moves', 'quotas', 'imports']);
    await deleteContent(trx, idTag);
  });
  for (const blob of held)
    await use.unlessUsed(blob, async () => {
      if ((await listUnreferenced(db, [blob])).length > 0) await blobs.remove(blob);
    });
}

async function finish({ db, moves, end, ended }: LeavingParts, idTag: string): Promise<void> {
  await end(idTag);
  await db.transaction().execute((trx) => clear(trx, idTag, []));
  await ended(idTag);
  moves.forget(idTag);
}
