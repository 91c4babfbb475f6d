import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { everything } from '../../../shared/device/capability.ts';
import { appendLogEntry, signLogEntry } from '../../../shared/device/device-log.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { openKeyStore } from '../device/key-store.ts';
import { randomBytes } from '../documents/browser-fixture.ts';
import { updateEntry } from '../documents/index-entries.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { createVaults } from '../sealed/vaults.ts';
import type { Database } from '../store/database.ts';
import { addAll, FakeRelay, openTestFiles, plainWork, type TestFiles } from './files-fixture.ts';
import { hashBlob } from './hash-blob.ts';
import { sendReleases } from './release-files.ts';
import { sendUploads, type UploadParts } from './upload-queue.ts';
import { readVariants } from './variants.ts';

let open: TestFiles;
let db: Database;
let relay: FakeRelay;
let parts: UploadParts;
let vault: string;
const closing: (() => void)[] = [];

beforeEach(async () => {
  open = await openTestFiles();
  db = open.browser.db;
  relay = new FakeRelay();
  vi.stubGlobal('fetch', relay.fetch);
  const api = createRelayApi('http://relay.test');
  const { documents, files } = open;
  parts = { db, api, tree: files.tree, work: plainWork, now: () => Date.now() };
  const store = await openKeyStore(`${db.name}-keys`);
  const keys = await store.deviceKeys();
  const idTag = parseIdTag('alice.test');
  const { did, jwk, ecdh } = keys;
  const op = { t: 'add' as const, device: { did, jwk, ecdh, name: 'device' }, cap: [...everything] };
  const entry = await signLogEntry(undefined, { iss: idTag, iat: 1000, by: did, op }, keys.sign);
  const log = await appendLogEntry(idTag, undefined, entry);
  const vaults = createVaults({
    ...{ db, index: documents.index.doc, rows: documents.tree.rows, keys, hash: hashBlob },
    ...{ readLog: () => Promise.resolve(log), now: () => Date.now(), random: randomBytes },
  });
  closing.push(
    () => vaults.close(),
    () => store.close(),
  );
  files.connect({ api, vaults, device: did.slice(-8) });
  vault = await files.createSealedFolder('Papers', '');
});
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const close of closing.splice(0)) close();
  await open.close();
});

const words = 'plain words that nobody else reads';

async function addLetter(): Promise<{ id: string; blob: string; file: string }> {
  const [id = ''] = await addAll(open.files, [new File([words], 'letter.txt')]);
  const row = open.files.tree.get(id)!;
  return { id, blob: readVariants(row)[0]!.blob, file: row.file! };
}

async function exchange(): Promise<void> {
  await sendReleases(parts);
  await sendUploads(parts);
  await sendReleases(parts);
}

/** Runs `act` once, before the relay answers the first request that fits. */
function meanwhile(fits: (request: string) => boolean, act: () => Promise<unknown>): void {
  let isDone = false;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const answer = await relay.fetch(url, init);
    if (!isDone && fits(`${init.method ?? 'GET'} ${new URL(url).pathname}`)) {
      isDone = true;
      await act();
    }
    return answer;
  });
}

describe('over the border of a sealed folder', () => {
  it('a file goes in and out again; the relay and this device have it in one form each time', async () => {
    const { files } = open;
    const { id, blob, file } = await addLetter();
    await exchange();
    const undo = await files.move([id], vault);
    expect(files.tree.get(id)).toMatchObject({ type: 'sealed', title: '', parent: vault });
    expect(await db.blobs.get(blob)).toBeUndefined();
    await exchange();
    const sealed = files.tree.get(id)!;
    expect([...relay.files.keys()]).toEqual([sealed.file]);
    await undo();
    await exchange();
    expect(files.tree.get(id)).toMatchObject({ type: 'file', title: 'letter.txt', file, stored: file });
    expect([...relay.files.keys()]).toEqual([file]);
    expect(await (await files.readVariant(id, 'raw.orig'))?.text()).toBe(words);
    expect((await db.blobs.toCollection().primaryKeys()).includes(blob)).toBe(true);
  });

  it.each(['POST /api/uploads', 'POST /api/files'])(
    'a file that is sealed while it is sent (%s) does not stay at the relay in plain, and goes there sealed',
    async (request) => {
      const { id, file } = await addLetter();
      meanwhile(
        (made) => made === request,
        () => open.files.move([id], vault),
      );
      await exchange();
      const row = open.files.tree.get(id)!;
      expect([...relay.files.keys()]).toEqual([row.file]);
      expect(row.file).not.toBe(file);
      expect(row.stored).toBe(row.file);
      expect(await db.uploads.count()).toBe(0);
      expect(await db.blobs.where('uploaded').equals(2).count()).toBe(0);
    },
  );

  it('J5: the relay keeps the old copy until it has the new one, unless the new one is to stay here', async () => {
    const { id, file } = await addLetter();
    await exchange();
    relay.limit = relay.used;
    await open.files.move([id], vault);
    await exchange();
    expect(await db.uploads.get(id)).toMatchObject({ state: 'full' });
    expect([...relay.files.keys()]).toEqual([file]);
    await open.files.stopUpload(id);
    await exchange();
    expect([...relay.files.keys()]).toEqual([]);
  });

  it('J5: what another device sealed leaves no plain bytes here, once the relay has it sealed', async () => {
    const { id, blob } = await addLetter();
    await exchange();
    expect((await db.blobs.get(blob))?.stays).toBe(1);
    await open.documents.whenProjected();
    const { doc } = open.documents.index;
    const sealed = { type: 'sealed', title: '', sealed: 'kid.x', parent: vault, mime: undefined };
    const descriptor = `d2,raw.orig:b1~${'s'.repeat(43)}:f=bin:s=80:r=0x0`;
    updateEntry(doc, id, { ...sealed, file: 'f1~other', descriptor, stored: undefined });
    await open.documents.whenProjected();
    await exchange();
    expect(await db.blobs.get(blob)).toBeDefined();
    updateEntry(doc, id, { stored: 'f1~other' });
    await exchange();
    expect(await db.blobs.get(blob)).toBeUndefined();
    expect(relay.files.size).toBe(0);
  });
});
