import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Row } from '../../../shared/sync/row.ts';
import { type TestBrowser, openTestBrowser, updateWith, words } from '../documents/browser-fixture.ts';
import type { Documents } from '../documents/documents.ts';
import { enterDocuments, entriesOf, readEntries } from '../documents/index-entries.ts';
import { createLedger } from './ledger.ts';
import { readHeld } from './mass-deletion.ts';
import { createRelayLog, open, readAll, space, welcome } from './relay-log-fixture.ts';

let browser: TestBrowser;
let tab: Documents;

beforeEach(async () => {
  browser = await openTestBrowser();
  tab = await browser.openTab();
});
afterEach(() => browser.close());

const idOf = (i: number): string => String(i).padStart(24, 'd');

/** Rows of an index: all entries, then most of them taken away again. */
function indexRows() {
  const index = new Y.Doc();
  const rows: Row[] = [];
  index.on('update', (update: Uint8Array) => rows.push({ doc: 'index', update }));
  enterDocuments(
    index,
    Array.from({ length: 30 }, (_, i) => ({ id: idOf(i), title: `Note ${i}`, excerpt: '' })),
    1,
  );
  index.transact(() => {
    for (let i = 0; i < 29; i++) entriesOf(index).delete(idOf(i));
  });
  return rows as [Row, Row];
}

test('S16: what a device reads for the first time waits for nobody, and what comes later in the same log does', async () => {
  const relay = await createRelayLog();
  const [entered, removed] = indexRows();
  await relay.append([entered]);
  const arriving = await readAll(relay, browser.db, tab);
  expect(readEntries(tab.index.doc)).toHaveLength(30);
  const place = await relay.append([removed]);
  await arriving.provisional([place.batch]);
  expect(readEntries(tab.index.doc)).toHaveLength(30);
  expect(await arriving.committed(place.batch, place, false)).toBe(true);
  expect(arriving.cursor.seq).toBe(2);
  expect(readEntries(tab.index.doc)).toHaveLength(30);
  expect(await readHeld(browser.db, tab.index.doc)).toHaveLength(29);
});

test('S16: a whole log that is read at once holds nothing up, also over two lives', async () => {
  const relay = await createRelayLog();
  const [entered, removed] = indexRows();
  await relay.append([entered]);
  const first = await open(relay, browser.db, tab);
  await first.welcomed(welcome);
  await first.stored(relay.stored);
  await relay.append([removed]);
  await readAll(relay, browser.db, tab);
  expect(readEntries(tab.index.doc)).toHaveLength(1);
  expect(await browser.db.held.count()).toBe(0);
});

test('S17: a document that lost a row gets it from the log again, and others are left alone', async () => {
  const relay = await createRelayLog();
  const [one, two] = [tab.newId(), tab.newId()];
  await relay.append([{ doc: one, update: updateWith('first') }]);
  await relay.append([{ doc: two, update: updateWith('second') }]);
  const arriving = await readAll(relay, browser.db, tab);
  expect(await arriving.heal(one)).toBe(false);
  await browser.db.pending.where('doc').equals(one).delete();
  expect(await arriving.heal(one)).toBe(true);
  expect(arriving.cursor).toEqual({ log: '', seq: 0, chain: '' });

  // The next socket, in a later life.
  await readAll(relay, browser.db, tab);
  const text = async (id: string) => words((await tab.snapshot(id)).doc);
  expect([await text(one), await text(two)]).toEqual(['first', 'second']);
  expect(await browser.db.pending.where('doc').equals(two).count()).toBe(1);
  expect(await browser.db.cursors.get(space)).toMatchObject({ log: 'log', seq: 2 });
});

test('S11: where nothing is known of the relay any more, everything is compared', async () => {
  const relay = await createRelayLog();
  tab.enter([{ id: idOf(1), title: 'Note', excerpt: '' }]);
  await browser.db.sync.clear();
  await open(relay, browser.db, tab);
  expect(await createLedger(browser.db).dirtyDocuments()).toContain(idOf(1));
});
