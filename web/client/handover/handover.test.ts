import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { blobId } from '../../../shared/file/blob-id.ts';
import { openTestBrowser, randomBytes, type TestBrowser, type } from '../documents/browser-fixture.ts';
import { readStored } from '../documents/stored-updates.ts';
import { finishRemovals } from '../remove-space.ts';
import { listGone, listSpaces, type SpaceStorage } from '../space-list.ts';
import { storageName } from '../spaces.ts';
import { saveBlob } from '../store/blobs.ts';
import { openDatabase } from '../store/database.ts';
import { listPieces } from './give.ts';
import { digestOf, parseAppOrigin, type Piece, readFromNew, readFromOld } from './messages.ts';
import { openTaking } from './take.ts';

const hash = async (bytes: Blob) => blobId(new Uint8Array(await bytes.arrayBuffer()));
let browser: TestBrowser;
let storage: SpaceStorage;

beforeEach(async () => {
  browser = await openTestBrowser();
  storage = browser.net;
});
afterEach(() => browser.close());

/** A space with a document, a file and a statement that waits; what it would hand over. */
async function fillAndRead(): Promise<{ pieces: Piece[]; id: string; blob: string }> {
  const documents = await browser.openTab();
  const open = await documents.open(documents.newId());
  type(open.doc, 'Canary');
  await open.whenSaved();
  await documents.index.whenSaved();
  const blob = await saveBlob(browser.db, new Blob(['bytes of a picture'], { type: 'image/png' }));
  const statement = { iss: 'me.localhost', t: 'POST', c: 'Waiting words' };
  await browser.db
    .table('outbox')
    .add({ id: 'one', statement, local: {}, uploads: [], draft: 'signed.by.this' });
  const readers = await listPieces({ db: browser.db, documents, hash });
  const pieces: Piece[] = [];
  for (const read of readers) pieces.push(await read());
  return { pieces, id: open.id, blob };
}

async function endOf(pieces: readonly Piece[]) {
  const digest = await digestOf(
    pieces.map((piece) => piece.hash),
    hash,
  );
  return { count: pieces.length, digest, name: 'alice.example', now: 5 };
}

const openSpace = () => openTaking({ storage, locks: navigator.locks, random: randomBytes, hash });

test('a space arrives whole in another one: documents, files, and statements without their signatures', async () => {
  const { pieces, id, blob } = await fillAndRead();
  const taking = await openSpace();
  for (const piece of pieces) await taking.take(piece);
  expect(listSpaces(storage, ''), 'not listed before it is whole').toHaveLength(1);
  await taking.finish(await endOf(pieces));
  taking.close();
  expect(listSpaces(storage, '').map(({ name }) => name)).toContain('alice.example');
  expect(listGone(storage)).toEqual([]);

  const doc = new Y.Doc();
  for (const update of await readStored(storageName(`islet-doc-${id}`, taking.space)))
    Y.applyUpdate(doc, update);
  expect(doc.getXmlFragment('content').toString()).toContain('Canary');
  const index = new Y.Doc();
  for (const update of await readStored(storageName('islet-doc-index', taking.space)))
    Y.applyUpdate(index, update);
  expect(JSON.stringify(index.getMap('documents'))).toContain(id);
  const db = await openDatabase(storageName('islet', taking.space));
  expect(await (await db.blobs.get(blob))?.bytes.text()).toBe('bytes of a picture');
  expect(await db.outbox.toArray()).toMatchObject([{ id: 'one', statement: { c: 'Waiting words' } }]);
  expect((await db.outbox.toArray())[0]).not.toHaveProperty('draft');
  expect(await db.sync.get(id)).toMatchObject({ dirty: 1 });
  db.close();
});

test('a damaged piece, a missing one and one too many are refused, and nothing of it stays', async () => {
  const { pieces } = await fillAndRead();
  const [first, ...rest] = pieces;
  const damaged = { ...first!, bytes: new Blob(['something else']) };
  const taking = await openSpace();
  await expect(taking.take(damaged)).rejects.toThrow('damaged');
  for (const piece of rest) await taking.take(piece);
  await expect(taking.finish(await endOf(pieces))).rejects.toThrow('Not everything');
  const swapped = { ...rest.find(({ kind }) => kind === 'blob')!, ...(await sealed('other bytes')) };
  await expect(taking.take(swapped)).rejects.toThrow('not what it is called');
  await expect(
    taking.take({ kind: 'rows', name: 'folderKeys', ...(await sealed('[{"kid":"x"}]')) }),
  ).rejects.toThrow('later version');
  taking.close();
  const { indexedDB } = globalThis;
  expect(await finishRemovals({ storage, indexedDB, caches: undefined, locks: navigator.locks })).toBe(1);
  const names = (await indexedDB.databases()).map(({ name = '' }) => name);
  expect(names.filter((name) => name.startsWith(taking.space))).toEqual([]);
});

async function sealed(words: string): Promise<Pick<Piece, 'bytes' | 'hash'>> {
  const bytes = new Blob([words]);
  return { bytes, hash: await hash(bytes) };
}

test('only another address with a secure connection, or one of this machine, may be handed anything', () => {
  const own = 'https://old.example';
  expect(parseAppOrigin(' new.example ', own)).toBe('https://new.example');
  expect(parseAppOrigin('https://new.example/home#x', own)).toBe('https://new.example');
  expect(parseAppOrigin('http://localhost:8080', own)).toBe('http://localhost:8080');
  for (const text of [
    'old.example',
    'http://new.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '',
    'a b',
  ])
    expect(parseAppOrigin(text, own), text).toBeUndefined();
});

test('a file with a long type is a message that is heard', () => {
  const type = `application/vnd.openxmlformats-officedocument.presentationml.presentation;${'x'.repeat(127)}`;
  const piece = { kind: 'blob', name: JSON.stringify({ id: 'b1~x', type }), bytes: new Blob(), hash: 'b1~x' };
  expect(readFromOld({ islet: 'handover', t: 'piece', n: 1, piece })).toBeDefined();
});

test('what is no message of a hand-over is not heard', () => {
  for (const data of [
    null,
    'take',
    { t: 'take' },
    { islet: 'handover', t: 'piece', n: 1 },
    { islet: 'handover' },
  ]) {
    expect(readFromNew(data)).toBeUndefined();
    expect(readFromOld(data)).toBeUndefined();
  }
  expect(readFromNew({ islet: 'handover', t: 'take' })).toMatchObject({ t: 'take' });
});
