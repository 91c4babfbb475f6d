import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { type TestBrowser, openTestBrowser } from '../documents/browser-fixture.ts';
import { enterDocuments, entriesOf, readEntries, updateEntry } from '../documents/index-entries.ts';
import { createDeletionGuard, decideHeld, readHeld } from './mass-deletion.ts';

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

const idOf = (i: number): string => String(i).padStart(24, 'd');

/** An index of so many documents, and what another device that knows it writes. */
function setUp(count: number) {
  const index = new Y.Doc();
  enterDocuments(
    index,
    Array.from({ length: count }, (_, i) => ({ id: idOf(i), title: `Note ${i}`, excerpt: '' })),
    1,
  );
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(index));
  const rows: Uint8Array[] = [];
  other.on('update', (update: Uint8Array) => rows.push(update));
  const row = (update: Uint8Array) => ({ doc: 'index', update });
  const change = (act: (doc: Y.Doc) => void) => {
    rows.length = 0;
    act(other);
    return rows.map(row);
  };
  return { index, change };
}

const remove =
  (from: number, to: number) =>
  (doc: Y.Doc): void =>
    doc.transact(() => {
      for (let i = from; i < to; i++) entriesOf(doc).delete(idOf(i));
    });

describe('rows that take entries away', () => {
  test.each([
    [100, 20, 'pass'],
    [100, 21, 'held'],
    [10, 4, 'pass'],
    [10, 5, 'held'],
    [3, 3, 'pass'],
  ])('S16: of %i entries %i at once: %s', (count, gone, outcome) => {
    const { index, change } = setUp(count);
    const { pass, held } = createDeletionGuard(index, () => 0).split(change(remove(0, gone)));
    expect(pass.length > 0 ? 'pass' : 'held').toBe(outcome);
    expect(pass.length + held.length).toBe(1);
  });

  test('S16: the trash counts too, and a folder with all that is in it', () => {
    const { index, change } = setUp(40);
    const guard = createDeletionGuard(index, () => 0);
    const into = change((doc) => {
      doc.transact(() => {
        entriesOf(doc).set(idOf(99), new Y.Map<unknown>([['type', 'folder']]));
        for (let i = 0; i < 30; i++) updateEntry(doc, idOf(i), { parent: idOf(99), moved: 2 });
      });
    });
    expect(guard.split(into).held).toEqual([]);
    for (const { update } of into) Y.applyUpdate(index, update);
    const trash = change((doc) => updateEntry(doc, idOf(99), { trashed: 5 }));
    expect(guard.split(trash).held).toEqual(trash);
    expect(guard.mayShow(trash[0]!)).toBe(false);
  });

  test('S16: one after the other within a minute is at once; later it is not', () => {
    const { index, change } = setUp(100);
    let now = 0;
    const guard = createDeletionGuard(index, () => now);
    const next = (from: number, to: number) => {
      const { pass, held } = guard.split(change(remove(from, to)));
      for (const { update } of pass) Y.applyUpdate(index, update);
      return held.length;
    };
    expect([next(0, 10), next(10, 20), next(20, 25)]).toEqual([0, 0, 1]);
    now = 70_000;
    expect(next(30, 40)).toBe(0);
  });

  test('S16: other documents and other rows go on', () => {
    const { index, change } = setUp(30);
    const words = { doc: idOf(1), update: Y.encodeStateAsUpdate(new Y.Doc()) };
    const title = change((doc) => updateEntry(doc, idOf(2), { title: 'New' }));
    const gone = change(remove(0, 30));
    const { pass, held } = createDeletionGuard(index, () => 0).split([...title, ...gone, words]);
    expect(pass).toEqual([...title, words]);
    expect(held).toEqual(gone);
  });
});

describe('a person decides', () => {
  async function hold() {
    const tab = await browser.openTab();
    const { index, change } = setUp(30);
    Y.applyUpdate(tab.index.doc, Y.encodeStateAsUpdate(index));
    const rows = change((doc) => {
      remove(0, 29)(doc);
      updateEntry(doc, idOf(29), { trashed: 3 });
    });
    await browser.db.held.bulkAdd(rows);
    expect((await readHeld(browser.db, tab.index.doc)).map(({ title }) => title)).toContain('Note 7');
    return tab;
  }
  const shown = (doc: Y.Doc) => readEntries(doc).filter(({ trashed }) => trashed === undefined).length;

  test('S16: kept, all is in the lists as it was, as an edit that others get', async () => {
    const tab = await hold();
    const before = readEntries(tab.index.doc);
    const told: Uint8Array[] = [];
    tab.onLocalUpdate((_doc, update) => told.push(update));
    await decideHeld({ db: browser.db, index: tab.index }, true);
    const sorted = (list: typeof before) => list.sort((a, b) => a.id.localeCompare(b.id));
    expect(sorted(readEntries(tab.index.doc))).toEqual(sorted(before));
    expect(told.length).toBeGreaterThan(0);
    expect(await browser.db.held.count()).toBe(0);
  });

  test('S16: consented, they go', async () => {
    const tab = await hold();
    await decideHeld({ db: browser.db, index: tab.index }, false);
    expect(shown(tab.index.doc)).toBe(0);
    expect(await readHeld(browser.db, tab.index.doc)).toEqual([]);
  });
});
