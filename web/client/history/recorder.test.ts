import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { openTestBrowser, type TestBrowser, type, words } from '../documents/browser-fixture.ts';
import { readStored, storeName } from '../documents/stored-updates.ts';
import { openHistory } from './open-history.ts';
import { startRecorder } from './recorder.ts';

const doc = 'abcdefghijklmnopqrstuvwx';
const now = () => 1_800_000_000_000;

let browser: TestBrowser;
beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

/**
 * Writes lines, each an edit of its own, puts a row beside them if there is one, then writes one more that is noted; gives the rows that lay
 * there before, and the moments.
 */
async function noteAfter(lines: readonly string[], beside?: Uint8Array) {
  const tab = await browser.openTab();
  const open = await tab.open(doc);
  for (const line of lines) type(open.doc, line);
  await open.whenSaved();
  if (beside) await browser.db.pending.add({ doc, update: beside });
  const before = await readStored(storeName(doc));
  const onFailure = (error: unknown): never => expect.fail(String(error));
  const recorder = startRecorder({ db: browser.db, documents: tab, now, onFailure });
  type(open.doc, 'noted');
  await open.whenSaved();
  await recorder.flush();
  recorder.close();
  await open.close();
  return { tab, before, moments: await browser.db.moments.toArray() };
}

test('what lies there before the first moment of a long document is noted as it is stored, and not put together anew', async () => {
  const { tab, before, moments } = await noteAfter(['a long line '.repeat(2_000)]);
  expect(before.some((row) => row.length > 20_000)).toBe(true);
  for (const row of before.filter(({ length }) => length > 8_192))
    expect(moments.map(({ update }) => Buffer.from(update).equals(row))).toContain(true);
  const { timeline, close } = await openHistory(doc, { db: browser.db, documents: tab, now });
  expect(words(timeline.doc)).toMatch(/^(a long line ){2000}\nnoted$/);
  close();
});

test('a stored row that is damaged keeps neither those beside it nor later edits from being noted', async () => {
  const { tab } = await noteAfter(['sound'], Uint8Array.of(1, 255, 255));
  const { timeline, close } = await openHistory(doc, { db: browser.db, documents: tab, now });
  expect(words(timeline.doc)).toBe('sound\nnoted');
  close();
});

test('many small rows are few moments, and those hold all that was there', async () => {
  const lines = Array.from({ length: 400 }, (_, i) => `line ${i}`);
  const { before, moments } = await noteAfter(lines);
  expect(before.length).toBeGreaterThanOrEqual(lines.length);
  expect(moments.length).toBeLessThan(10);
  const all = new Y.Doc();
  for (const { update } of moments) Y.applyUpdate(all, update);
  expect(words(all)).toBe([...lines, 'noted'].join('\n'));
});
