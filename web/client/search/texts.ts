import type { Database, DocumentRow } from '../store/database.ts';
import type { ReadText } from './read-text.ts';
import { readStoredWords } from './stored-words.ts';

export interface TextsOptions {
  db: Database;
  /** How the names of the documents' own databases begin. */
  prefix: string;
  /** By the type of a document; the words of other types are not read. */
  readers: ReadonlyMap<string, ReadText>;
  /** Documents that are open in a tab: they may have changed in any moment. */
  openNow: () => Promise<string[]>;
  /** The words of these documents are in the table now, or gone from it. */
  onRead: (ids: readonly string[]) => void;
  /** More or less is left to be read, or something cannot be. */
  onState: () => void;
}

/** Keeps the table `texts` equal to what this device holds of its documents. Run by one tab. */
export interface Texts {
  /** The rows of the tree as they are now; documents that are new or were edited are read. */
  follow(rows: readonly DocumentRow[]): void;
  /** The document may have changed without its row. */
  ask(id: string): void;
  /** How many documents wait to be read. */
  left(): number;
  /** Why documents could not be read or kept, by id; tried again when they change, and at the next start. */
  failures(): ReadonlyMap<string, string>;
  /** Resolves when nothing waits. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Starts with what changed while nobody read. Rejects when the tables cannot be read. */
export async function keepTexts(options: TextsOptions): Promise<Texts> {
  const { db, readers, onRead, onState } = options;
  const failed = new Map<string, string>();
  const waiting = new Set<string>();
  let rows = new Map<string, DocumentRow>();
  const read = new Map<string, number>((await readMarks(db)).map(([id, edited]) => [id, edited]));
  const suspects = await findSuspects(options);
  let running: Promise<void> | undefined;
  let closed = false;

  async function readOne(id: string): Promise<void> {
    const row = rows.get(id);
    const reader = row && readers.get(row.type);
    if (!row || !reader) return;
    const before = await db.texts.get(id);
    const { mark, text } = await readStoredWords(options, id, reader, before?.mark);
    if (text === undefined && before?.edited === row.edited) return;
    await db.texts.put({ id, edited: row.edited, mark, text: text ?? before?.text ?? '' });
    read.set(id, row.edited);
    if (text !== undefined && text !== before?.text) onRead([id]);
  }
  async function run(): Promise<void> {
    for (const id of waiting) {
      if (closed) return;
      waiting.delete(id);
      try {
        // Once more with a fresh connection: a store that was closed under us opens again.
        await readOne(id).catch(() => readOne(id));
        failed.delete(id);
      } catch (error) {
        failed.set(id, error instanceof Error ? error.message : String(error));
      }
      onState();
    }
  }
  const start = (): void => {
    if (waiting.size === 0 || closed) return;
    running ??= run().finally(() => {
      running = undefined;
      start();
    });
  };
  async function forget(ids: string[]): Promise<void> {
    for (const id of ids) read.delete(id);
    try {
      await db.texts.bulkDelete(ids);
      onRead(ids);
    } catch (error) {
      // They are in no list any more; the next start tries again.
      for (const id of ids) failed.set(id, error instanceof Error ? error.message : String(error));
    }
  }
  let forgetting: Promise<void> = Promise.resolve();

  return {
    follow(all) {
      rows = new Map(all.map((row) => [row.id, row]));
      const changed = all
        .filter(({ id, type, edited }) => readers.has(type) && (read.get(id) !== edited || suspects.has(id)))
        .sort((a, b) => Number(suspects.has(a.id)) - Number(suspects.has(b.id)) || b.edited - a.edited);
      for (const { id } of changed) waiting.add(id);
      suspects.clear();
      const gone = [...read.keys()].filter((id) => !rows.has(id));
      if (gone.length > 0) forgetting = forgetting.then(() => forget(gone));
      start();
    },
    ask(id) {
      waiting.add(id);
      start();
    },
    left: () => waiting.size,
    failures: () => failed,
    async settled() {
      await forgetting;
      while (running) await running;
    },
    async close() {
      closed = true;
      await forgetting;
      await running;
    },
  };
}

/** Documents whose row says nothing new and that may have changed nevertheless: `edited` is noted now and then only. */
async function findSuspects({ db, openNow }: TextsOptions): Promise<Set<string>> {
  const [open, waiting, dirty] = await Promise.all([
    openNow(),
    db.pending.orderBy('doc').uniqueKeys(),
    db.sync.where('dirty').equals(1).primaryKeys(),
  ]);
  return new Set([...open, ...waiting, ...dirty].map(String));
}

/** Keys only: the texts themselves stay where they are. */
async function readMarks(db: Database): Promise<[id: string, edited: number][]> {
  const keys: unknown[] = await db.texts.orderBy('[id+edited]').keys();
  return keys.flatMap((key): [string, number][] => {
    if (!Array.isArray(key)) return [];
    const [id, edited]: unknown[] = key;
    return typeof id === 'string' && typeof edited === 'number' ? [[id, edited]] : [];
  });
}
