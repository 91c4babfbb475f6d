import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { hashBlob } from '../files/hash-blob.ts';
import { FakeRelay, openTestFiles, plainWork, type TestFiles } from '../files/files-fixture.ts';
import { sendUploads } from '../files/upload-queue.ts';
import { readVariants } from '../files/variants.ts';
import { INDEX_ID } from '../documents/document-id.ts';
import { type IndexEntry, readEntries } from '../documents/index-entries.ts';
import { readStored, storeName } from '../documents/stored-updates.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { type Database, openDatabase } from './database.ts';
import { failEach, faultKinds } from './fault-fixture.ts';

let open: TestFiles;
/** The same database over a connection of its own. */
let again: Database;

beforeEach(async () => {
  open = await openTestFiles();
  again = await openDatabase(open.browser.db.name);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  again.close();
  await open.close();
});

async function add(name: string): Promise<unknown> {
  const items = [{ file: new File([`bytes of ${name}`], name), path: [] }];
  const report = await open.files.add(items, { parent: '', signal: new AbortController().signal });
  for (const { message } of report.refused) throw new Error(message);
  return report;
}

/** The entry as the index has it in storage. */
async function storedEntry(title: string): Promise<IndexEntry | undefined> {
  const doc = new Y.Doc();
  for (const update of await readStored(storeName(INDEX_ID))) Y.applyUpdate(doc, update);
  return readEntries(doc).find((entry) => entry.title === title);
}

async function storedText(entry: Pick<IndexEntry, 'descriptor'>): Promise<string | undefined> {
  const [variant] = readVariants(entry);
  const row = await again.blobs.get(variant?.blob ?? '');
  if (row) expect(await hashBlob(row.bytes)).toBe(row.id);
  return row?.bytes.text();
}

test.each(faultKinds)('%s: a file that is added has its entry, its bytes and its upload', async (kind) => {
  const failed = await failEach(kind, async ({ number, fails }) => {
    const name = `${number}.txt`;
    const told = await fails(() => add(name));
    const entry = await storedEntry(name);
    expect(told || entry !== undefined).toBe(true);
    // Never an entry without its bytes, whatever was told.
    if (entry) {
      expect(await storedText(entry)).toBe(`bytes of ${name}`);
      expect(await again.uploads.get(entry.id)).toMatchObject({ state: 'waiting', file: entry.file });
    }
    await add(`once more ${name}`);
    expect(await storedEntry(`once more ${name}`)).toBeDefined();
  });
  expect(failed).toBeGreaterThan(0);
});

test.each(faultKinds)('%s: an upload is over when the relay has the file, and else goes on', async (kind) => {
  const relay = new FakeRelay();
  vi.stubGlobal('fetch', relay.fetch);
  const send = (): Promise<void> =>
    sendUploads({
      ...{ db: open.browser.db, api: createRelayApi('http://relay.test'), tree: open.files.tree },
      ...{ work: plainWork, now: () => Date.now() },
    });
  const failed = await failEach(kind, async ({ number, fails }) => {
    const name = `${number}.txt`;
    await add(name);
    const told = await fails(send);
    const entry = await storedEntry(name);
    expect(entry && (await storedText(entry))).toBe(`bytes of ${name}`);
    const { id = '', file = '' } = entry ?? {};
    const waits = (await again.uploads.get(id)) !== undefined;
    const isThere = relay.files.has(file);
    expect(waits ? told : isThere).toBe(true);
    const [variant] = readVariants(entry ?? {});
    if ((await again.blobs.get(variant?.blob ?? ''))?.uploaded === 1) expect(isThere).toBe(true);
    await send();
    expect(relay.files.has(file)).toBe(true);
    expect(await again.uploads.count()).toBe(0);
  });
  expect(failed).toBeGreaterThan(0);
});
