import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { IsletError } from '../../shared/errors.ts';
import { historyQuery, type LogHead, routes } from '../../shared/routes.ts';
import { parse } from '../../shared/parse.ts';
import {
  formatHistoryPage,
  type HistoryBatch,
  historyPageBytes,
  isBase,
  parseForgetting,
  shortestHistory,
} from '../../shared/sync/history.ts';
import {
  type Batch,
  isTold,
  maxRowBytes,
  readBatch,
  verifyBatch,
  withholdRows,
  writeBatch,
} from '../../shared/sync/row.ts';
import { assertAllowed, readSpaceAccess, readSpaceLevel } from '../identity/access.ts';
import type { Database } from '../store/database.ts';
import { hasYoungRow, replaceBatch } from '../store/history.ts';
import { listRoomBatches } from '../store/room-rows.ts';
import { findSyncChain, findSyncHead } from '../store/sync-log.ts';
import type { SyncBatchRow } from '../store/tables.ts';
import { assertPlain, readBytes, takeBytes } from './bytes.ts';
import { answer, createResource, readSession, type RelayContext, type Resource } from './context.ts';
import { isDocumentId } from './documents.ts';

export interface HistoryParts {
  readonly db: Database;
  readonly spaceOf: (idTag: string) => {
    /** Stores batches in the log of an identity, and tells its devices. */
    add(batches: readonly Batch[]): Promise<void>;
    readonly folders: { members(folder: string): Promise<ReadonlySet<string>> };
  };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Place {
  readonly idTag: string;
  readonly doc: string;
}

/** Batches that are read between two looks at the size of the page, and that are changed in one transaction. */
const pageSize = 32;

/** The rows that a document was made of, for the identity's own devices (SPEC S12–S14). */
export function createHistoryResource({ db, spaceOf, now }: HistoryParts): Resource {
  const resource = createResource();

  resource.get(routes.documents, async (ctx) => {
    readSpaceLevel((await readSession(ctx)).grant);
    const { idTag, keys } = ctx.state.tenant;
    const head = await findSyncHead(db, idTag);
    answer(ctx, { log: keys.logId, seq: head?.seq ?? 0 } satisfies LogHead, now());
  });

  resource.get(`${routes.documents}/:id/rows`, async (ctx) => {
    const { folder } = readSpaceAccess((await readSession(ctx)).grant);
    const { after } = parse(historyQuery, ctx.query);
    const { idTag, keys } = ctx.state.tenant;
    const doc = ctx.params.id === 'index' ? 'index' : readDocumentId(ctx);
    if (folder !== undefined && !(await spaceOf(idTag).folders.members(folder)).has(doc))
      throw new IsletError('E-DELEGATION-SCOPE', 'this is not in the folder of this device', doc);
    const page = await readPage(db, { idTag, doc }, after);
    ctx.set('cache-control', 'no-store');
    ctx.type = 'application/octet-stream';
    ctx.body = Buffer.from(formatHistoryPage({ log: keys.logId, ...page }));
  });

  resource.put(`${routes.documents}/:id/base`, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'space/sync');
    assertPlain(ctx);
    const place = { idTag: ctx.state.tenant.idTag, doc: readDocumentId(ctx) };
    const { until, base } = parseForgetting(await takeBytes(ctx, () => readRow(ctx)));
    if (base.device !== grant.did || !isBase(base) || base.rows.some(({ doc }) => doc !== place.doc))
      throw new IsletError('E-ROW-INVALID', 'this does not stand for rows of the document', base.device);
    await verifyBatch(ctx.state.tenant.idTag, base, grant.jwk);
    if (await hasYoungRow(db, { ...place, until, since: now() - shortestHistory }))
      throw new IsletError('E-VAL-INVALID', 'history is kept for 30 days at least', until);
    await spaceOf(place.idTag).add([base]);
    answer(ctx, { freed: await forgetRows(db, place, until) }, now());
  });
  return resource;
}

function readDocumentId(ctx: RelayContext): string {
  const { id } = ctx.params as { id?: string };
  if (!isDocumentId(id)) throw new IsletError('E-CORE-NOTFOUND', 'no such document', id);
  return id;
}

/** One row and what is around it. @throws IsletError E-CORE-TOOLARGE */
async function readRow(ctx: RelayContext): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of readBytes(ctx.req)) {
    size += chunk.length;
    if (size > maxRowBytes + 4096)
      throw new IsletError('E-CORE-TOOLARGE', 'the document is too large for one row', size);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readPage(
  db: Database,
  { idTag, doc }: Place,
  after: number,
): Promise<{ batches: HistoryBatch[]; more: boolean }> {
  const batches: HistoryBatch[] = [];
  let size = 0;
  for (;;) {
    const from = batches.at(-1)?.seq ?? after;
    const rows = await listRoomBatches(db, { idTag, doc, after: from }, pageSize);
    for (const row of rows) {
      if (size >= historyPageBytes) return { batches, more: true };
      const shown = await showBatch(db, { idTag, doc }, row);
      batches.push(shown);
      size += shown.batch.rows.reduce((sum, { update }) => sum + update.length + 60, 0);
    }
    if (rows.length < pageSize) return { batches, more: false };
  }
}

/** Of other documents only the hashes are told: they are signed with the rest. */
async function showBatch(db: Database, { idTag, doc }: Place, row: SyncBatchRow): Promise<HistoryBatch> {
  const batch = readStored(row.batch);
  const previous = (await findSyncChain(db, idTag, row.seq - batch.rows.length)) ?? '';
  const told = await withholdRows(batch, (one) => one.doc !== doc);
  return { batch: told, seq: row.seq, chain: row.chain, previous, received: row.received_at };
}

/** @returns bytes that are there no more */
async function forgetRows(db: Database, { idTag, doc }: Place, until: number): Promise<number> {
  let freed = 0;
  let after = 0;
  for (;;) {
    const rows = (await listRoomBatches(db, { idTag, doc, after }, pageSize)).filter(
      ({ seq }) => seq <= until,
    );
    if (rows.length === 0) return freed;
    const smaller = await Promise.all(
      rows.map(async ({ seq, batch }) => {
        const whole = readStored(batch);
        const bytes = writeStored(await withholdRows(whole, (one) => one.doc === doc && isTold(one)));
        return { seq, bytes, less: batch.length - bytes.length };
      }),
    );
    // One that would grow by its hash is changed as well: what was written is to be gone.
    await db.transaction().execute(async (trx) => {
      for (const { seq, bytes } of smaller) await replaceBatch(trx, { idTag, seq }, bytes);
    });
    freed += smaller.reduce((sum, { less }) => sum + less, 0);
    after = rows.at(-1)!.seq;
  }
}

function readStored(bytes: Uint8Array): Batch {
  return readBatch(decoding.createDecoder(new Uint8Array(bytes)));
}

function writeStored(batch: Batch): Uint8Array {
  const encoder = encoding.createEncoder();
  writeBatch(encoder, batch);
  return encoding.toUint8Array(encoder);
}
