import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestBrowser, openTestBrowser, stored, type } from './browser-fixture.ts';
import { storeName } from './stored-updates.ts';

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

test('a save that storage refuses is told, and tried again with the next edit', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  type(document.doc, 'first');
  await document.whenSaved();
  const get = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('no room', 'QuotaExceededError');
  });
  type(document.doc, 'second');
  await expect(document.whenSaved()).rejects.toThrow();
  expect(document.saved.get().kind).toBe('failed');
  get.mockRestore();
  type(document.doc, 'third');
  await document.whenSaved();
  expect(document.saved.get().kind).toBe('saved');
  expect(await stored(document.id)).toBe('first\nsecond\nthird');
});

test('a row that was lost before others is noticed, also in a document that was loaded', async () => {
  const tab = await browser.openTab();
  const id = tab.newId();
  const before = await tab.open(id);
  type(before.doc, 'first');
  await before.close();
  const document = await tab.open(id);
  const lie = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementationOnce(function (
    this: IDBObjectStore,
  ) {
    return this.count() as unknown as IDBRequest<IDBValidKey>;
  });
  type(document.doc, 'lost');
  type(document.doc, 'kept');
  await document.whenSaved();
  expect(lie).toHaveBeenCalled();
  lie.mockRestore();
  // It was missed when the rows were read back, and all was written again.
  expect(await stored(id)).toBe('first\nlost\nkept');
});

test('a store that kept something else than was written is not called saved', async () => {
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  const add = IDBObjectStore.prototype.add;
  const lie = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore) {
    return add.call(this, new Uint8Array([0, 0]));
  });
  type(document.doc, 'lost on the way');
  await expect(document.whenSaved()).rejects.toThrow('not in IndexedDB');
  expect(document.saved.get().kind).toBe('failed');
  lie.mockRestore();
  type(document.doc, 'kept');
  await document.whenSaved();
  expect(await stored(document.id)).toBe('lost on the way\nkept');
});

test('a database that is closed under the document is opened again, and the edit never throws', async () => {
  const open = vi.spyOn(IDBFactory.prototype, 'open');
  const tab = await browser.openTab();
  const document = await tab.open(tab.newId());
  const connections = open.mock.results
    .map((result) => result.value.result as IDBDatabase)
    .filter((db) => db.name === storeName(document.id));
  open.mockRestore();
  for (const connection of connections) connection.close();
  expect(() => type(document.doc, 'still here')).not.toThrow();
  await document.whenSaved();
  expect(document.saved.get().kind).toBe('saved');
  expect(await stored(document.id)).toBe('still here');
});

test.each([2, 3, 5, 7])(
  'when every %i-th confirmation fails, nothing is called saved that is not',
  async (every) => {
    const tab = await browser.openTab();
    const document = await tab.open(tab.newId());
    const original = IDBDatabase.prototype.transaction;
    let calls = 0;
    const faults = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
      this: IDBDatabase,
      ...request
    ) {
      const isWrite = this.name === storeName(document.id) && request[1] === 'readwrite';
      // Not y-indexeddb's own transactions: it keeps the failure of its loading to itself.
      if (isWrite && (calls += 1) % every === 0 && String(request[0]) !== 'updates') {
        throw new DOMException('planted', 'UnknownError');
      }
      return original.apply(this, request);
    });
    let saved = 0;
    for (let i = 0; i < 12; i++) {
      type(document.doc, `line ${i}`);
      const told = await document.whenSaved().then(
        () => true,
        () => false,
      );
      if (!told) continue;
      saved += 1;
      expect((await stored(document.id)).split('\n')).toHaveLength(i + 1);
    }
    faults.mockRestore();
    expect(saved).toBeGreaterThan(0);
    type(document.doc, 'last');
    await document.whenSaved();
    expect((await stored(document.id)).split('\n')).toHaveLength(13);
  },
);

test('IndexedDB that cannot be opened is told in words; one can still write', async () => {
  const tab = await browser.openTab();
  const id = tab.newId();
  const open = vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
    throw new DOMException('storage is off', 'SecurityError');
  });
  const document = await tab.open(id);
  type(document.doc, 'kept in memory');
  await expect(document.whenSaved()).rejects.toThrow('storage is off');
  expect(document.saved.get()).toEqual({ kind: 'failed', message: 'storage is off' });
  open.mockRestore();
  type(document.doc, 'and saved later');
  await document.whenSaved();
  expect(await stored(id)).toBe('kept in memory\nand saved later');
});
