import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestBrowser, openTestBrowser, randomBytes } from '../documents/browser-fixture.ts';
import { openTree } from '../documents/tree.ts';
import { createLedger } from './ledger.ts';

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

test('S11: when the relay lost what it had, documents are compared again; files and folders are in the index', async () => {
  const tab = await browser.openTab();
  const tree = openTree({ index: tab.index.doc, live: tab.tree, now: () => 7, random: randomBytes });
  const note = tab.newId();
  tab.enter([{ id: note, title: 'Note', excerpt: '' }]);
  tree.createFolder('Folder', '');
  tree.enterFiles([{ title: 'file', parent: '', fields: {} }]);
  await tab.whenProjected();
  const ledger = createLedger(browser.db);
  await ledger.forget(5);
  expect((await ledger.dirtyDocuments()).sort()).toEqual(['index', note].sort());
});
