import { INDEX_ID } from '../documents/document-id.ts';
import type { Documents } from '../documents/documents.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import type { Database } from '../store/database.ts';
import { createLedger } from '../sync/ledger.ts';
import type { Scope, ScopeListener } from '../sync/scope.ts';
import { type AuthorSources, createAuthorCheck } from '../sync/verify-author.ts';
import { exchangeList } from './exchange-list.ts';
import { fetchDocument } from './fetch-document.ts';
import { forgetLeft } from './forget-left.ts';
import { hasRows, type Listed, openListed } from './listed.ts';

export interface FolderOptions {
  db: Database;
  documents: Pick<Documents, 'index' | 'snapshot' | 'receive' | 'tree'>;
  api: Pick<RelayApi, 'get' | 'change' | 'download'>;
  authors: AuthorSources;
  /** The one folder of this device. */
  folder: string;
  /** Whether this device may change it. */
  writes: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Pauses after a change here, and after a word of the relay, in milliseconds. */
const settle = { here: 400, there: 50 };
/** What left the folder and is open on a page is looked at again after this, in milliseconds. */
const lookAgain = 5_000;

/** The one folder of this device: keeps the index of this device equal to it, and says what of it may be pushed (SPEC C15). */
export async function openFolder(options: FolderOptions): Promise<Scope> {
  const { db, documents, now, writes } = options;
  const ledger = createLedger(db);
  const listed = await openListed(db, options.folder);
  const missing = createMissing(options, listed);
  const refused = new Map<string, string>();
  let listener: ScopeListener | undefined;
  let left: string[] = [];
  let unsettled = false;
  let quiet = false;
  let running: Promise<void> = Promise.resolve();
  const timers: Partial<Record<'here' | 'there' | 'again', ReturnType<typeof setTimeout>>> = {};

  async function findUnsent(ids: readonly string[]): Promise<Set<string>> {
    const dirty = new Set(await ledger.dirtyDocuments());
    const uploads = new Set(await db.uploads.toCollection().primaryKeys());
    const unsent = new Set(ids.filter((id) => uploads.has(id)));
    for (const id of writes ? ids.filter((one) => dirty.has(one)) : []) {
      const { doc } = await documents.snapshot(id);
      if ((await ledger.compare(id, doc)).missing) unsent.add(id);
      doc.destroy();
    }
    return unsent;
  }

  function quietly(write: () => void): void {
    quiet = true;
    try {
      write();
    } finally {
      quiet = false;
    }
  }

  async function exchange(read: boolean): Promise<void> {
    unsettled = false;
    try {
      const { isWhole } = missing;
      const { index } = documents;
      await exchangeList({ ...options, index, listed, findUnsent, isWhole, quietly, refused }, read);
    } catch (error) {
      unsettled = true;
      throw error;
    }
    const { tree, snapshot } = documents;
    const stays = await forgetLeft({ db, listed, tree, snapshot, findUnsent });
    left = stays.titles;
    if (stays.open) schedule('again', lookAgain, false);
    if (!unsettled) await ledger.clear([INDEX_ID], now());
    listener?.onChange();
  }

  function run(work: () => Promise<void>): Promise<void> {
    const next = running.then(work);
    running = next.catch(() => undefined); // told to who asked
    return next;
  }
  const inBackground = (work: () => Promise<void>): void =>
    void run(work).catch((error: unknown) => listener?.onFailure(error));

  function schedule(why: keyof typeof timers, pause: number, read: boolean): void {
    if (timers[why] !== undefined || !listener) return;
    timers[why] = setTimeout(() => {
      delete timers[why];
      inBackground(() => exchange(read));
      if (read) inBackground(missing.fetch);
    }, pause);
  }

  return {
    covers: (doc) => {
      const row = listed.rows.get(doc);
      return row !== undefined && !row.left && !listed.seen?.ended && hasRows(row);
    },
    get waiting() {
      return writes && (unsettled || timers.here !== undefined);
    },
    get left() {
      return left;
    },
    reads: missing.reads,
    withheld: async (docs) => {
      if (await missing.note(docs)) inBackground(missing.fetch);
    },
    refresh: async () => {
      await run(() => exchange(true));
      inBackground(missing.fetch);
    },
    ask: () => schedule('there', settle.there, true),
    changed: () => {
      if (!writes || quiet) return;
      unsettled = true;
      schedule('here', settle.here, false);
    },
    listen: (next) => {
      listener = next;
      return () => {
        listener = undefined;
        for (const timer of Object.values(timers)) clearTimeout(timer);
      };
    },
  };
}

interface Missing {
  reads: Scope['reads'];
  /** Whether all rows of a document are here that is new in the list. */
  isWhole: (id: string) => boolean;
  /** @returns whether any of them is in the folder */
  note: (docs: ReadonlySet<string>) => Promise<boolean>;
  fetch: () => Promise<void>;
}

/** Rows that the relay kept back while a document was not in the folder: they are read when it is (SPEC C15). */
function createMissing({ db, documents, api, authors, now }: FolderOptions, listed: Listed): Missing {
  const ledger = createLedger(db);
  const verify = createAuthorCheck(authors);
  /** Of which rows were kept back, as far as this page has seen the log. */
  let withheld = new Set<string>();
  let fromBeginning = false;

  return {
    reads: ({ seq }) => {
      if (seq > 0) return;
      fromBeginning = true;
      withheld = new Set();
    },
    isWhole: (id) => fromBeginning && !withheld.has(id),
    note: async (docs) => {
      let any = false;
      for (const id of docs) {
        withheld.add(id);
        const row = listed.rows.get(id);
        if (!row || row.left || !hasRows(row)) continue;
        any = true;
        if (row.whole === 1) await listed.change(id, { whole: 0 });
      }
      return any;
    },
    fetch: async () => {
      const wanted = [...listed.rows.values()].filter((row) => row.whole === 0 && !row.left && hasRows(row));
      for (const { id } of wanted) {
        withheld.delete(id);
        const rows = await fetchDocument(id, { api, space: authors.space, verify });
        if (!rows) continue;
        if (rows.length > 0) await documents.receive(rows);
        await ledger.add(rows, { at: now() });
        if (!withheld.has(id)) await listed.change(id, { whole: 1 });
      }
    },
  };
}
