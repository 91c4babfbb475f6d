import { listMoves, saveMove } from '../store/archives.ts';
import type { Database } from '../store/database.ts';
import type { MoveRow } from '../store/tables-archives.ts';

/** `here` is every identity of which nothing else is known. */
export type MoveState = 'here' | MoveRow['state'];

/** Which identities are on their way elsewhere, or gone (SPEC W11). */
export interface Moves {
  /** Known without asking the store: it is looked at with every request. */
  state(idTag: string): MoveState;
  set(idTag: string, state: MoveState): Promise<void>;
  /** Those that were deleted, and whose last words still go out. */
  leaving(): MoveRow[];
  /** Nothing of it is left. */
  forget(idTag: string): void;
}

export async function openMoves(db: Database, now: () => number): Promise<Moves> {
  const known = new Map((await listMoves(db)).map((row) => [row.id_tag, row]));
  return {
    state: (idTag) => known.get(idTag)?.state ?? 'here',
    async set(idTag, state) {
      const at = now();
      await saveMove(db, idTag, { state: state === 'here' ? undefined : state, at });
      if (state === 'here') known.delete(idTag);
      else known.set(idTag, { id_tag: idTag, state, at });
    },
    leaving: () => [...known.values()].filter(({ state }) => state === 'leaving'),
    forget: (idTag) => void known.delete(idTag),
  };
}
