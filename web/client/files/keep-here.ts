import type { Variant } from '../../../shared/file/descriptor.ts';
import { RelayUnreachable } from '../relay/relay-api.ts';
import type { Database, DocumentRow } from '../store/database.ts';
import { fetchBlob, type FetchParts } from './fetch-blob.ts';
import { hasBytes, isKept, readVariants } from './variants.ts';

export interface KeeperParts extends FetchParts {
  rows: () => ReadonlyMap<string, DocumentRow>;
  /** This device as promises name it: the last 8 characters of its did. */
  device: string;
  signal: AbortSignal;
}

/** Fetches what is always to be here: the thumbnail of every file, and the whole of what this device promised to keep. */
export interface Keeper {
  /** @throws RelayUnreachable to be tried again later */
  run(): Promise<void>;
}

export function createKeeper(parts: KeeperParts): Keeper {
  const { db, rows, device, signal } = parts;
  /** Asked for in vain while the entry said so: `<blob>:<stored>`. */
  const absent = new Set<string>();

  async function fetchMissing(
    row: DocumentRow,
    variant: Variant,
    onBytes?: (n: number) => void,
  ): Promise<void> {
    const { blob, size } = variant;
    const word = `${blob}:${row.stored}`;
    if (absent.has(word)) return;
    const type = row.sealed === undefined ? typeOf(row, variant) : 'application/octet-stream';
    const told = onBytes ? { onBytes } : {};
    const found = await fetchBlob(blob, parts, { size, type, stays: true, signal, ...told });
    if (!found) absent.add(word);
  }

  async function keepWhole(row: DocumentRow, held: ReadonlySet<string>): Promise<void> {
    const variants = readVariants(row);
    const ids = variants.map(({ blob }) => blob);
    await db.blobs
      .where('id')
      .anyOf(ids)
      .and(({ stays }) => stays !== 1)
      .modify({ stays: 1 });
    const missing = variants.filter(({ blob }) => !held.has(blob) && !absent.has(`${blob}:${row.stored}`));
    if (missing.length === 0) return void (await db.downloads.delete(row.id));
    const total = missing.reduce((sum, { size }) => sum + size, 0);
    let before = 0;
    for (const variant of missing) {
      await db.downloads.put({ id: row.id, state: 'running', sent: before, total });
      await fetchMissing(row, variant, (n) => void db.downloads.update(row.id, { sent: before + n }));
      before += variant.size;
    }
    await db.downloads.delete(row.id);
  }

  return {
    async run() {
      const held = new Set(await db.blobs.toCollection().primaryKeys());
      const all = rows();
      const files = [...all.values()].filter(hasBytes);
      for (const row of files)
        for (const variant of readVariants(row))
          if (isThumb(variant) && !held.has(variant.blob))
            await attempt(db, row.id, () => fetchMissing(row, variant));
      for (const row of files)
        if (isKept(row, device, all)) await attempt(db, row.id, () => keepWhole(row, held));
    },
  };
}

/** What calls itself one and is huge is fetched like anything else, when it is wanted. */
function isThumb({ name, size }: Variant): boolean {
  return name.endsWith('.tn') && size <= largestThumb;
}

const largestThumb = 1024 * 1024;

/** One file that cannot be had holds up no other; why is told beside it. */
async function attempt(db: Database, id: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof RelayUnreachable) await db.downloads.where({ id }).modify({ state: 'waiting' });
    if (error instanceof RelayUnreachable || isAbort(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    await db.downloads.where({ id }).modify({ state: 'refused', reason });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

function typeOf({ mime = '' }: DocumentRow, { name, format }: Variant): string {
  return name.endsWith('.orig') ? mime : `image/${format}`;
}
