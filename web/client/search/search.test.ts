import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTestBrowser, type TestBrowser, type, until, updateWith } from '../documents/browser-fixture.ts';
import { storeName } from '../documents/stored-updates.ts';
import type { Documents } from '../documents/documents.ts';
import type { ActionRow } from '../store/action-rows.ts';
import { readDocumentText } from './read-text.ts';
import { openSearcher, type Searcher, type SearchState } from './searcher.ts';

let browser: TestBrowser;
const searchers: Searcher[] = [];
const readers = new Map([['text', readDocumentText]]);

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const searcher of searchers.splice(0)) await searcher.close();
  await browser.close();
});

function open(onState?: (state: SearchState) => void): Searcher {
  const searcher = openSearcher({
    db: browser.db,
    prefix: storeName(''),
    readers,
    now: () => Date.now(),
    ...(onState && { onState }),
  });
  searchers.push(searcher);
  return searcher;
}

async function close(searcher: Searcher): Promise<void> {
  searchers.splice(searchers.indexOf(searcher), 1);
  await searcher.close();
}

async function titles(searcher: Searcher, words: string): Promise<string[]> {
  return (await searcher.find({ words, among: 'all', limit: 20 })).map(({ title }) => title);
}

async function write(tab: Documents, ...lines: string[]): Promise<string> {
  const document = await tab.open(tab.newId());
  for (const [i, line] of lines.entries()) type(document.doc, line, i === 0 ? 'heading' : 'paragraph');
  await document.whenSaved();
  const { id } = document;
  await document.close();
  await tab.whenProjected();
  return id;
}

/** Waits until the words lead to exactly these titles. */
async function finds(searcher: Searcher, words: string, expected: string[]): Promise<void> {
  await expect.poll(() => titles(searcher, words)).toEqual(expected);
}

test('words of documents are found by their beginnings, misspelt, and without accents; the place is shown', async () => {
  const tab = await browser.openTab();
  const id = await write(tab, 'Ferry to Føhr', 'The café closes when the last boat has gone.');
  await write(tab, 'Bread', 'Flour, water, salt.');
  const searcher = open();
  for (const words of ['ferr', 'cafe', 'the boat clos', 'closses', 'CAFÉ FERRY'])
    await finds(searcher, words, ['Ferry to Føhr']);
  await finds(searcher, 'cafe flour', []);
  const [hit] = await searcher.find({ words: 'caf', among: 'all', limit: 5 });
  expect(hit).toMatchObject({ kind: 'document', id, marks: [] });
  const { text = '', marks = [] } = hit?.excerpt ?? {};
  expect(marks.map(([from, to]) => text.slice(from, to))).toEqual(['café']);
});

test('an edit is found once it is said that the document changed, and what it replaced is not', async () => {
  const tab = await browser.openTab();
  const id = await write(tab, 'Harbour', 'Herring at seven.');
  const searcher = open();
  await finds(searcher, 'herring', ['Harbour']);
  const document = await tab.open(id);
  document.doc.getXmlFragment('content').delete(1, 1);
  type(document.doc, 'Mackerel at eight.');
  await document.whenSaved();
  searcher.changed(id);
  await finds(searcher, 'mackerel', ['Harbour']);
  expect(await titles(searcher, 'herring')).toEqual([]);
  await document.close();
});

test('what lies in the trash or is deleted is not found, and its words leave this device', async () => {
  const tab = await browser.openTab();
  const id = await write(tab, 'Secret plan', 'Buy the lighthouse.');
  const searcher = open();
  await finds(searcher, 'lighthouse', ['Secret plan']);
  tab.trash(id);
  await finds(searcher, 'lighthouse', []);
  tab.restore(id);
  await finds(searcher, 'lighthouse', ['Secret plan']);
  await tab.whenProjected();
  await browser.db.documents.delete(id);
  await finds(searcher, 'lighthouse', []);
  await until(async () => (await browser.db.texts.count()) === 0);
});

test('a restart reads nothing again that stayed as it was, and everything that changed meanwhile', async () => {
  const tab = await browser.openTab();
  const kept = await write(tab, 'Kept', 'Barnacle.');
  const edited = await write(tab, 'Edited', 'Limpet.');
  const first = open();
  await finds(first, 'barnacle', ['Kept']);
  await finds(first, 'limpet', ['Edited']);
  await close(first);

  // Acknowledged, so that nothing but the stored rows says that it changed; the hour in the index stays for twenty seconds.
  const document = await tab.open(edited);
  type(document.doc, 'Periwinkle.');
  await document.whenSaved();
  await browser.db.sync.clear();
  const put = vi.spyOn(browser.db.texts, 'put');
  const second = open();
  await finds(second, 'barnacle', ['Kept']);
  await finds(second, 'periwinkle', ['Edited']);
  await second.settled();
  expect(put.mock.calls.map(([row]) => row.id)).not.toContain(kept);
  await document.close();
});

test('rows of other devices are found in documents that nobody has opened, without storing them', async () => {
  const tab = await browser.openTab();
  const id = await write(tab, 'Shared list', 'Tomatoes.');
  const searcher = open();
  await finds(searcher, 'tomatoes', ['Shared list']);
  await tab.receive([{ doc: id, update: updateWith('Aubergines.') }]);
  await finds(searcher, 'aubergines', ['Shared list']);
  expect(await browser.db.pending.count()).toBe(1);

  const other = tab.newId();
  await tab.receive([{ doc: other, update: updateWith('Artichokes.') }]);
  tab.enter([{ id: other, title: 'From elsewhere', excerpt: '' }]);
  await finds(searcher, 'artichokes', ['From elsewhere']);
  const names = (await indexedDB.databases()).map(({ name }) => name);
  expect(names).toContain(storeName(id));
  expect(names).not.toContain(storeName(other));
});

test('a second tab hears what the first one read, and goes on reading when that is gone', async () => {
  const tab = await browser.openTab();
  await write(tab, 'One', 'Starboard.');
  const first = open();
  await finds(first, 'starboard', ['One']);
  const second = open();
  await finds(second, 'starboard', ['One']);
  await write(tab, 'Two', 'Gangway.');
  await finds(second, 'gangway', ['Two']);
  await close(first);
  await write(tab, 'Three', 'Leeward.');
  await finds(second, 'leeward', ['Three']);
});

test('what is sealed is found while it is open on this device, and stands in no table', async () => {
  const searcher = open();
  searcher.setOpened([
    { id: 'x'.repeat(24), title: 'Will and testament.pdf', edited: 1, parent: '', isFolder: false },
  ]);
  await finds(searcher, 'testam', ['Will and testament.pdf']);
  for (const table of browser.db.tables)
    expect(JSON.stringify(await table.toArray())).not.toContain('testament');
  searcher.setOpened([]);
  expect(await titles(searcher, 'testam')).toEqual([]);
});

test('people, posts, comments and messages are found; what was taken back and who is blocked is not', async () => {
  const searcher = open();
  searcher.setSelf({ idTag: 'me.test', name: 'Me' });
  const person = {
    type: 'person',
    following: 1,
    follower: 0,
    connected: 'none',
    blocked: 0,
    muted: 0,
  } as const;
  await browser.db.people.bulkPut([
    { ...person, idTag: 'ana.test', name: 'Ana Quartz' },
    { ...person, idTag: 'mallory.test', name: 'Mallory', blocked: 1 },
  ]);
  const action = (id: string, t: string, more: Partial<ActionRow>): ActionRow => ({
    ...{ id, actionId: `a1~${id}`, t, type: t.split(':')[0] ?? t, iss: 'ana.test', text: '' },
    ...{ iat: 1000, receivedAt: 1_000_000, files: [], state: 'accepted', deliveries: [], ...more },
  });
  await browser.db.actions.bulkPut([
    action('1', 'POST', { text: 'The granite pier opens' }),
    action('2', 'CMNT', { text: 'Granite at last', p: 'a1~1' }),
    action('3', 'MSG', { text: 'Bring the granite samples', aud: 'me.test' }),
    action('4', 'POST', { text: 'Granite, taken back', state: 'deleted' }),
    action('5', 'POST', { text: 'Granite for sale', iss: 'mallory.test' }),
  ]);
  const granite = async () => {
    const hits = await searcher.find({ words: 'granite', among: 'all', limit: 20 });
    return hits.map(({ kind, chat }) => [kind, chat]).sort();
  };
  await expect.poll(granite).toEqual([
    ['comment', undefined],
    ['message', 'ana.test'],
    ['post', undefined],
  ]);
  const people = await searcher.find({ words: 'quar', among: 'people', limit: 5 });
  expect(people.map(({ kind, id }) => [kind, id])).toEqual([['person', 'ana.test']]);
});

test('tags are found by their beginnings, the newest document first', async () => {
  const tab = await browser.openTab();
  const id = await write(tab, 'Soup', 'Leeks.');
  await write(tab, 'No tags', 'Leeks again.');
  await browser.db.documents.update(id, { tags: ['Küche', 'winter'] });
  const searcher = open();
  const tagged = () => searcher.find({ words: 'kuc', among: 'tags', limit: 5 });
  await expect.poll(async () => (await tagged()).map(({ title }) => title)).toEqual(['Soup']);
});

test('a store that cannot be read is said in words, the others are found, and it is read when it works again', async () => {
  const tab = await browser.openTab();
  const id = await write(tab, 'Broken', 'Nobody reads this.');
  await write(tab, 'Whole', 'Everybody reads this.');
  const open_ = IDBFactory.prototype.open;
  const fault = vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (
    this: IDBFactory,
    name,
    version,
  ) {
    if (name === storeName(id)) throw new DOMException('the disk says no', 'UnknownError');
    return open_.call(this, name, version);
  });
  const states: SearchState[] = [];
  const searcher = open((state) => states.push(state));
  await finds(searcher, 'reads this', ['Whole']);
  await until(() => searcher.state().unread === 1);
  expect(searcher.state().failure).toContain('the disk says no');
  expect(states.length).toBeGreaterThan(0);
  fault.mockRestore();
  searcher.changed(id);
  await finds(searcher, 'nobody reads', ['Broken']);
  expect(searcher.state()).toEqual({ left: 0, unread: 0 });
});

test('words that cannot be kept are said, never swallowed', async () => {
  const tab = await browser.openTab();
  vi.spyOn(browser.db.texts, 'put').mockRejectedValue(new DOMException('no room left', 'QuotaExceededError'));
  await write(tab, 'Too much', 'Ballast.');
  const searcher = open();
  await until(() => searcher.state().unread === 1);
  expect(searcher.state().failure).toContain('no room left');
});

test('a row of another device that was applied while a document is open is found', async () => {
  const tab = await browser.openTab();
  const id = await write(tab, 'Open', 'Anchor.');
  const document = await tab.open(id);
  const searcher = open();
  await finds(searcher, 'anchor', ['Open']);
  await tab.receive([{ doc: id, update: updateWith('Windlass.') }]);
  await until(async () => (await browser.db.pending.count()) === 0);
  await finds(searcher, 'windlass', ['Open']);
  await document.close();
});
