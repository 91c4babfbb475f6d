import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCatchPace } from './catch-pace.ts';
import { catchUnsaved, dropCaught, netKey, readCaught } from './unsaved-net.ts';
import { createDocumentId } from './document-id.ts';
import { openTestBrowser, randomBytes, type, updateWith, words } from './browser-fixture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('edits are caught at once, then every 60 ms, and by the edit itself when timers are late', () => {
  let now = 1000;
  let caught = 0;
  const pace = createCatchPace(
    () => now,
    () => void (caught += 1),
  );
  pace.edited(30);
  expect(caught).toBe(1);
  now += 20;
  pace.edited(30);
  pace.edited(30);
  expect(caught).toBe(1);
  now += 60;
  pace.edited(30);
  expect(caught).toBe(2);
  vi.advanceTimersByTime(200);
  expect(caught).toBe(2);
  now += 20;
  pace.edited(30);
  vi.advanceTimersByTime(60);
  expect(caught).toBe(3);
  now += 500;
  pace.edited(1_000_000);
  expect(caught).toBe(3);
  pace.edited(30);
  pace.edited(30);
  pace.close();
  vi.advanceTimersByTime(200);
  expect(caught).toBe(4);
});

test('what is typed stands in the net before storage has answered, for a tab that is killed then', async () => {
  vi.useRealTimers();
  const browser = await openTestBrowser();
  const tab = await browser.openTab();
  const id = tab.newId();
  const document = await tab.open(id);
  type(document.doc, 'typed just now');
  const left = readCaught(browser.net, id);
  expect(left).toHaveLength(1);
  expect(document.saved.get().kind).toBe('saving');
  await document.whenSaved();
  expect(readCaught(browser.net, id)).toEqual([]);
  await browser.close();

  const after = await openTestBrowser();
  for (const { key, text } of left) after.net.setItem(key, text);
  const found = await (await after.openTab()).open(id);
  expect(words(found.doc)).toBe('typed just now');
  await after.close();
});

test('an entry that its tab has written anew is not dropped with the one that was saved', async () => {
  vi.useRealTimers();
  const browser = await openTestBrowser();
  const id = createDocumentId(randomBytes);
  const key = netKey(id, 'tab');
  const first = catchUnsaved(browser.net, key, [updateWith('first')]) ?? '';
  const second = catchUnsaved(browser.net, key, [updateWith('second')]) ?? '';
  dropCaught(browser.net, key, first);
  expect(readCaught(browser.net, id).map(({ text }) => text)).toEqual([second]);
  dropCaught(browser.net, key, second);
  expect(readCaught(browser.net, id)).toEqual([]);
  await browser.close();
});
