import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createDice } from '../../../shared/test/seeded.ts';
import { counted } from '../../../shared/test/counted.ts';
import { type TestBrowser, openTestBrowser, stored, type, updateWith } from '../documents/browser-fixture.ts';
import { storeName } from '../documents/stored-updates.ts';
import { findLost, hasGap, openHealing } from './healing.ts';
import { addRows, holdsAll, isHeldBy, nothingKnown } from './known.ts';
import { createLedger } from './ledger.ts';
import { env } from 'node:process';

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

const cursor = { log: 'log', seq: 40, chain: 'c' };
const at = { at: 1 };

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('not deleted'));
  });
}

test('S17: of all histories with a row missing here, each is seen and mended; complete ones are left alone', () => {
  const dice = createDice();
  const pick = (n: number) => Math.floor(dice() * n);
  let hidden = 0;
  const histories = env.ISLET_ASSURANCE === 'full' ? 10_000 : 1_000;
  for (let i = 0; i < histories; i++) {
    const doc = new Y.Doc();
    const rows: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => rows.push(update));
    const text = doc.getText('t');
    for (let edit = 0; edit < 3 + pick(8); edit++) {
      if (text.length > 2 && dice() < 0.4) text.delete(pick(text.length - 1), 1);
      else text.insert(pick(text.length + 1), 'ab');
    }
    const known = addRows(nothingKnown, rows);
    const lost = pick(rows.length);
    const here = new Y.Doc();
    rows.forEach((row, n) => n !== lost && Y.applyUpdate(here, row));
    if (Y.encodeStateVector(here).join() === Y.encodeStateVector(doc).join()) hidden += 1;
    expect(isHeldBy(known, doc)).toBe(true);
    expect(isHeldBy(known, here)).toBe(false);
    for (const row of rows) Y.applyUpdate(here, row);
    expect(isHeldBy(known, here) && holdsAll(known, here)).toBe(true);
    expect(here.getText('t').toString()).toBe(text.toString());
  }
  // Equal state vectors and unequal texts: what comparing state vectors alone would have passed over.
  expect(hidden).toBeGreaterThan(10);
  counted('gaps', histories);
});

test('S17: a row that storage lost is found, and the log is read again for that document alone', async () => {
  const tab = await browser.openTab();
  const { db } = browser;
  const [one, two] = [tab.newId(), tab.newId()];
  const ledger = createLedger(db);
  const rows = [one, two].map((doc) => ({ doc, update: updateWith(`words of ${doc}`) }));
  await tab.receive(rows, { space: 'alice.test', ...cursor });
  await ledger.add(rows, { at: 1, log: 'log', seq: 40 });
  const parts = { db, ledger, snapshot: tab.snapshot };
  expect([await hasGap(one, parts), await hasGap(two, parts)]).toEqual([false, false]);
  await db.pending.where('doc').equals(two).delete();
  expect([await hasGap(one, parts), await hasGap(two, parts)]).toEqual([false, true]);

  const healing = await openHealing(db, 'alice.test');
  expect(await healing.begin([two], cursor)).toBe(true);
  expect(await db.cursors.get('alice.test')).toBeUndefined();
  expect(await db.sync.get(two)).toMatchObject({ dirty: 1, seq: 40 });
  // A life that ended in between goes on.
  for (const now of [healing, await openHealing(db, 'alice.test')]) {
    const takes = (doc: string, seq: number, log = 'log') =>
      now.takes({ doc, update: new Uint8Array() }, { log, seq });
    expect([takes(one, 7), takes(two, 7), takes(one, 41), takes(one, 7, 'other')]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  }
  expect(await healing.begin([two], cursor)).toBe(false);
  await healing.reached({ ...cursor, seq: 39 });
  expect(await db.cursors.get('heal')).toBeDefined();
  await healing.reached(cursor);
  expect(await db.cursors.get('heal')).toBeUndefined();
  await tab.receive([rows[1]!]);
  await ledger.add([rows[1]!], at);
  expect(await hasGap(two, parts)).toBe(false);
});

test('S17: documents that the browser threw away are named, those that were never opened are not', async () => {
  const { db } = browser;
  const tab = await browser.openTab();
  const ledger = createLedger(db);
  const [kept, gone, unopened] = [tab.newId(), tab.newId(), tab.newId()];
  for (const id of [kept, gone]) {
    const document = await tab.open(id);
    type(document.doc, 'words');
    await document.whenSaved();
    await ledger.add([{ doc: id, update: Y.encodeStateAsUpdate(document.doc) }], at);
    await document.close();
  }
  const row = { doc: unopened, update: updateWith('from afar') };
  await tab.receive([row]);
  await ledger.add([row], at);
  const parts = { db, ledger, snapshot: tab.snapshot };
  expect(await findLost(parts)).toEqual([]);
  await deleteDatabase(storeName(gone));
  expect(await findLost(parts)).toEqual([gone]);
  expect(await stored(kept)).toBe('words');
});
