import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRelayApi, RelayUnreachable } from '../relay/relay-api.ts';
import { receiveShare, readArrivals } from './arrivals.ts';
import { addAll, openTestFiles, plainWork, type TestFiles } from './files-fixture.ts';
import { createKeeper, type Keeper } from './keep-here.ts';
import { countCopies, readVariants } from './variants.ts';

let open: TestFiles;
let keeper: Keeper;
/** What the relay has, by blob id. */
let served: Map<string, Blob>;
let isAway = false;
let asked = 0;

const device = 'device01';

beforeEach(async () => {
  open = await openTestFiles();
  served = new Map();
  isAway = false;
  asked = 0;
  vi.stubGlobal('fetch', (url: string) => {
    asked++;
    if (isAway) return Promise.reject(new TypeError('Failed to fetch'));
    const bytes = served.get(decodeURIComponent(url.split('/').at(-1) ?? ''));
    return Promise.resolve(bytes ? new Response(bytes) : new Response('{}', { status: 404 }));
  });
  keeper = createKeeper({
    ...{ db: open.browser.db, api: createRelayApi('http://relay.test'), work: plainWork },
    ...{ rows: open.documents.tree.rows, device, now: () => Date.now() },
    signal: new AbortController().signal,
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await open.close();
});

/** An entry of another device: its bytes are at the relay only. */
async function addElsewhere(file: File, parent = ''): Promise<string> {
  const [id] = await addAll(open.files, [file], parent);
  for (const { id: blob, bytes } of await open.browser.db.blobs.toArray()) served.set(blob, bytes);
  await open.browser.db.blobs.clear();
  await open.browser.db.uploads.clear();
  return id!;
}

async function isHere(id: string): Promise<boolean> {
  const blobs = readVariants(open.files.tree.get(id)!).map(({ blob }) => blob);
  return (await open.browser.db.blobs.bulkGet(blobs)).every((row) => row !== undefined);
}

describe('keeping on this device', () => {
  it('fetches what a promise covers: files, and what is or comes into folders', async () => {
    const { tree } = open.files;
    const { id: folder } = tree.createFolder('Album', '');
    const inside = await addElsewhere(new File(['inside'], 'a.txt'), folder);
    const other = await addElsewhere(new File(['other'], 'b.txt'));
    tree.setKept([folder], device, true);
    await keeper.run();
    expect([await isHere(inside), await isHere(other)]).toEqual([true, false]);
    expect(await open.browser.db.blobs.toArray()).toMatchObject([{ stays: 1, uploaded: 1 }]);
    const later = await addElsewhere(new File(['later'], 'c.txt'), folder);
    await keeper.run();
    expect(await isHere(later)).toBe(true);
    expect(await open.browser.db.downloads.count()).toBe(0);
  });

  it('never keeps bytes that have another hash, and says so beside the file', async () => {
    const id = await addElsewhere(new File(['true'], 'a.txt'));
    const good = await addElsewhere(new File(['good'], 'b.txt'));
    const [variant] = readVariants(open.files.tree.get(id)!);
    served.set(variant!.blob, new Blob(['fals']));
    open.files.tree.setKept([id, good], device, true);
    await keeper.run();
    expect([await isHere(id), await isHere(good)]).toEqual([false, true]);
    expect(await open.browser.db.downloads.get(id)).toMatchObject({ state: 'refused' });
  });

  it('waits while the relay is away', async () => {
    const id = await addElsewhere(new File(['x'], 'a.txt'));
    open.files.tree.setKept([id], device, true);
    isAway = true;
    await expect(keeper.run()).rejects.toBeInstanceOf(RelayUnreachable);
    expect(await open.browser.db.downloads.get(id)).toMatchObject({ state: 'waiting' });
    isAway = false;
    await keeper.run();
    expect(await isHere(id)).toBe(true);
  });

  it('fetches the thumbnail of every file, kept or not', async () => {
    const id = await addElsewhere(new File(['small'], 'a.txt'));
    const row = open.files.tree.get(id)!;
    open.files.tree.setFields(id, { descriptor: row.descriptor?.replace('raw.orig', 'vis.tn') });
    await keeper.run();
    expect(await isHere(id)).toBe(true);
    expect(await open.browser.db.blobs.toArray()).toMatchObject([{ stays: 1 }]);
  });

  it('does not fetch unasked what another device calls a thumbnail and is huge', async () => {
    const id = await addElsewhere(new File(['small'], 'a.txt'));
    const row = open.files.tree.get(id)!;
    const huge = row.descriptor?.replace('raw.orig', 'vis.tn').replace('s=5', 's=9000000000');
    open.files.tree.setFields(id, { descriptor: huge });
    expect(readVariants(open.files.tree.get(id)!)).toMatchObject([{ name: 'vis.tn', size: 9e9 }]);
    served.clear();
    await keeper.run();
    expect(asked).toBe(0);
  });

  it('a promise of another device is a copy only of what that device can fetch', () => {
    expect(countCopies({ here: true, relay: false, promised: 2 })).toBe(1);
    expect(countCopies({ here: true, relay: true, promised: 2 })).toBe(4);
  });
});

describe('the share target', () => {
  it('keeps what another application shares until a page takes it in', async () => {
    const { db } = open.browser;
    const body = new FormData();
    body.append('title', 'Holiday');
    body.append('files', new File(['pixels'], 'beach.jpg', { type: 'image/jpeg' }));
    const request = new Request('http://localhost/share', { method: 'POST', body });
    const response = await receiveShare(request, db);
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      'http://localhost/files?arrived',
    ]);
    const { files, forget } = await readArrivals(db);
    expect(files.map(({ name, type, size }) => [name, type, size])).toEqual([['beach.jpg', 'image/jpeg', 6]]);
    await forget();
    expect((await readArrivals(db)).files).toEqual([]);
  });

  it('shared words become a text', async () => {
    const { db } = open.browser;
    const body = new FormData();
    body.append('text', 'Look at this');
    body.append('url', 'https://example.org/');
    await receiveShare(new Request('http://localhost/share', { method: 'POST', body }), db);
    const { files } = await readArrivals(db);
    expect(await files[0]?.text()).toBe('Look at this\n\nhttps://example.org/\n');
  });
});
