import * as v from 'valibot';
import type { DeviceLog } from '../../../shared/device/device-log.ts';
import type { IdentityKey } from '../../../shared/identity/key-set.ts';
import type { Cursor, RelayFrame, StoredBatch } from '../../../shared/sync/frame.ts';
import type { Batch, Row } from '../../../shared/sync/row.ts';
import type { Membership } from '../device/key-store.ts';
import { listStored } from '../documents/stored-updates.ts';
import type { Database } from '../store/database.ts';
import type { Copies } from './copies.ts';
import { type Healing, findLost, hasGap, openHealing } from './healing.ts';
import { createIncoming } from './incoming.ts';
import { firstReading, hasBegun, listDocuments } from './first-reading.ts';
import type { Ledger } from './ledger.ts';
import { createDeletionGuard } from './mass-deletion.ts';
import type { SyncDocuments } from './sync-documents.ts';

export interface ArrivingOptions {
  db: Database;
  documents: SyncDocuments;
  membership: Membership;
  readLog: () => Promise<DeviceLog>;
  readKeys: () => Promise<readonly IdentityKey[]>;
  /** Milliseconds since 1970. */
  now: () => number;
  ledger: Ledger;
  copies: Copies;
  /** Whoever comes next keeps the cursor then. */
  isClosed: () => boolean;
  /** The relay told rows of these by their hash alone; before anything that it told with them is stored. */
  onWithheld?: ((docs: ReadonlySet<string>) => Promise<void>) | undefined;
}

/** The way of the relay's rows to this device's documents and to what is known of the relay. */
export interface Arriving {
  readonly cursor: Cursor;
  /** SPEC S11: what the relay says of our cursor. */
  welcomed(frame: Extract<RelayFrame, { kind: 'welcome' }>): Promise<void>;
  /** @throws IsletError unless all of them are by who may write */
  verify(batches: readonly Batch[]): Promise<void>;
  /** @returns how many rows they were */
  stored(batches: readonly StoredBatch[]): Promise<number>;
  /** The end of the log was reached. */
  current(): Promise<void>;
  provisional(batches: readonly Batch[]): Promise<void>;
  find(device: string, session: string, first: number): Batch | undefined;
  /** False when it does not follow the cursor. */
  committed(batch: Batch, place: { seq: number; chain: string }, own: boolean): Promise<boolean>;
  /** SPEC S9. */
  takeUncommitted(): Row[];
  /** Whether this device lost something of a document; then the log is to be read from its beginning (SPEC S17). */
  heal(id: string): Promise<boolean>;
}

const cursorSchema = v.object({ log: v.string(), seq: v.number(), chain: v.string() });
const beginning: Cursor = { log: '', seq: 0, chain: '' };

async function readCursor(db: Database, space: string): Promise<Cursor> {
  const stored = v.safeParse(cursorSchema, await db.cursors.get(space));
  return stored.success ? stored.output : beginning;
}

export async function openArriving(options: ArrivingOptions): Promise<Arriving> {
  const { db, documents, membership, ledger, copies, now } = options;
  const space = membership.idTag;
  const start = await readCursor(db, space);
  const healing = await openHealing(db, space);
  const parts = { db, ledger, snapshot: documents.snapshot };
  const guard = createDeletionGuard(documents.index.doc, now);
  const lost = await findLost(parts);
  const restarts = lost.length > 0 && (await healing.begin(lost, start));
  let first = await isFirst(db, start);
  // What is known of the relay was lost or never there: everything is compared, also what the index has lost.
  if (start.log === '' && !restarts && !(await hasBegun(db)))
    await ledger.mark([
      ...new Set([...listDocuments(documents.index.doc).map(({ id }) => id), ...(await listStored())]),
    ]);

  const incoming = createIncoming(
    {
      space,
      entries: membership.entries,
      readLog: options.readLog,
      keys: membership.keys,
      readKeys: options.readKeys,
      takes: healing.takes,
      onWithheld: options.onWithheld,
      receive: async (rows, cursor) => {
        if (options.isClosed()) return;
        const { pass, held } = first ? { pass: rows, held: [] } : guard.split(rows);
        // Before the cursor moves; twice is as good as once.
        if (held.length > 0) await db.held.bulkAdd(held.map(({ doc, update }) => ({ doc, update })));
        await documents.receive(pass, { space, ...cursor });
        copies.stored(cursor);
      },
      applyProvisional: (row) => {
        if (guard.mayShow(row)) documents.applyProvisional(row.doc, row.update);
      },
    },
    restarts ? beginning : start,
  );
  const placed = ({ seq }: { seq: number }) => ({ at: now(), log: incoming.cursor.log, seq });

  return {
    get cursor() {
      return incoming.cursor;
    },
    welcomed: async (frame) => {
      if (frame.match && incoming.cursor.log === frame.log) return;
      if (incoming.cursor.log !== '') {
        await healing.cancel();
        await ledger.forget(now());
      }
      incoming.restart(frame.log);
    },
    verify: incoming.verify,
    stored: async (batches) => {
      const rows = await incoming.stored(batches);
      // Without the cursor and the rows themselves: whoever comes next is told them again.
      if (!options.isClosed()) await ledger.add(rows, placed(incoming.cursor));
      return batches.reduce((sum, { batch }) => sum + batch.rows.length, 0);
    },
    current: async () => {
      await healing.reached(incoming.cursor);
      if (first) await db.cursors.delete(firstReading);
      first = false;
      copies.stored(incoming.cursor);
    },
    provisional: incoming.provisional,
    find: incoming.find,
    committed: async (batch, place, own) => {
      if (!(await incoming.committed(batch, place, own))) return false;
      if (options.isClosed()) return true;
      if (own) await ledger.place([...new Set(batch.rows.map(({ doc }) => doc))], placed(place));
      else await ledger.add(batch.rows, placed(place));
      return true;
    },
    takeUncommitted: incoming.takeUncommitted,
    heal: async (id) => (await hasGap(id, parts)) && beginHealing(healing, id, incoming),
  };
}

async function beginHealing(
  healing: Healing,
  id: string,
  incoming: { readonly cursor: Cursor; restart(log: string): void },
): Promise<boolean> {
  if (!(await healing.begin([id], incoming.cursor))) return false;
  incoming.restart('');
  return true;
}

/** Until the end of the log was seen once, also when that takes several lives: what is read then takes nothing away that anybody saw here. */
async function isFirst(db: Database, { log }: Cursor): Promise<boolean> {
  if ((await db.cursors.get(firstReading)) !== undefined) return true;
  const isFresh = log === '' && (await db.sync.filter(({ acked }) => acked !== undefined).count()) === 0;
  if (isFresh) await db.cursors.put({ space: firstReading });
  return isFresh;
}
