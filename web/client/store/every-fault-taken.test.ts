import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import type { Handed, QuarantineItem } from '../../../shared/api/quarantine.ts';
import { bytesToBase64url, copyBytes, hashText } from '../../../shared/bytes.ts';
import { HandedRelay } from '../device/handed-fixture.ts';
import { createQuarantine } from '../device/quarantine.ts';
import { randomBytes, stored, updateWith } from '../documents/browser-fixture.ts';
import { INDEX_ID } from '../documents/document-id.ts';
import { readEntries } from '../documents/index-entries.ts';
import { readStored, storeName } from '../documents/stored-updates.ts';
import { openTestFiles, type TestFiles } from '../files/files-fixture.ts';
import type { Entries } from '../folder/list-fields.ts';
import { openListed } from '../folder/listed.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { type Database, openDatabase } from './database.ts';
import { failEach, faultKinds } from './fault-fixture.ts';

let open: TestFiles;
/** The same database over a connection of its own. */
let again: Database;

async function begin(): Promise<void> {
  open = await openTestFiles();
  again = await openDatabase(open.browser.db.name);
}
async function end(): Promise<void> {
  again.close();
  await open.close();
}
beforeEach(begin);
afterEach(async () => {
  vi.unstubAllGlobals();
  await end();
});

function pageOf(title: string): Handed<'document'> {
  const update = bytesToBase64url(copyBytes(updateWith(`Words of ${title}`)));
  return { kind: 'document', doc: 'aBcDeFgHiJkLmNoPqRsTuVwX', title, type: 'text', update };
}

/** The words of the document of this title, as index and document have them in storage. */
async function storedWords(title: string): Promise<string[]> {
  const doc = new Y.Doc();
  for (const update of await readStored(storeName(INDEX_ID))) Y.applyUpdate(doc, update);
  const entries = readEntries(doc).filter((entry) => entry.title === title);
  return Promise.all(entries.map(({ id }) => stored(id)));
}

test.each(faultKinds)(
  'X12: %s: the relay lets go of what was handed over only when it is here',
  async (kind) => {
    const relay = new HandedRelay();
    vi.stubGlobal('fetch', relay.fetch);
    const keep = async (item: QuarantineItem): Promise<string> => {
      const text = JSON.stringify(item);
      const id = await hashText(text);
      relay.items.set(id, text);
      return id;
    };
    const failed = await failEach(kind, async ({ number, fails }) => {
      // Each trial in a browser of its own: what an index costs grows with it.
      await end();
      await begin();
      const quarantine = createQuarantine({
        api: createRelayApi('http://relay.test', () => Promise.resolve('token')),
        ...{ documents: open.documents, untitled: (device) => device },
        ...{ now: () => Date.now(), random: randomBytes },
      });
      const title = `Page ${number}`;
      const id = await keep(pageOf(title));
      const told = await fails(() => quarantine.take(id));
      if (!relay.items.has(id)) expect(await storedWords(title)).toEqual([`Words of ${title}`]);
      else {
        expect(told).toBe(true);
        await quarantine.take(id);
      }
      expect(await storedWords(title)).toEqual([`Words of ${title}`]);
      expect(relay.items.has(id)).toBe(false);
    });
    expect(failed).toBeGreaterThan(0);
  },
);

test.each(faultKinds)(
  'C15: %s: the list of a folder is noted whole, and is here what it is in storage',
  async (kind) => {
    const listed = await openListed(open.browser.db, 'folder');
    const failed = await failEach(kind, async ({ number, fails }) => {
      const seen = { space: 'folder' as const, id: 'folder', title: `Folder ${number}` };
      const entries: Entries = new Map([
        [`first ${number}`, { title: 'first' }],
        ['second', { title: `second ${number}` }],
      ]);
      const told = await fails(async () => {
        await listed.replace({ seen, entries, left: [], isWhole: () => false });
        await listed.change('second', { whole: number % 2 === 0 ? 1 : 0 });
        await listed.change(`first ${number}`, undefined);
        await listed.end();
      });
      const anew = await openListed(again, 'folder');
      expect(new Map(listed.rows)).toEqual(new Map(anew.rows));
      expect(listed.seen).toEqual(anew.seen);
      if (told) return;
      expect(anew.seen).toEqual({ ...seen, ended: 1 });
      expect([...anew.rows.keys()]).toEqual(['second']);
    });
    expect(failed).toBeGreaterThan(0);
  },
);
