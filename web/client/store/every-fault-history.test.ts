import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { formatHistoryPage, type HistoryBatch } from '../../../shared/sync/history.ts';
import { nextChain, signBatch } from '../../../shared/sync/row.ts';
import { createTestKey, type TestKey } from '../../../shared/test/keys.ts';
import { alice } from '../../../shared/test/log.ts';
import { openTestBrowser, stored, type TestBrowser, type } from '../documents/browser-fixture.ts';
import type { Documents } from '../documents/documents.ts';
import { fetchRows } from '../history/history-rows.ts';
import { openHistory, restoreDocumentTo } from '../history/open-history.ts';
import { startRecorder } from '../history/recorder.ts';
import { type Database, openDatabase } from './database.ts';
import { failEach, faultKinds } from './fault-fixture.ts';

let browser: TestBrowser;
let tab: Documents;
let key: TestKey;
/** The same database over a connection of its own. */
let again: Database;

beforeAll(async () => {
  key = await createTestKey();
});
beforeEach(async () => {
  browser = await openTestBrowser();
  tab = await browser.openTab();
  again = await openDatabase(browser.db.name);
});
afterEach(async () => {
  again.close();
  await browser.close();
});

const now = (): number => 1_800_000_000_000;

/** Writes lines, each a change of its own. */
async function write(...lines: string[]): Promise<{ id: string; updates: Uint8Array[] }> {
  const document = await tab.open(tab.newId());
  const updates: Uint8Array[] = [];
  document.doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const line of lines) type(document.doc, line);
  await document.whenSaved();
  await document.close();
  return { id: document.id, updates };
}

/** A relay that tells these rows, two on a page. */
async function relayOf(doc: string, updates: readonly Uint8Array[]) {
  const batches: HistoryBatch[] = [];
  for (const [i, update] of updates.entries()) {
    const session = String(i).padStart(22, 's');
    const unsigned = { device: key.did, session, first: 0, time: now() + i, rows: [{ doc, update }] };
    const batch = await signBatch(alice, unsigned, key.sign);
    const previous = batches.at(-1)?.chain ?? '';
    const chain = await nextChain(previous, alice, batch);
    batches.push({ batch, seq: i + 1, chain, previous, received: now() + i });
  }
  return {
    download: (path: string) => {
      const rest = batches.filter(({ seq }) => seq > Number(path.split('after=')[1]));
      const page = { log: 'log', batches: rest.slice(0, 2), more: rest.length > 2 };
      return Promise.resolve(new Blob([formatHistoryPage(page)]));
    },
  };
}

test.each(faultKinds)(
  '%s: what is written is noted for the history, or it is said that it is not',
  async (kind) => {
    const failed = await failEach(kind, async ({ fails }) => {
      let failure: unknown;
      const onFailure = (error: unknown): void => void (failure = error);
      const recorder = startRecorder({ db: browser.db, documents: tab, now, onFailure });
      const { id } = await write('first', 'second');
      const told = await fails(async () => {
        await recorder.flush();
        if (failure !== undefined) throw failure as Error;
      });
      const moments = await again.moments.where('doc').equals(id).toArray();
      const doc = new Y.Doc();
      for (const { update } of moments) Y.applyUpdate(doc, update);
      expect(told || doc.getXmlFragment('content').length === 2).toBe(true);
      // What could not be noted waits for the next time.
      await recorder.flush();
      expect(await again.moments.where('doc').equals(id).count()).toBeGreaterThan(0);
      recorder.close();
    });
    expect(failed).toBeGreaterThan(0);
  },
);

test.each(faultKinds)(
  '%s: rows of the relay are here when they were fetched, and are fetched again else',
  async (kind) => {
    const { updates } = await write('one', 'two', 'three');
    const failed = await failEach(kind, async ({ fails }) => {
      const id = tab.newId();
      const relay = await relayOf(id, updates);
      const count = (): Promise<number> => again.rows.where('doc').equals(id).count();
      const told = await fails(() => fetchRows(browser.db, relay, id));
      expect(told || (await count()) === updates.length).toBe(true);
      await fetchRows(browser.db, relay, id);
      expect(await count()).toBe(updates.length);
    });
    expect(failed).toBeGreaterThan(0);
  },
);

test.each(faultKinds)('%s: a history opens whole or not at all, and forgets nothing by it', async (kind) => {
  const failed = await failEach(kind, async ({ fails }) => {
    const { id, updates } = await write('one', 'two', 'three');
    await fetchRows(browser.db, await relayOf(id, updates.slice(0, 2)), id);
    // The relay has the second, nobody else the third.
    for (const [i, update] of updates.slice(1).entries())
      await browser.db.moments.add({ doc: id, at: now() + 1 + i, update });
    const open = async (): Promise<number> => {
      const { timeline, close } = await openHistory(id, { db: browser.db, documents: tab, now });
      const { length } = timeline.steps;
      close();
      return length;
    };
    // Three lines, and what a document is made with.
    let steps = 0;
    const told = await fails(async () => (steps = await open()));
    expect(told || steps === 4).toBe(true);
    expect(await again.moments.where('doc').equals(id).count()).toBeGreaterThan(0);
    expect(await open()).toBe(4);
  });
  expect(failed).toBeGreaterThan(0);
});

test.each(faultKinds)(
  '%s: what is brought back is in storage, or it is said that it is not',
  async (kind) => {
    const failed = await failEach(kind, async ({ fails }) => {
      const { id, updates } = await write('one', 'two');
      await fetchRows(browser.db, await relayOf(id, updates), id);
      const history = await openHistory(id, { db: browser.db, documents: tab, now });
      const told = await fails(() => restoreDocumentTo(id, history, { count: 1, documents: tab }));
      const words = await stored(id);
      expect(told ? ['one', 'one\ntwo'] : ['one']).toContain(words);
      history.close();
    });
    expect(failed).toBeGreaterThan(0);
  },
);
