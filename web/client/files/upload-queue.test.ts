import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileId } from '../../../shared/file/blob-id.ts';
import { createRelayApi, RelayUnreachable } from '../relay/relay-api.ts';
import { loadBlob } from '../store/blobs.ts';
import { addAll, FakeRelay, openTestFiles, plainWork, type TestFiles } from './files-fixture.ts';
import { forgetUploads } from './forget-uploads.ts';
import { sendReleases } from './release-files.ts';
import { sendUploads, type UploadParts } from './upload-queue.ts';
import { readVariants } from './variants.ts';

let open: TestFiles;
let relay: FakeRelay;
let parts: UploadParts;

beforeEach(async () => {
  open = await openTestFiles();
  relay = new FakeRelay();
  vi.stubGlobal('fetch', relay.fetch);
  parts = {
    ...{ db: open.browser.db, api: createRelayApi('http://relay.test') },
    ...{ tree: open.files.tree, work: plainWork, now: () => Date.now() },
  };
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await open.close();
});

function fileOf(size: number, name = 'film.bin'): File {
  return new File([new Uint8Array(size).map((_, i) => (i * 7) ^ (i >> 9))], name);
}

async function addOne(file: File): Promise<string> {
  const [id] = await addAll(open.files, [file]);
  return id!;
}

describe('uploads', () => {
  it('W1: sends a file in pieces, names it, and notes that the relay has it', async () => {
    const id = await addOne(fileOf(3_000_000));
    await sendUploads(parts);
    const row = open.files.tree.get(id)!;
    expect(row.stored).toBe(row.file);
    expect([...relay.files.values()]).toEqual([row.descriptor]);
    expect(await open.browser.db.uploads.count()).toBe(0);
    const [variant] = readVariants(row);
    expect((await open.browser.db.blobs.get(variant!.blob))?.uploaded).toBe(1);
  });

  it('W2: goes on where it broke off, and sends nothing twice', async () => {
    const id = await addOne(fileOf(3_000_000));
    relay.breakAfter = 1_000_000;
    await expect(sendUploads(parts)).rejects.toBeInstanceOf(RelayUnreachable);
    expect(await open.browser.db.uploads.get(id)).toMatchObject({ state: 'waiting', begun: 1 });
    expect(open.files.tree.get(id)?.stored).toBeUndefined();
    relay.breakAfter = Number.POSITIVE_INFINITY;
    await sendUploads(parts);
    expect(relay.received).toBe(3_000_000);
    expect(open.files.tree.get(id)?.stored).toBeDefined();
  });

  it('W3: says that the relay is full, lets others by, and goes on when there is room', async () => {
    const big = await addOne(fileOf(900_000, 'big.bin'));
    const small = await addOne(fileOf(1000, 'small.bin'));
    relay.limit = 500_000;
    await sendUploads(parts);
    expect(await open.browser.db.uploads.get(big)).toMatchObject({ state: 'full', left: 500_000 });
    expect(open.files.tree.get(small)?.stored).toBeDefined();
    relay.limit = 1_000_000;
    await sendUploads(parts);
    expect(open.files.tree.get(big)?.stored).toBeDefined();
  });

  it('says when the bytes on this device are not what they were', async () => {
    const id = await addOne(fileOf(5000));
    const [variant] = readVariants(open.files.tree.get(id)!);
    await open.browser.db.blobs.update(variant!.blob, { bytes: new Blob([new Uint8Array(5000)]) });
    await sendUploads(parts);
    expect(await open.browser.db.uploads.get(id)).toMatchObject({ state: 'damaged' });
  });

  it('B8: takes over the file that the relay completed, and releases both', async () => {
    const id = await addOne(fileOf(5000));
    const { file, descriptor } = open.files.tree.get(id)!;
    const thumb = `vis.tn:b1~${'t'.repeat(43)}:f=webp:s=9:r=9x9`;
    const more = `d2,R=${file};${thumb};${descriptor?.slice(3)}`;
    const completed = { fileId: await fileId(more), descriptor: more };
    relay.completed = completed;
    await sendUploads(parts);
    const row = open.files.tree.get(id)!;
    expect(row).toMatchObject({ ...{ file: completed.fileId, stored: completed.fileId } });
    expect(row.descriptor).toBe(completed.descriptor);
    await open.files.purge([id]);
    const released = await open.browser.db.releases.toCollection().primaryKeys();
    expect(released.sort()).toEqual([completed.fileId, file].sort());
    await sendReleases(parts);
    expect(await open.browser.db.releases.count()).toBe(0);
  });

  it('keeps as bytes what the relay cannot read as a picture', async () => {
    const id = await addOne(fileOf(5000, 'x.png'));
    const { descriptor = '' } = open.files.tree.get(id)!;
    const claimed = descriptor.replace('raw.orig', 'vis.orig').replace('r=0x0', 'r=10x10');
    open.files.tree.setFields(id, { descriptor: claimed });
    relay.refusal = { status: 400, code: 'E-FILE-INVALID' };
    await sendUploads(parts);
    const row = open.files.tree.get(id)!;
    expect(row.descriptor).toMatch(/^d2,raw\.orig:.*:r=0x0$/);
    expect(row.stored).toBe(row.file);
  });

  it('takes back what the relay holds of a stopped upload, and goes on when asked', async () => {
    const id = await addOne(fileOf(3_000_000));
    relay.breakAfter = 1_000_000;
    await expect(sendUploads(parts)).rejects.toBeInstanceOf(RelayUnreachable);
    expect(relay.used).toBe(3_000_000);
    await open.files.stopUpload(id);
    await sendUploads(parts);
    expect(relay.used).toBe(0);
    expect(await open.browser.db.uploads.get(id)).toMatchObject({ state: 'stopped', begun: 0 });
    relay.breakAfter = Number.POSITIVE_INFINITY;
    await open.files.retryUpload(id);
    await sendUploads(parts);
    expect(open.files.tree.get(id)?.stored).toBeDefined();
  });

  it('one file that is refused holds up no other', async () => {
    const first = await addOne(fileOf(100, 'a.bin'));
    const second = await addOne(fileOf(200, 'b.bin'));
    relay.refusal = { status: 403, code: 'E-DELEGATION-SCOPE' };
    await sendUploads(parts);
    const states = await open.browser.db.uploads.toArray();
    expect(states).toMatchObject([{ state: 'refused' }]);
    expect([first, second].filter((id) => open.files.tree.get(id)?.stored !== undefined)).toHaveLength(1);
  });

  it('sends everything again when the relay lost what it had', async () => {
    const id = await addOne(fileOf(5000));
    await sendUploads(parts);
    const { db } = open.browser;
    await open.documents.whenProjected();
    await db.transaction('rw', db.documents, db.blobs, db.uploads, () => forgetUploads(db));
    const lost = new FakeRelay();
    vi.stubGlobal('fetch', lost.fetch);
    await sendUploads(parts);
    expect([...lost.files.values()]).toEqual([open.files.tree.get(id)?.descriptor]);
    expect(lost.received).toBe(5000);
  });

  it('drops the bytes of what is deleted for good, unless another entry has them', async () => {
    const first = await addOne(fileOf(5000, 'a.bin'));
    const second = await addOne(fileOf(5000, 'b.bin'));
    const [variant] = readVariants(open.files.tree.get(first)!);
    const { db } = open.browser;
    await open.files.purge([first]);
    expect(await loadBlob(db, variant!.blob)).toBeDefined();
    await open.files.purge([second]);
    expect(await loadBlob(db, variant!.blob)).toBeUndefined();
    expect(await db.uploads.count()).toBe(0);
  });

  it('J5: what came back after it was deleted for good is not taken from the relay', async () => {
    const file = fileOf(5000);
    const first = await addOne(file);
    await sendUploads(parts);
    await open.files.purge([first]);
    const second = await addOne(file);
    await sendUploads(parts);
    await sendReleases(parts);
    const row = open.files.tree.get(second)!;
    expect(row.stored).toBe(row.file);
    expect([...relay.files.keys()]).toEqual([row.file]);
    expect(await open.browser.db.releases.count()).toBe(0);
  });

  it('a file that is deleted for good while it is named does not stay at the relay', async () => {
    const id = await addOne(fileOf(5000));
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      const answer = await relay.fetch(url, init);
      if (init.method === 'POST' && url.endsWith('/api/files')) {
        await open.files.purge([id]);
        await open.browser.db.releases.clear(); // another tab was quicker
      }
      return answer;
    });
    await sendUploads(parts);
    await sendReleases(parts);
    expect(relay.files.size).toBe(0);
  });

  it('a page that ended before its file was entered leaves no bytes behind', async () => {
    const { db } = open.browser;
    const kept = await addOne(fileOf(100, 'kept.bin'));
    const [variant] = readVariants(open.files.tree.get(kept)!);
    const bytes = new Blob(['never entered']);
    const row = { bytes, type: '', size: bytes.size, uploaded: 2 as const };
    await db.blobs.add({ id: 'b1~orphan', ...row });
    const blobs = ['b1~orphan', variant!.blob];
    const upload = { id: 'never', file: 'f1~never', blobs, state: 'waiting' as const, sent: 0, total: 13 };
    await db.uploads.add({ ...upload, at: Date.now() });
    await sendUploads(parts);
    expect(await db.blobs.get('b1~orphan')).toBeDefined();
    await sendUploads({ ...parts, now: () => Date.now() + 25 * 60 * 60_000 });
    expect(await db.uploads.count()).toBe(0);
    expect(await db.blobs.toCollection().primaryKeys()).toEqual([variant!.blob]);
  });

  it('a relay that answers with other bytes than were sent changes nothing', async () => {
    const id = await addOne(fileOf(5000));
    const { file, descriptor } = open.files.tree.get(id)!;
    const other = `d2,raw.orig:b1~${'x'.repeat(43)}:f=bin:s=1:r=0x0`;
    relay.completed = { fileId: await fileId(other), descriptor: other };
    await sendUploads(parts);
    expect(open.files.tree.get(id)).toMatchObject({ file, descriptor, stored: file });
  });

  it('does not promise bytes to a relay that lost them when they are not on this device', async () => {
    const id = await addOne(fileOf(5000));
    await sendUploads(parts);
    const { db } = open.browser;
    await db.blobs.clear();
    await open.documents.whenProjected();
    await db.transaction('rw', db.documents, db.blobs, db.uploads, () => forgetUploads(db));
    expect(await db.uploads.get(id)).toBeUndefined();
  });
});
