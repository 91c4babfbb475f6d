import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blobId } from '../../../shared/file/blob-id.ts';
import { addFiles } from './add-files.ts';
import { addAll, openTestFiles, plainWork, type TestFiles } from './files-fixture.ts';
import { hashBlob } from './hash-blob.ts';

let open: TestFiles;

beforeEach(async () => {
  open = await openTestFiles();
});
afterEach(() => open.close());

/** A file that vanished from its disk after it was picked. */
class VanishedFile extends File {
  override arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.reject(new DOMException('gone', 'NotFoundError'));
  }
}

const never = (): AbortSignal => new AbortController().signal;

describe('adding files', () => {
  it('enters a folder of many files with their folders, each folder once', async () => {
    const { files } = open;
    const items = Array.from({ length: 60 }, (_, i) => ({
      file: new File([`words ${i}`], `${i}.txt`),
      path: ['Album', i % 2 === 0 ? 'even' : 'odd'],
    }));
    const told: number[] = [];
    const report = await files.add(items, {
      ...{ parent: '', signal: never() },
      onProgress: ({ done }) => told.push(done),
    });
    expect(report.added).toHaveLength(60);
    expect(report.refused).toEqual([]);
    const folders = files.tree.below('').filter(({ type }) => type === 'folder');
    expect(folders.map(({ title }) => title).sort()).toEqual(['Album', 'even', 'odd']);
    const album = folders.find(({ title }) => title === 'Album')!;
    expect(album.parent).toBe('');
    const even = folders.find(({ title }) => title === 'even')!;
    expect(even.parent).toBe(album.id);
    expect(files.tree.children(even.id)).toHaveLength(30);
    expect(told.at(-1)).toBe(60);
  });

  it('keeps bytes and upload of each entry, and the same bytes once', async () => {
    const { files, browser } = open;
    const [one, two] = await addAll(files, [new File(['same'], 'a.txt'), new File(['same'], 'b.txt')]);
    const blob = await blobId(new TextEncoder().encode('same'));
    expect(await browser.db.blobs.toCollection().primaryKeys()).toEqual([blob]);
    expect((await browser.db.blobs.get(blob))?.uploaded).toBe(2);
    expect(await browser.db.uploads.orderBy('at').primaryKeys()).toEqual(expect.arrayContaining([one, two]));
    const row = files.tree.get(one!)!;
    expect(row).toMatchObject({ title: 'a.txt', type: 'file', mime: 'text/plain', size: 4 });
    expect(row.descriptor).toBe(`d2,raw.orig:${blob}:f=txt:s=4:r=0x0`);
  });

  it('reports a file that cannot be read, and adds the others', async () => {
    const { files, browser } = open;
    const items = [new VanishedFile(['x'], 'gone.txt'), new File(['y'], 'here.txt')];
    const report = await files.add(
      items.map((file) => ({ file, path: [] })),
      { parent: '', signal: never() },
    );
    expect(report.added).toHaveLength(1);
    expect(report.refused).toMatchObject([{ name: 'gone.txt', reason: 'unreadable' }]);
    expect(await browser.db.uploads.count()).toBe(1);
  });

  it('keeps what is complete when it is cancelled, and no half of anything', async () => {
    const { files, browser } = open;
    const control = new AbortController();
    const items = Array.from({ length: 10 }, (_, i) => ({ file: new File([`${i}`], `${i}.txt`), path: [] }));
    const report = await files.add(items, {
      ...{ parent: '', signal: control.signal },
      onProgress: ({ done }) => done === 4 && control.abort(),
    });
    expect(report.cancelled).toBe(true);
    expect(report.added).toHaveLength(5);
    expect(files.tree.below('')).toHaveLength(5);
    expect((await browser.db.uploads.toCollection().primaryKeys()).sort()).toEqual(report.added.toSorted());
  });

  it('what can be fetched again makes room for what is new', async () => {
    const { files, browser } = open;
    const old = { id: 'b1~old', bytes: new Blob([]), type: '', size: 1000, uploaded: 1 as const };
    await browser.db.blobs.add(old);
    const quota = 64 * 1024 * 1024;
    const estimate = () => Promise.resolve({ quota, usage: quota / 2 - 10 });
    vi.stubGlobal('navigator', { storage: { estimate } });
    const [id] = await addAll(files, [new File(['x'.repeat(500)], 'new.txt')]).finally(() =>
      vi.unstubAllGlobals(),
    );
    expect(files.tree.get(id ?? '')?.size).toBe(500);
    expect(await browser.db.blobs.get('b1~old')).toBeUndefined();
  });

  it('says when this device has no room, and when there is no key to seal with', async () => {
    const { files, browser } = open;
    const parts = { db: browser.db, tree: files.tree, work: plainWork, vaults: () => undefined };
    const clock = { now: () => Date.now(), random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
    const items = [{ file: new File(['much too much'], 'big.bin'), path: [] }];
    const full = await addFiles(
      items,
      { parent: '', signal: never() },
      { ...parts, ...clock, room: () => Promise.resolve(5) },
    );
    expect(full.refused).toMatchObject([{ name: 'big.bin', reason: 'too-large' }]);
    const { id: parent } = files.tree.createFolder('Vault', '', { fields: { vault: '1' } });
    const sealed = await files.add(items, { parent, signal: never() });
    expect(sealed.refused).toMatchObject([{ name: 'big.bin', reason: 'sealed' }]);
    expect(await browser.db.blobs.count()).toBe(0);
  });

  it('cleans hostile names and never takes a picture for what its name says', async () => {
    const { files } = open;
    const hostile = [
      new File(['<script>alert(1)</script>'], 'page.png', { type: 'image/png' }),
      new File(['x'], 'a\u202egpj.exe'),
      new File(['x'], `${'n'.repeat(300)}.txt`),
    ];
    const ids = await addAll(files, hostile);
    const rows = ids.map((id) => files.tree.get(id)!);
    expect(rows[0]).toMatchObject({ mime: 'application/octet-stream' });
    expect(rows[0]?.descriptor).toMatch(/^d2,raw\.orig:/);
    expect(rows[1]?.title).toBe('agpj.exe');
    expect(new TextEncoder().encode(rows[2]?.title).length).toBeLessThanOrEqual(255);
  });
});

describe('hashing', () => {
  it('B1: names bytes of any length as the whole of them', async () => {
    for (const length of [0, 1, 2 * 1024 * 1024, 5_000_001]) {
      const bytes = new Uint8Array(length).map((_, i) => i * 31);
      expect(await hashBlob(new Blob([bytes]))).toBe(await blobId(bytes));
    }
  });
});
