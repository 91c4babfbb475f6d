import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToBase64url, type Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import type { NodeKeys } from '../identity/node-keys.ts';
import type { Sealer } from '../identity/secret.ts';
import { deleteExport, findExport, insertExport, listExports, updateExport } from '../store/archives.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import { type Copy, openCopy } from '../store/copy.ts';
import type { Store } from '../store/database.ts';
import { listMigrations } from '../store/table-rows.ts';
import type { ExportRow } from '../store/tables-archives.ts';
import { describeIdentity } from './describe.ts';
import { createTickets, type Tickets } from './tickets.ts';
import { writeArchive } from './write-archive.ts';

/** Archives of identities, as they are made and fetched (SPEC W9). */
export interface Exports {
  /** Newest first; `done` as it stands now. */
  list(idTag: string): Promise<ExportRow[]>;
  /** Begins one, unless one is being made: then that one. */
  begin(idTag: string, purpose: ExportRow['purpose']): Promise<ExportRow>;
  /** The file of one that is ready. @throws IsletError E-CORE-NOTFOUND, E-CORE-CONFLICT while it is made */
  find(idTag: string, id: string): Promise<{ readonly file: string; readonly row: ExportRow }>;
  /** Stops it when it is being made. Nothing of it is left when this returns. */
  remove(idTag: string, id: string): Promise<void>;
  readonly tickets: Tickets;
  /** What a stop of the relay cut off begins anew; what is older than a week goes. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

export interface ExportParts {
  readonly store: Pick<Store, 'db' | 'copy'>;
  readonly blobs: Blobs;
  readonly sealer: Sealer;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly report: (error: unknown) => void;
  /** The keys of an identity that is open here. */
  readonly keysOf: (idTag: string) => NodeKeys;
  /** Where archives are made, and where the copy of the database lies meanwhile: it has all that the database has. */
  readonly folder: string;
  readonly privateDir: string;
}

/** Milliseconds that an archive lies ready. */
const patience = 7 * 24 * 60 * 60 * 1000;

interface Making {
  done: number;
  readonly stop: AbortController;
  ended: Promise<void>;
}

export async function openExports(parts: ExportParts): Promise<Exports> {
  const { folder, now, random, report } = parts;
  const { db } = parts.store;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const running = new Map<string, Making>();
  const place = (id: string) => join(folder, `${id}.tar`);

  const start = (row: ExportRow): void => {
    const making: Making = { done: 0, stop: new AbortController(), ended: Promise.resolve() };
    running.set(row.id, making);
    making.ended = make(parts, row, { making, file: place(row.id) })
      .catch(async (error: unknown) => {
        if (making.stop.signal.aborted) return;
        report(error);
        await updateExport(db, row.id, { state: 'failed', ended_at: now() });
      })
      .catch(report)
      .finally(() => running.delete(row.id));
  };
  const shown = (row: ExportRow): ExportRow => ({ ...row, done: running.get(row.id)?.done ?? row.done });
  const remove = async (id: string) => {
    const making = running.get(id);
    making?.stop.abort();
    await making?.ended;
    await deleteExport(db, id);
    await rm(place(id), { force: true });
  };
  return {
    tickets: createTickets({ random, now }),
    list: async (idTag) => (await listExports(db, idTag)).map(shown),
    async begin(idTag, purpose) {
      const rows = await listExports(db, idTag);
      const going = rows.find(({ state, purpose: what }) => state === 'making' && what === purpose);
      if (going) return shown(going);
      // One at a time: an archive is as large as all that the identity has.
      for (const { id } of rows) await remove(id);
      const row: ExportRow = {
        ...{ id: bytesToBase64url(random(18)), id_tag: idTag, purpose, state: 'making' },
        ...{ done: 0, total: 0, size: 0, missing: 0, created_at: now(), ended_at: null },
      };
      await insertExport(db, row);
      start(row);
      return row;
    },
    async find(idTag, id) {
      const row = await findExport(db, idTag, id);
      if (!row) throw new IsletError('E-CORE-NOTFOUND', 'no such archive', id);
      if (row.state !== 'ready') throw new IsletError('E-CORE-CONFLICT', 'this archive is not ready', id);
      return { file: place(id), row };
    },
    async remove(idTag, id) {
      if (await findExport(db, idTag, id)) await remove(id);
    },
    async wake() {
      for (const row of await listExports(db))
        if (row.created_at < now() - patience) await remove(row.id);
        else if (row.state === 'making' && !running.has(row.id)) start(row);
      const known = new Set((await listExports(db)).map(({ id }) => `${id}.tar`));
      for (const name of await readdir(folder))
        if (!known.has(name)) await rm(join(folder, name), { force: true });
    },
    async close() {
      for (const { stop } of running.values()) stop.abort();
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

interface Made {
  readonly making: Making;
  readonly file: string;
}

/** All of it as it is at one moment: the rows from a copy of the database, the bytes by their hashes. */
async function make(parts: ExportParts, row: ExportRow, { making, file }: Made): Promise<void> {
  const { store, blobs, sealer, now, privateDir } = parts;
  const { db } = store;
  const { signal } = making.stop;
  const idTag: IdTag = parseIdTag(row.id_tag);
  const { k, sign } = parts.keysOf(idTag);
  const copied = join(privateDir, `copy-${row.id}.db`);
  const copy = await openCopyOf(store, copied);
  try {
    signal.throwIfAborted();
    const schema = (await listMigrations(db)).at(-1) ?? '';
    const identity = await describeIdentity({ idTag, copy, sealer, k, schema, now: now() });
    await updateExport(db, row.id, { total: estimate(copy, idTag) });
    const handle = await open(file, 'w', 0o600);
    try {
      const progress = (bytes: number) => void (making.done += bytes);
      const { size, missing } = await writeArchive(handle, {
        ...{ identity, copy, blobs, sign, progress, signal },
      });
      const change = { size, missing: missing.length, done: size, total: size, ended_at: now() };
      await updateExport(db, row.id, { ...change, state: 'ready' });
    } finally {
      await handle.close();
    }
  } finally {
    await copy.close();
  }
}

/** Half a copy is not left behind: the disk may be full. */
async function openCopyOf(store: Pick<Store, 'copy'>, file: string): Promise<Copy> {
  await rm(file, { force: true });
  try {
    await store.copy(file);
    return openCopy(file);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/** Bytes of what is large: blobs, and the history of documents, which is written as base64. */
function estimate(copy: ReturnType<typeof openCopy>, idTag: string): number {
  const history = copy.total('sync_batches', 'length(batch)', idTag);
  const said = copy.total('actions', 'length(token) + coalesce(length(proof), 0)', idTag);
  return Math.ceil(copy.total('holdings', 'size', idTag) + history * 1.4 + said * 1.2);
}
