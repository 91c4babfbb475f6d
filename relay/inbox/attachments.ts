import { Readable } from 'node:stream';
import * as v from 'valibot';
import type { Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { fileId, parseDescriptor, type Variant } from '../../shared/file/blob-id.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import { envelope, routes } from '../../shared/routes.ts';
import { backoff } from '../delivery/backoff.ts';
import { createLanes } from '../delivery/lanes.ts';
import type { SafeFetch } from '../identity/safe-fetch.ts';
import { renumberAction } from '../store/actions.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import {
  findFile,
  findNextAttachment,
  insertFile,
  listAttachedFiles,
  listWaitingOwners,
  updateAttachment,
} from '../store/files.ts';
import type { AttachmentRow } from '../store/tables.ts';

/** Fetches, in the background, the files that accepted actions attach. */
export interface Attachments {
  wake(owner: string): void;
  wakeAll(): Promise<void>;
  close(): Promise<void>;
}

export interface AttachmentParts {
  readonly db: Database;
  readonly blobs: Blobs;
  readonly fetch: SafeFetch;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly changed: (idTag: string) => void;
  readonly report: (error: unknown) => void;
}

/** Largest rendition that is fetched unasked, and most for all files of an action, in bytes. */
const largest = 16 * 1024 * 1024;
const budget = 64 * 1024 * 1024;
const maxTries = 20;
const descriptorSchema = envelope(v.pipe(v.string(), v.maxLength(16_384)));

export function createAttachments(parts: AttachmentParts): Attachments {
  const { db, random, now, changed, report } = parts;

  const step = async (owner: string): Promise<number | undefined> => {
    const row = await findNextAttachment(db, owner);
    if (!row) return undefined;
    if (row.next_at > now()) return row.next_at - now();
    try {
      await fetchFile(row, parts);
      await db.transaction().execute(async (trx) => {
        await updateAttachment(trx, row, { state: 'stored' });
        await renumberAction(trx, row.id_tag, row.statement_id);
      });
      changed(row.id_tag);
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      const tries = row.tries + 1;
      const state = tries >= maxTries ? ('failed' as const) : ('waiting' as const);
      await updateAttachment(db, row, { state, tries, next_at: now() + backoff(tries, random) });
    }
    return 0;
  };

  const lanes = createLanes(step, report);
  return {
    wake: lanes.wake,
    async wakeAll() {
      for (const owner of await listWaitingOwners(db)) lanes.wake(owner);
    },
    close: lanes.close,
  };
}

/** Descriptor first: its text must have the hash that the action names; then each rendition by its own hash. */
async function fetchFile(row: AttachmentRow, { db, blobs, fetch, now }: AttachmentParts): Promise<void> {
  const owner = parseIdTag(row.owner);
  const known = await findFile(db, row.id_tag, row.file_id);
  const descriptor = known?.descriptor ?? (await fetchDescriptor(fetch, row));
  const variants = parseDescriptor(descriptor);
  const left = budget - (await readSpent(db, row));
  for (const { blob, size } of chooseRenditions(variants, left)) {
    if ((await blobs.size(blob)) !== undefined) continue;
    const { status, bytes } = await fetch(owner, `${routes.variant}/${blob}`, {
      limit: Math.min(size, largest),
    });
    if (status !== 200) throw new IsletError('E-NET-FAILED', `${owner} answered ${status} for a picture`);
    await blobs.write(blob, Readable.from([bytes]), largest);
  }
  const first = variants[0];
  const content_type = first?.name.startsWith('vis.') ? `image/${first.format}` : 'application/octet-stream';
  const file = {
    id_tag: row.id_tag,
    id: row.file_id,
    descriptor,
    content_type,
    file_name: '',
    visibility: 'D' as const,
    created_at: now(),
  };
  await db.transaction().execute((trx) => insertFile(trx, file, variants));
}

async function fetchDescriptor(fetch: SafeFetch, { owner, file_id }: AttachmentRow): Promise<string> {
  const path = `${routes.files}/${file_id}/descriptor`;
  const { status, bytes } = await fetch(parseIdTag(owner), path, { limit: 64 * 1024 });
  if (status !== 200) throw new IsletError('E-NET-FAILED', `${owner} answered ${status} for a file`);
  const { data } = parseJson(descriptorSchema, bytes.toString('utf8'));
  if ((await fileId(data)) !== file_id)
    throw new IsletError('E-BLOB-HASH', 'the descriptor does not have this hash');
  return data;
}

/** What the other files of the action have taken of its budget. */
async function readSpent(db: Database, { id_tag, statement_id, file_id }: AttachmentRow): Promise<number> {
  const files = await listAttachedFiles(db, id_tag, statement_id);
  return files
    .filter(({ id }) => id !== file_id)
    .flatMap(({ descriptor }) => chooseRenditions(parseDescriptor(descriptor), budget))
    .reduce((sum, { size }) => sum + size, 0);
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
