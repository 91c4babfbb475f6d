import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type TestBrowser,
  openTestBrowser,
  stored,
  type,
  until,
  updateWith,
  words,
} from './browser-fixture.ts';
import type { Documents } from './documents.ts';

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

/** A document that was written, closed, and acknowledged by the relay. */
async function settled(tab: Documents): Promise<string> {
  const document = await tab.open(tab.newId());
  type(document.doc, 'words');
  await document.whenSaved();
  await document.close();
  await browser.db.sync.put({ doc: document.id, dirty: 0 });
  return document.id;
}

test('a document that is read ahead is in memory, and neither edited, nor to be compared, nor shown to anybody', async () => {
  const tab = await browser.openTab();
  const id = await settled(tab);
  const before = tab.entry(id);
  const told: string[] = [];
  tab.onLocalUpdate((doc) => told.push(doc));
  tab.onLocalAwareness((doc) => told.push(doc));

  const ahead = await tab.readAhead(id);
  expect(ahead && words(ahead.doc)).toBe('words');
  tab.showCarets();
  expect(await browser.db.sync.get(id)).toEqual({ doc: id, dirty: 0 });
  expect(ahead?.saved.get().kind).toBe('saved');
  expect(await tab.readAhead(id)).toBeUndefined();
  await ahead?.close();
  expect(tab.entry(id)).toEqual(before);
  expect(told).toEqual(['index']);
  expect(await stored(id)).toBe('words');
});

test('whoever opens it has the same document, marked as one that may be edited, and shown from then on', async () => {
  const tab = await browser.openTab();
  const id = await settled(tab);
  const shown: string[] = [];
  tab.onLocalAwareness((doc) => shown.push(doc));

  const ahead = await tab.readAhead(id);
  const document = await tab.open(id);
  await ahead?.close();
  expect(document.doc).toBe(ahead?.doc);
  expect(await browser.db.sync.get(id)).toEqual({ doc: id, dirty: 1 });
  tab.showCarets();
  expect(shown).toContain(id);
  type(document.doc, 'more');
  await document.whenSaved();
  await document.close();
  expect(await stored(id)).toBe('words\nmore');
});

test('it takes what comes from afar, and another tab writes when nobody reads it any more', async () => {
  const tab = await browser.openTab();
  const other = await browser.openTab();
  const id = await settled(tab);
  const ahead = await tab.readAhead(id);
  await tab.receive([{ doc: id, update: updateWith('from afar') }]);
  await until(async () => (await browser.db.pending.count()) === 0);
  expect((await stored(id)).split('\n').sort()).toEqual(['from afar', 'words']);

  const document = await other.open(id);
  type(document.doc, 'there');
  await document.whenSaved();
  await ahead?.close();
  type(document.doc, 'alone');
  await document.whenSaved();
  expect((await stored(id)).split('\n').sort()).toEqual(['alone', 'from afar', 'there', 'words']);
});

test('an id that is none is refused, and other tabs may write when it is let go', async () => {
  const tab = await browser.openTab();
  await expect(tab.readAhead('../etc')).rejects.toThrow('not a document id');
  const id = await settled(tab);
  const ahead = await tab.readAhead(id);
  expect(await locks()).toContain(`doc:${id}`);
  await ahead?.close();
  expect(await locks()).not.toContain(`doc:${id}`);
});

async function locks(): Promise<(string | undefined)[]> {
  const { held = [] } = await navigator.locks.query();
  return held.map(({ name }) => name);
}
