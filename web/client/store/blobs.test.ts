import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestBrowser, type TestBrowser } from '../documents/browser-fixture.ts';
import { evictBlobs, isFull, keepBlobs, loadBlob, saveBlob, useBlob } from './blobs.ts';
import type { BlobRow } from './database.ts';

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

function row(id: string, more: Partial<BlobRow> = {}): BlobRow {
  return { id, bytes: new Blob(['12345']), type: '', size: 5, uploaded: 1, ...more };
}

const ids = (): Promise<string[]> => browser.db.blobs.toCollection().primaryKeys();

describe('making room', () => {
  it('drops what was read longest ago, and only as much as is wanted', async () => {
    const { db } = browser;
    await db.blobs.bulkAdd([row('new', { used: 300 }), row('old', { used: 100 }), row('never')]);
    expect(await evictBlobs(db, 6)).toBe(10);
    expect(await ids()).toEqual(['new']);
  });

  it('never drops the only copy, nor what is to stay', async () => {
    const { db } = browser;
    const only = [row('document', { uploaded: 0 }), row('waiting', { uploaded: 2 })];
    await db.blobs.bulkAdd([...only, row('thumb', { stays: 1 }), row('kept', { stays: 1 })]);
    expect(await evictBlobs(db, 1000)).toBe(0);
    expect((await ids()).sort()).toEqual(['document', 'kept', 'thumb', 'waiting']);
  });

  it('is done when a write is refused for want of room, and the write is tried once more', async () => {
    const { db } = browser;
    await db.blobs.bulkAdd([row('old'), row('only', { uploaded: 2 })]);
    const refuse = (_key: unknown, added: BlobRow): void => {
      if (added.id === 'next' && !evicted) throw new DOMException('full', 'QuotaExceededError');
    };
    let evicted = false;
    db.blobs.hook('deleting', () => void (evicted = true));
    db.blobs.hook('creating', refuse);
    await keepBlobs(db, [row('next', { uploaded: 2 })]);
    expect((await ids()).sort()).toEqual(['next', 'only']);
    evicted = false;
    await db.blobs.delete('next');
    evicted = false;
    const again = await keepBlobs(db, [row('next', { uploaded: 2 })]).catch((error: unknown) => error);
    expect(isFull(again)).toBe(true);
    expect(await ids()).toEqual(['only']);
  });

  it('notes reads, so that what is looked at stays longest', async () => {
    const { db } = browser;
    await db.blobs.bulkAdd([row('a', { used: 1 }), row('b', { used: 2 })]);
    expect((await useBlob(db, 'a', 10_000_000))?.size).toBe(5);
    await evictBlobs(db, 1);
    expect(await ids()).toEqual(['a']);
  });
});

describe('the same bytes for more than one', () => {
  it('bytes of a new file wait for the relay again, whoever else had them there', async () => {
    const { db } = browser;
    await db.blobs.add(row('same', { uploaded: 1 }));
    await keepBlobs(db, [row('same', { uploaded: 2, stays: 1 })]);
    expect(await db.blobs.get('same')).toMatchObject({ uploaded: 2, stays: 1 });
  });

  it('a picture in a document goes to the relay by itself, also when a file brought the bytes', async () => {
    const { db } = browser;
    const id = await saveBlob(db, new Blob(['picture']));
    await db.blobs.update(id, { uploaded: 1 });
    await keepBlobs(db, [row(id, { uploaded: 2 })]);
    expect(await saveBlob(db, new Blob(['picture']))).toBe(id);
    expect((await db.blobs.get(id))?.uploaded).toBe(0);
    await keepBlobs(db, [row(id, { uploaded: 2 })]);
    expect((await db.blobs.get(id))?.uploaded).toBe(0);
    expect(await (await loadBlob(db, id))?.text()).toBe('picture');
  });
});
