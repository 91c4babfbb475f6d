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

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

test('two tabs: both see both, one writes, and the other learns what is saved', async () => {
  const one = await browser.openTab();
  const two = await browser.openTab();
  const id = one.newId();
  const here = await one.open(id);
  type(here.doc, 'from one');
  await here.whenSaved();
  const heard: string[] = [];
  one.onLocalUpdate((doc) => heard.push(doc));
  const there = await two.open(id);
  expect(words(there.doc)).toBe('from one');
  type(there.doc, 'from two');
  expect(there.saved.get().kind).toBe('saving');
  await there.whenSaved();
  expect(there.saved.get().kind).toBe('saved');
  expect(await stored(id)).toBe('from one\nfrom two');
  expect(words(here.doc)).toBe('from one\nfrom two');
  expect(heard).toContain(id);
  there.awareness.setLocalStateField('user', { name: 'Two' });
  await until(() => [...here.awareness.getStates().values()].some((state) => state['user']?.name === 'Two'));
});

test('carets of every tab are told once more when one tab asks for it', async () => {
  const one = await browser.openTab();
  const two = await browser.openTab();
  const here = await one.open(one.newId());
  const there = await two.open(two.newId());
  here.awareness.setLocalStateField('user', { name: 'One' });
  there.awareness.setLocalStateField('user', { name: 'Two' });
  await until(() => there.awareness.getLocalState()?.['user'] !== undefined);
  const told = new Set<string>();
  one.onLocalAwareness((doc) => told.add(doc));
  one.showCarets();
  await until(() => told.has(here.id) && told.has(there.id));
});

test('when the writing tab goes, the other takes over and what it holds is written', async () => {
  const one = await browser.openTab();
  const two = await browser.openTab();
  const id = one.newId();
  const here = await one.open(id);
  const there = await two.open(id);
  type(there.doc, 'before');
  await there.whenSaved();
  const closing = here.close();
  type(there.doc, 'during');
  await closing;
  await there.whenSaved();
  type(there.doc, 'after');
  await there.whenSaved();
  expect(await stored(id)).toBe('before\nduring\nafter');
  await two.receive([{ doc: id, update: updateWith('row') }]);
  await until(async () => (await browser.db.pending.count()) === 0);
  expect(await stored(id)).toContain('row');
});

test('a tab of an older build gives way: a newer one writes, also what is typed in the older one', async () => {
  const older = await browser.openTab();
  const id = older.newId();
  const here = await older.open(id);
  type(here.doc, 'before');
  await here.whenSaved();
  browser.db.on.versionchange.fire(
    Object.assign(new Event('versionchange'), { oldVersion: 60, newVersion: 70 }),
  );
  type(here.doc, 'alone'); // nobody else has it open: it is caught
  await until(() => browser.net.entries.size > 0);
  const newer = await browser.openTab();
  const there = await newer.open(id);
  await there.whenSaved();
  type(here.doc, 'beside');
  await here.whenSaved();
  expect(here.saved.get().kind).toBe('saved');
  expect(await stored(id)).toBe('before\nalone\nbeside');
});

test('rows received by a tab that does not write are applied by the tab that does', async () => {
  const one = await browser.openTab();
  const two = await browser.openTab();
  const id = one.newId();
  const here = await one.open(id);
  const there = await two.open(id);
  await two.receive([{ doc: id, update: updateWith('row') }]);
  await until(async () => (await browser.db.pending.count()) === 0);
  await until(() => words(there.doc) === 'row');
  expect(words(here.doc)).toBe('row');
});
