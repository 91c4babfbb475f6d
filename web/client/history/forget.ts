import * as Y from 'yjs';
import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { routes } from '../../../shared/routes.ts';
import { baseSession, formatForgetting, shortestHistory } from '../../../shared/sync/history.ts';
import { isTold, maxRowBytes, signBatch } from '../../../shared/sync/row.ts';
import type { DeviceKeys } from '../device/key-store.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import { fetchRows, type ReadRow } from './history-rows.ts';
import { rowsToChanges } from './open-history.ts';
import { openTimeline } from './timeline.ts';

/** What would be forgotten, and what would stand for it. */
export interface ForgettingPlan {
  /** Rows up to this number of the relay's log. */
  readonly until: number;
  /** All that the document was then. */
  readonly base: Uint8Array;
  readonly rows: number;
  /** Bytes that it frees. */
  readonly freed: number;
}

export interface ForgettingParts {
  readonly db: Database;
  readonly api: Pick<RelayApi, 'put' | 'download'>;
  readonly space: IdTag;
  readonly keys: Pick<DeviceKeys, 'did' | 'sign'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: Random;
}

/**
 * Looks what is older than `age` milliseconds, 30 days at least, as the relay dates it (SPEC S14).
 * @returns undefined when there is nothing to forget
 * @throws Error in words when the document is too large for one row
 */
export async function planForgetting(
  doc: string,
  rows: readonly ReadRow[],
  { age, now }: { age: number; now: number },
): Promise<ForgettingPlan | undefined> {
  const limit = now - Math.max(age, shortestHistory);
  const young = rows.findIndex(({ at }) => !at || at.received > limit);
  const old = young < 0 ? rows : rows.slice(0, young);
  const changes = rowsToChanges(doc, old);
  const last = old.at(-1);
  if (changes.length < 2 || !last) return undefined;
  const timeline = await openTimeline(changes);
  const past = Y.createDocFromSnapshot(timeline.doc, timeline.seek(timeline.steps.length));
  const base = Y.encodeStateAsUpdate(past);
  timeline.close();
  past.destroy();
  if (base.length > maxRowBytes)
    throw new Error('This document is too large for its history to be put together.');
  const told = old.flatMap(({ at }) => at?.batch.rows ?? []).filter((row) => row.doc === doc && isTold(row));
  const bytes = told.reduce((sum, { update }) => sum + update.length, 0);
  return { until: last.row.seq, base, rows: told.length, freed: bytes - base.length };
}

/**
 * Has the relay forget those rows, and forgets them here; what the document is now stays as it is.
 * @throws RelayUnreachable, IsletError (what is too young for the relay: E-VAL-INVALID)
 */
export async function forgetHistory(
  doc: string,
  plan: ForgettingPlan,
  parts: ForgettingParts,
): Promise<void> {
  const { db, api, space, keys, now, random } = parts;
  const session = (baseSession + bytesToBase64url(random(16))).slice(0, 22);
  const rows = [{ doc, update: plan.base }];
  const base = await signBatch(space, { device: keys.did, session, first: 0, time: now(), rows }, keys.sign);
  const body = new Blob([formatForgetting({ until: plan.until, base })]);
  await api.put(`${routes.documents}${segment(doc)}/base`, body);
  await db.rows.where('doc').equals(doc).delete();
  await db.moments.where('doc').equals(doc).delete();
  await fetchRows(db, api, doc);
}
