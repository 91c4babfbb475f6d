import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import {
  type TestBrowser,
  openTestBrowser,
  randomBytes,
  stored,
  type,
  until,
  updateWith,
  words,
} from './browser-fixture.ts';
import type { OpenDocument } from './documents.ts';
import type { SaveState } from './save-state.ts';
import { openStore, readStored, storeName } from './stored-updates.ts';
import { openTree } from './tree.ts';
import { netKey } from './unsaved-net.ts';
import { bytesToBase64url } from '../../../shared/bytes.ts';

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

function watchStates(document: OpenDocument): SaveState['kind'][] {
  const states: SaveState['kind'][] = [];
  document.saved.subscribe((state) => states.push(state.kind));
  return states;
}

test('an unknown id opens as an empty document that is in no list', async () => {
  const tab = await browser.openTab();
  const id = tab.newId();
  expect(id).toMatch(/^[0-9A-Za-z]{24}$/);
  const document = await tab.open(id);
  expect(document.state).toBe('editable');
  expect(words(document.doc)).toBe('');
  expect(tab.entries()).toEqual([]);
  await expect(tab.open('../etc')).rejects.toThrow('not a document id');
});

test('"saved" is said only when the words are in IndexedDB', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  const states = watchStates(document);
  type(document.doc, 'hello');
  expect(document.saved.get().kind).toBe('saving');
  await document.whenSaved();
  expect(document.saved.get().kind).toBe('saved');
  expect(await stored(document.id)).toBe('hello');
  expect(states).toEqual(['saved', 'saving', 'saved']);
  const store = await openStore(storeName(document.id));
  const marker = await new Promise((resolve) => {
    const request = store.transaction('custom').objectStore('custom').get('saved');
    request.onsuccess = () => resolve(request.result);
  });
  expect(marker).toBeTypeOf('number');
  store.close();
});

test('a burst of edits is confirmed with few confirmations', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction');
  for (let i = 0; i < 100; i++) type(document.doc, `line ${i}`);
  await document.whenSaved();
  const strict = transactions.mock.calls.filter(
    (call) => call[2]?.durability === 'strict' && String(call[0]) === 'updates,custom',
  );
  expect(strict.length).toBeGreaterThan(0);
  expect(strict.length).toBeLessThan(5);
  transactions.mockRestore();
  expect((await stored(document.id)).split('\n')).toHaveLength(100);
});

test('more than 500 updates are merged by one writer without losing one', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  for (let i = 0; i < 620; i++) type(document.doc, `line ${i}`);
  await document.whenSaved();
  await until(async () => (await readStored(storeName(document.id))).length < 10);
  type(document.doc, 'after');
  await document.whenSaved();
  expect((await stored(document.id)).split('\n')).toHaveLength(621);
  await document.close();
  const again = await tab.open(document.id);
  expect(words(again.doc).split('\n')).toHaveLength(621);
});

test('a document is marked dirty before it can be edited, and again by an edit', async () => {
  const tab = await browser.openTab();
  const id = tab.newId();
  const document = await tab.open(id);
  expect((await browser.db.sync.get(id))?.dirty).toBe(1);
  const acked = new Uint8Array([1]);
  await browser.db.sync.put({ doc: id, dirty: 0, acked });
  type(document.doc, 'more');
  await document.whenSaved();
  expect(await browser.db.sync.get(id)).toEqual({ doc: id, dirty: 1, acked, since: expect.any(Number) });
});

test('what localStorage caught is replayed, told to sync, and removed only when saved', async () => {
  const id = 'A'.repeat(24);
  browser.net.setItem(netKey(id, 'gone'), bytesToBase64url(updateWith('last words')));
  browser.net.setItem(netKey(id, 'bad'), '%%%');
  const tab = await browser.openTab();
  const document = await tab.open(id);
  expect(words(document.doc)).toBe('last words');
  await document.whenSaved();
  expect(browser.net.entries.has(netKey(id, 'gone'))).toBe(false);
  expect(await stored(id)).toBe('last words');
  expect(tab.entry(id)?.title).toBe('last words');
});

test('closing keeps the last edit without waiting for anyone', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  type(document.doc, 'quick');
  await document.close();
  expect(await stored(document.id)).toBe('quick');
  expect(browser.net.entries.size).toBe(0);
});

test('a full localStorage does not throw', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  browser.net.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  type(document.doc, 'quick');
  await document.close();
  expect(await stored(document.id)).toBe('quick');
});

test('rows from the relay wait in Dexie with the cursor, and go when the document has saved them', async () => {
  const tab = await browser.openTab();
  const id = tab.newId();
  await tab.receive([{ doc: id, update: updateWith('from afar') }], { space: 's', seq: 7 });
  expect(await browser.db.cursors.get('s')).toEqual({ space: 's', seq: 7 });
  expect(await browser.db.pending.count()).toBe(1);
  const copy = await tab.snapshot(id);
  expect(words(copy.doc)).toBe('from afar');
  const local: string[] = [];
  tab.onLocalUpdate((doc) => local.push(doc));
  const document = await tab.open(id);
  expect(words(document.doc)).toBe('from afar');
  await until(async () => (await browser.db.pending.count()) === 0);
  expect(await stored(id)).toBe('from afar');
  await tab.receive([{ doc: id, update: updateWith('more') }]);
  expect(words(document.doc).split('\n').sort()).toEqual(['from afar', 'more']);
  expect(await browser.db.pending.count()).toBe(0);
  expect(local).toEqual([]);
});

test('rows that wait for an earlier row stay in Dexie until it comes', async () => {
  const source = new Y.Doc();
  const updates: Uint8Array[] = [];
  source.on('update', (update: Uint8Array) => updates.push(update));
  type(source, 'one');
  type(source, 'two');
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  const [first, second] = updates;
  await tab.receive([{ doc: document.id, update: second! }]);
  expect(await browser.db.pending.count()).toBe(1);
  await tab.receive([{ doc: document.id, update: first! }]);
  expect(await browser.db.pending.count()).toBe(0);
  expect(await stored(document.id)).toBe('one\ntwo');
});

test('a damaged row holds up nothing and is not thrown away', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  await tab.receive([
    { doc: document.id, update: new Uint8Array([255, 255, 255]) },
    { doc: document.id, update: updateWith('good') },
  ]);
  expect(words(document.doc)).toBe('good');
  expect(await browser.db.pending.count()).toBe(1);
});

test('the index gets its rows at once, without being opened by anyone', async () => {
  const tab = await browser.openTab();
  const other = new Y.Doc();
  other.getMap('documents').set('B'.repeat(24), new Y.Map(Object.entries({ title: 'Theirs', created: 5 })));
  await tab.receive([{ doc: 'index', update: Y.encodeStateAsUpdate(other) }]);
  expect(tab.entry('B'.repeat(24))?.title).toBe('Theirs');
  await tab.whenProjected();
  expect(await browser.db.documents.get('B'.repeat(24))).toMatchObject({
    title: 'Theirs',
    trashed: 0,
    edited: 5,
  });
});

test('a provisional row is applied to an open document and kept nowhere else', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  tab.applyProvisional(document.id, updateWith('live'));
  expect(words(document.doc)).toBe('live');
  tab.applyProvisional(tab.newId(), updateWith('nobody looks'));
  tab.applyProvisional(document.id, new Uint8Array([9, 9, 9]));
  expect(await browser.db.pending.count()).toBe(0);
});

test('title and excerpt follow the text; the first content enters the index', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  type(document.doc, 'Garden plan', 'heading');
  expect(tab.entry(document.id)).toMatchObject({ title: 'Garden plan', type: 'text', schema: 1 });
  expect(document.doc.getMap('meta').toJSON()).toEqual({ schema: 1, type: 'text' });
  type(document.doc, 'Beans along the wall.');
  await document.close();
  await tab.whenProjected();
  expect(await browser.db.documents.get(document.id)).toMatchObject({
    title: 'Garden plan',
    excerpt: 'Beans along the wall.',
    trashed: 0,
  });
  tab.trash(document.id);
  await tab.whenProjected();
  expect((await browser.db.documents.get(document.id))?.trashed).toBe(1);
  tab.restore(document.id);
  tab.setTitle(document.id, 'Renamed');
  await tab.whenProjected();
  expect(await browser.db.documents.get(document.id)).toMatchObject({ title: 'Renamed', trashed: 0 });
});

test('files and folders are entries of the same index, and no documents', async () => {
  const tab = await browser.openTab();
  const tree = openTree({ index: tab.index.doc, live: tab.tree, now: () => 7, random: randomBytes });
  const { id: folder } = tree.createFolder('Folder', '');
  tab.enter([{ id: tab.newId(), title: 'Note', excerpt: '', parent: folder }]);
  const [note] = tab.entries();
  expect(tab.entries()).toEqual([expect.objectContaining({ title: 'Note', parent: folder })]);
  tree.trash([folder]);
  await tab.whenProjected();
  expect(await browser.db.documents.where({ type: 'text', trashed: 1 }).count()).toBe(1);
  tab.restore(note!.id);
  expect(tree.get(note!.id)).toMatchObject({ parent: '', trashed: 0 });
  // Somebody puts the id of a folder into the address of a document.
  const strange = await tab.open(folder);
  type(strange.doc, 'words');
  await strange.close();
  expect(tab.entry(folder)).toMatchObject({ title: 'Folder', excerpt: '', type: 'folder' });
});

test('a document of a later schema says so', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  expect(document.state).toBe('editable');
  document.doc.getMap('meta').set('schema', 99);
  expect(document.state).toBe('newer-schema');
});

test('a document that is opened twice and closed once stays open', async () => {
  const tab = await browser.openTab();
  const id = tab.newId();
  const [first, second] = await Promise.all([tab.open(id), tab.open(id)]);
  expect(first?.doc).toBe(second?.doc);
  await first?.close();
  await first?.close();
  type(second!.doc, 'still open');
  await second?.whenSaved();
  expect(await stored(id)).toBe('still open');
});
