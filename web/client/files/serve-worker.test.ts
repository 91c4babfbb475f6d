import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { bytesToBase64url } from '../../../shared/bytes.ts';
import { flushInBackground } from '../actions/background.ts';
import { storageName } from '../spaces.ts';
import { openDatabase } from '../store/database.ts';
import { createFileServer } from './serve-worker.ts';

const clock = { now: () => 1000, random: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
const entry = 'A'.repeat(24);

async function addFile(space: string, words: string): Promise<void> {
  const bytes = new TextEncoder().encode(words);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const blob = `b1~${bytesToBase64url(hash)}`;
  const db = await openDatabase(storageName('islet', space));
  await db.blobs.add({
    id: blob,
    bytes: new Blob([bytes]),
    type: 'text/plain',
    size: bytes.length,
    uploaded: 1,
  });
  await db.documents.add({
    ...{
      id: entry,
      title: words,
      excerpt: '',
      type: 'file',
      created: 1,
      edited: 1,
      trashed: 0,
      parent: '',
      kept: [],
    },
    ...{ mime: 'text/plain', descriptor: `d2,raw.orig:${blob}:f=txt:s=${bytes.length}:r=0x0` },
  });
  db.close();
}

test('the worker answers each address from its own space, and brings no removed space back', async () => {
  await addFile('', 'words of the first');
  await addFile('k3fk3fk3', 'words of the second');
  const serve = createFileServer(clock);
  const read = async (query: string) => {
    const answer = await serve(new Request(`http://localhost/_islet/file/${entry}/raw.orig${query}`));
    return answer.ok ? answer.text() : answer.status;
  };
  expect(await read('')).toBe('words of the first');
  expect(await read('?space=k3fk3fk3')).toBe('words of the second');
  expect(await read('?download')).toBe('words of the first');
  expect(await read('?space=zzzzzzzz')).toBe(404);
  expect(await read('?space=oh~dear')).toBe(404);
  expect(await flushInBackground('zzzzzzzz', clock)).toBe(0);
  const names = (await indexedDB.databases()).map(({ name }) => name);
  expect(names.filter((name) => name?.includes('zzzzzzzz'))).toEqual([]);
});
