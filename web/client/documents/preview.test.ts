import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestBrowser, openTestBrowser, stored, type } from './browser-fixture.ts';
import { readPreview, writePreview } from './preview.ts';
import { storeName } from './stored-updates.ts';

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

test('what is shown first lies beside the rows of the document, and goes with them', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  type(document.doc, 'words');
  await document.whenSaved();
  expect(await readPreview(document.id)).toBeUndefined();
  await writePreview(document.id, { type: 'doc' });
  expect(await readPreview(document.id)).toEqual({ type: 'doc' });
  expect(await stored(document.id)).toBe('words');
  await writePreview(document.id, undefined);
  expect(await readPreview(document.id)).toBeUndefined();
});

test('a document that is gone is not brought back by it', async () => {
  const tab = await browser.openTab();
  const id = tab.newId();
  await expect(writePreview(id, { type: 'doc' })).rejects.toThrow();
  await expect(readPreview(id)).rejects.toThrow();
  const names = (await indexedDB.databases()).map(({ name }) => name);
  expect(names).not.toContain(storeName(id));
});
