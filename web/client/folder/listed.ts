import * as v from 'valibot';
import type { Database, ListedRow } from '../store/database.ts';
import type { Entries } from './list-fields.ts';

/** What a device with one folder keeps about it in Dexie `cursors`. */
const seenSchema = v.object({
  space: v.literal('folder'),
  id: v.string(),
  title: v.string(),
  /** 1: it was deleted for good on another device; what is here stays. */
  ended: v.optional(v.literal(1)),
});
export type SeenFolder = v.InferOutput<typeof seenSchema>;

/** Undefined on a device that never saw its folder, and on one that has all documents. */
export async function readSeenFolder(db: Database): Promise<SeenFolder | undefined> {
  const stored = v.safeParse(seenSchema, await db.cursors.get('folder'));
  return stored.success ? stored.output : undefined;
}

/** Types of entries that have no rows in the log. */
const withoutDocument = ['file', 'folder', 'sealed'];

export function hasRows({ fields }: Pick<ListedRow, 'fields'>): boolean {
  return !withoutDocument.includes(String(fields['type'] ?? 'text'));
}

/** The list as it was seen last, in memory and in Dexie. */
export interface Listed {
  readonly rows: ReadonlyMap<string, ListedRow>;
  /** Undefined before it was seen once. */
  readonly seen: SeenFolder | undefined;
  /** The list is this now. `stays`, and what `gone` names, is not in it any more and has not been forgotten. */
  replace(next: {
    seen: SeenFolder;
    entries: Entries;
    left: Iterable<string>;
    isWhole: (id: string) => boolean;
  }): Promise<void>;
  end(): Promise<void>;
  /** Changes one row; undefined removes it. */
  change(id: string, to: Partial<Pick<ListedRow, 'whole'>> | undefined): Promise<void>;
}

export async function openListed(db: Database, folder: string): Promise<Listed> {
  const rows = new Map((await db.listed.toArray()).map((row) => [row.id, row]));
  let seen = await readSeenFolder(db);
  if (seen?.id !== folder) seen = undefined;

  return {
    rows,
    get seen() {
      return seen;
    },
    replace: async ({ seen: now, entries, left, isWhole }) => {
      const next = new Map<string, ListedRow>();
      for (const [id, fields] of entries) {
        const before = rows.get(id);
        const whole = before && !before.left ? before.whole : isWhole(id) ? 1 : 0;
        next.set(id, { id, fields: { ...fields }, whole });
      }
      for (const id of left) {
        const { fields = {} } = rows.get(id) ?? {};
        if (!next.has(id)) next.set(id, { id, fields, whole: 0, left: 1 });
      }
      const gone = [...rows.keys()].filter((id) => !next.has(id));
      const put = [...next.values()].filter((row) => !isSame(rows.get(row.id), row));
      await db.transaction('rw', db.listed, db.cursors, async () => {
        await db.listed.bulkDelete(gone);
        await db.listed.bulkPut(put);
        await db.cursors.put(now);
      });
      for (const id of gone) rows.delete(id);
      for (const row of put) rows.set(row.id, row);
      seen = now;
    },
    end: async () => {
      if (!seen || seen.ended) return;
      const ended: SeenFolder = { ...seen, ended: 1 };
      await db.cursors.put(ended);
      seen = ended;
    },
    change: async (id, to) => {
      const before = rows.get(id);
      if (!before) return;
      if (to === undefined) {
        await db.listed.delete(id);
        rows.delete(id);
        return;
      }
      const row = { ...before, ...to };
      await db.listed.put(row);
      rows.set(id, row);
    },
  };
}

function isSame(before: ListedRow | undefined, row: ListedRow): boolean {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(row);
}
