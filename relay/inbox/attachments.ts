import type { Random } from '../../shared/bytes.ts';
import type { IsletError } from '../../shared/errors.ts';
import { parseDescriptor, type Variant } from '../../shared/file/descriptor.ts';
import { backoff } from '../delivery/backoff.ts';
import { createLanes } from '../delivery/lanes.ts';
import type { Asking } from '../identity/visits.ts';
import type { Limits } from '../limits/limits.ts';
import { renumberAction } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { toFault } from '../store/faults.ts';
import {
  findNextAttachment,
  listAttachedFiles,
  listWaitingOwners,
  requeueAttachments,
  updateAttachment,
} from '../store/files.ts';
import type { AttachmentRow } from '../store/tables.ts';
import { fetchFile, type FetchFileParts } from './fetch-file.ts';

/** Fetches, in the background, the files that accepted actions attach. */
export interface Attachments {
  wake(owner: string): void;
  wakeAll(): Promise<void>;
  /** The blob is damaged or lost: whoever attached it is asked for it again (SPEC W6). */
  renew(blob: string): Promise<void>;
  close(): Promise<void>;
}

export interface AttachmentParts extends Omit<FetchFileParts, 'fetch'> {
  /** How an identity of this relay asks its neighbours. */
  readonly askAs: (idTag: string) => Asking;
  /** Bytes that are fetched of one neighbour (SPEC H4). */
  readonly limits: Pick<Limits, 'spend' | 'waitOf'>;
  readonly random: Random;
  readonly changed: (idTag: string) => void;
  readonly report: (error: unknown) => void;
}

/** Largest rendition that is fetched unasked, and most for all files of an action, in bytes. */
const largest = 16 * 1024 * 1024;
const budget = 64 * 1024 * 1024;
const maxTries = 20;

export function createAttachments(parts: AttachmentParts): Attachments {
  const { db, random, now, askAs, changed, report, limits } = parts;

  const step = async (owner: string): Promise<number | undefined> => {
    const row = await findNextAttachment(db, owner);
    if (!row) return undefined;
    if (row.next_at > now()) return row.next_at - now();
    const rest = limits.waitOf('fetched', owner);
    if (rest > 0) return rest;
    try {
      const left = budget - (await readSpent(db, row));
      const choose = (variants: readonly Variant[]) => {
        const chosen = chooseRenditions(variants, left);
        limits.spend('fetched', owner, sizeOf(chosen));
        return chosen;
      };
      const file = { idTag: row.id_tag, owner: row.owner, fileId: row.file_id, choose };
      await fetchFile(file, { ...parts, fetch: askAs(row.id_tag) });
      await db.transaction().execute(async (trx) => {
        await updateAttachment(trx, row, { state: 'stored' });
        await renumberAction(trx, row.id_tag, row.statement_id);
      });
      changed(row.id_tag);
    } catch (error) {
      // What our own storage cannot do now is no fault of the neighbour's: it does not count.
      const fault = toFault(error);
      if (isOurs(fault)) throw error;
      const tries = row.tries + 1;
      const state = tries >= maxTries ? ('failed' as const) : ('waiting' as const);
      await updateAttachment(db, row, { state, tries, next_at: now() + backoff(tries, random) });
    }
    return 0;
  };

  const lanes = createLanes(step, report);
  return {
    wake: lanes.wake,
    async renew(blob) {
      for (const owner of await requeueAttachments(db, blob, now())) lanes.wake(owner);
    },
    async wakeAll() {
      for (const owner of await listWaitingOwners(db)) lanes.wake(owner);
    },
    close: lanes.close,
  };
}

function isOurs({ code }: IsletError): boolean {
  return code === 'E-SYS-UNAVAIL' || code === 'E-SYS-FULL';
}

/** What the other files of the action have taken of its budget. */
async function readSpent(db: Database, { id_tag, statement_id, file_id }: AttachmentRow): Promise<number> {
  const files = await listAttachedFiles(db, id_tag, statement_id);
  return files
    .filter(({ id }) => id !== file_id)
    .reduce((sum, { descriptor }) => sum + sizeOf(chooseRenditions(parseDescriptor(descriptor), budget)), 0);
}

function sizeOf(variants: readonly Variant[]): number {
  return variants.reduce((sum, { size }) => sum + size, 0);
}

/**
 * Renditions up to medium size, one of each name; originals and large ones stay with their owner, and so does what
 * does not fit into `left` bytes.
 */
export function chooseRenditions(variants: readonly Variant[], left: number): readonly Variant[] {
  const fitting = variants.filter(({ size }) => size <= largest);
  const usual = fitting.filter(({ name }) => /^(vis\.(pf|tn|sd|md)|vid\.(tn|sd)|aud|doc)/.test(name));
  const chosen = new Map<string, Variant>();
  let sum = 0;
  for (const variant of usual.length > 0 ? usual : fitting.slice(0, 1)) {
    if (chosen.has(variant.name) || sum + variant.size > left) continue;
    chosen.set(variant.name, variant);
    sum += variant.size;
  }
  return [...chosen.values()];
}
