import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import type { Signer } from '../../../shared/identity/did.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { type Batch, guestAuthor, maxBatchRows, type Row, signBatch } from '../../../shared/sync/row.ts';
import type { Space } from '../space.ts';

const maxBatchBytes = 512 * 1024;

/** Who edits over one socket: rows are numbered for each by itself (SPEC S2, Z6). */
export interface Author {
  readonly idTag: IdTag;
  readonly session: string;
  /** Number of the next row. */
  next: number;
}

export function createAuthor(idTag: IdTag, random: Random): Author {
  return { idTag, session: bytesToBase64url(random(16)), next: 0 };
}

/** What somebody wrote and what is to be done when it is on the disk. */
export interface Edit {
  readonly author: Author;
  /** Undefined when there was nothing new in it: it waits for what was before it. */
  readonly update: Uint8Array | undefined;
  readonly done: () => void;
}

/** Edits of one document on their way into the log; those that come while a commit runs share the next one. */
export interface Commits {
  add(edit: Edit): void;
  /** Resolves when nothing is on its way. */
  settled(): Promise<void>;
}

export interface CommitParts {
  readonly space: Space;
  readonly idTag: IdTag;
  readonly doc: string;
  /** Signs with the identity key. */
  readonly sign: Signer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Edits were not stored. */
  readonly failed: (error: unknown) => void;
}

export function createCommits({ space, idTag, doc, sign, now, failed }: CommitParts): Commits {
  let waiting: Edit[] = [];
  let running: Promise<void> | undefined;

  const signRows = (author: Author, rows: readonly Row[]): Promise<Batch> => {
    const first = author.next;
    author.next += rows.length;
    const { session } = author;
    return signBatch(idTag, { device: guestAuthor(author.idTag), session, first, time: now(), rows }, sign);
  };

  const write = async (edits: readonly Edit[]): Promise<void> => {
    const batches: Promise<Batch>[] = [];
    for (const [author, own] of Map.groupBy(edits, (edit) => edit.author)) {
      const rows = own.flatMap(({ update }) => (update ? [{ doc, update }] : []));
      for (const part of split(rows)) batches.push(signRows(author, part));
    }
    if (batches.length > 0) await space.add(await Promise.all(batches));
    for (const { done } of edits) done();
  };

  const run = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const edits = waiting;
        waiting = [];
        await write(edits);
      }
    } catch (error) {
      waiting = [];
      failed(error);
    }
    running = undefined;
  };

  return {
    add(edit) {
      waiting.push(edit);
      running ??= run();
    },
    async settled() {
      while (running) await running;
    },
  };
}

function* split(rows: readonly Row[]): Generator<Row[]> {
  let part: Row[] = [];
  let size = 0;
  for (const row of rows) {
    if (part.length > 0 && (size + row.update.length > maxBatchBytes || part.length === maxBatchRows)) {
      yield part;
      part = [];
      size = 0;
    }
    part.push(row);
    size += row.update.length;
  }
  if (part.length > 0) yield part;
}
