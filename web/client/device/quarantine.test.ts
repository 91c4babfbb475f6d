import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import type { Handed, QuarantineItem } from '../../../shared/api/quarantine.ts';
import { bytesToBase64url, copyBytes, hashText } from '../../../shared/bytes.ts';
import { blobId, fileId } from '../../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../../shared/file/descriptor.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { randomBytes, updateWith, words } from '../documents/browser-fixture.ts';
import { modelOf } from '../documents/models.ts';
import { openTestFiles, type TestFiles } from '../files/files-fixture.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { folderKeysOf } from '../sealed/folder-keys.ts';
import { HandedRelay } from './handed-fixture.ts';
import { createQuarantine, type Quarantine } from './quarantine.ts';

const page: Handed<'document'> = {
  kind: 'document',
  doc: 'aBcDeFgHiJkLmNoPqRsTuVwX',
  title: 'Train',
  type: 'text',
  update: bytesToBase64url(copyBytes(updateWith('On the train'))),
};
const draft: Handed<'draft'> = { kind: 'draft', nonce: 'n', t: 'POST', text: 'Hello\nyou', written: 1 };
const bytes = new TextEncoder().encode('bytes');
const kid = 'k'.repeat(22);

let here: TestFiles;
let relay: HandedRelay;
let quarantine: Quarantine;
let away: boolean;

beforeEach(async () => {
  here = await openTestFiles();
  relay = new HandedRelay();
  away = false;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
    away && init.method === 'DELETE' ? Promise.reject(new TypeError('network')) : relay.fetch(url, init),
  );
  quarantine = createQuarantine({
    api: createRelayApi('http://relay.test', () => Promise.resolve('token')),
    documents: here.documents,
    untitled: (device) => `From ${device}`,
    now: () => Date.now(),
    random: randomBytes,
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await here.close();
});

async function keep(item: QuarantineItem): Promise<string> {
  const text = JSON.stringify(item);
  const id = await hashText(text);
  relay.items.set(id, text);
  return id;
}

const read = async (doc = '') => words((await here.documents.snapshot(doc)).doc);

/** A file as it was handed over; its bytes are at the relay. */
async function fileItem(more: Partial<Handed<'file'>> = {}): Promise<Handed<'file'>> {
  const blob = await blobId(bytes);
  relay.store.blobs.set(blob, bytes);
  const size = bytes.length;
  const descriptor = formatDescriptor([{ name: 'raw.orig', blob, format: 'txt', size, width: 0, height: 0 }]);
  const about = { title: 'notes.txt', mime: 'text/plain', size, file: await fileId(descriptor), descriptor };
  return { kind: 'file', ...about, blobs: [{ blob, size }], ...more };
}

describe('X12: documents and words, on another device', () => {
  it('X12: looking changes nothing', async () => {
    expect(await quarantine.look(await keep(page))).toEqual({ kind: 'words', words: 'On the train' });
    expect(await quarantine.look(await keep(draft))).toEqual({ kind: 'words', words: 'Hello\nyou' });
    expect(here.documents.entries()).toEqual([]);
    expect(relay.items.size).toBe(2);
  });

  it('X12: of every type of document its words are seen', async () => {
    const doc = new Y.Doc();
    modelOf('board')?.create?.(doc, ['Buy milk', 'Doing', 'Done']);
    const update = bytesToBase64url(copyBytes(Y.encodeStateAsUpdate(doc)));
    const board = await keep({ ...page, type: 'board', update });
    expect(await quarantine.look(board)).toMatchObject({
      words: expect.stringContaining('Buy milk') as string,
    });
    const { entry } = await quarantine.take(board);
    expect(here.documents.entry(entry!)).toMatchObject({ title: 'Train', type: 'board' });
    const quill = new Y.Doc();
    quill.getText('doc').insert(0, 'In their editor');
    const rich = bytesToBase64url(copyBytes(Y.encodeStateAsUpdate(quill)));
    expect(await quarantine.look(await keep({ ...page, type: 'quill', update: rich }))).toEqual({
      kind: 'words',
      words: 'In their editor',
    });
    const later = await keep({ ...page, type: 'of-next-year' });
    expect(await quarantine.look(later)).toEqual({ kind: 'words', words: '' });
  });

  it('X12: a document is taken in under a name of its own, and is then gone from the relay', async () => {
    const { entry = '' } = await quarantine.take(await keep(page));
    expect(entry).not.toBe(page.doc);
    expect(here.documents.entry(entry)).toMatchObject({ title: 'Train', type: 'text' });
    expect(await read(entry)).toBe('On the train');
    expect(relay.items.size).toBe(0);
  });

  it('X12: a new one comes into its folder with its marks, and the relay keeps its pictures for good', async () => {
    const { id: folder } = await here.files.createFolder('Travel', '');
    const blob = await blobId(bytes);
    relay.store.blobs.set(blob, bytes);
    const fields = { parent: folder, favourite: 5, 'tag:rail': 5, trashed: 5, level: 'W', owner: 'eve.test' };
    const blobs = [
      { blob, size: bytes.length },
      { blob: `b1~${'x'.repeat(43)}`, size: 9 },
    ];
    const { entry = '' } = await quarantine.take(await keep({ ...page, fields, blobs }));
    const row = here.files.tree.get(entry);
    expect(row).toMatchObject({ parent: folder, tags: ['rail'], trashed: 0 });
    expect(row?.favourite).toBeGreaterThan(5);
    expect([row?.owner, row?.level]).toEqual([undefined, undefined]);
    expect(relay.store.staged.size).toBe(0);
  });

  it('X12: of a document of a neighbour comes a copy of one’s own', async () => {
    const { entry = '' } = await quarantine.take(await keep({ ...page, owner: parseIdTag('bob.test') }));
    expect(here.documents.entry(entry)?.owner).toBeUndefined();
    expect(await read(entry)).toBe('On the train');
  });

  it.each([page, draft])(
    'X12: a $kind that is taken twice, because the answer was lost, is one document with its words once',
    async (item) => {
      const id = await keep(item);
      away = true;
      await expect(quarantine.take(id)).rejects.toThrow();
      away = false;
      const { entry } = await quarantine.take(id);
      expect(await read(entry)).toBe(item.kind === 'draft' ? 'Hello\nyou' : 'On the train');
      expect(here.documents.entries()).toHaveLength(1);
    },
  );

  it('X12: what has no title has the name of the device', async () => {
    const { entry = '' } = await quarantine.take(await keep({ ...draft, text: ' ' }));
    expect(here.documents.entry(entry)?.title).toBe('From phone');
  });

  it('X12: what was discarded is gone', async () => {
    const id = await keep(page);
    await quarantine.discard(id);
    await expect(quarantine.take(id)).rejects.toMatchObject({ code: 'E-CORE-NOTFOUND' });
    expect(here.documents.entries()).toEqual([]);
  });
});

describe('X12: files and pictures', () => {
  it('X12: a file is named to the relay and entered, once however often', async () => {
    const item = await fileItem();
    const id = await keep(item);
    away = true;
    await expect(quarantine.take(id)).rejects.toThrow();
    away = false;
    const { entry = '' } = await quarantine.take(id);
    const { file, descriptor } = item;
    expect(relay.store.files.get(file)).toBe(descriptor);
    const expected = {
      title: 'notes.txt',
      type: 'file',
      mime: 'text/plain',
      size: 5,
      file,
      descriptor,
      stored: file,
    };
    expect(here.files.tree.get(entry)).toMatchObject(expected);
    expect(here.files.tree.below('')).toHaveLength(1);
  });

  it('X12: an entry that waits for just these bytes gets them, and no second one comes', async () => {
    const item = await fileItem();
    const fields = { file: item.file, descriptor: item.descriptor };
    const { ids } = here.files.tree.enterFiles([{ title: 'Mine', parent: '', fields }]);
    const entry = ids[0]!;
    expect(await quarantine.take(await keep({ ...item, entry }))).toMatchObject({ entry });
    expect(here.files.tree.get(entry)).toMatchObject({ title: 'Mine', stored: item.file });
    expect(here.files.tree.below('')).toHaveLength(1);
  });

  it('X12: a sealed file comes under its own id into its folder, with the key that nobody else had; without the folder it stays', async () => {
    const vault = 'V'.repeat(24);
    const entry = 'E'.repeat(24);
    const name = `${vault}:${kid}`;
    const sealed = `${kid}.c2VhbGVk`;
    const keys = [
      { name, value: 'statement' },
      { name: `${name}:abcdefgh`, value: 'wrap' },
    ];
    const { mime: _mime, size: _size, ...item } = await fileItem({ title: '', entry, sealed, keys });
    const id = await keep(item);
    expect(await quarantine.look(id)).toEqual({ kind: 'file' });
    await expect(quarantine.take(id)).rejects.toMatchObject({ details: { reason: 'no-vault' } });
    expect(relay.items.size).toBe(1);
    here.files.tree.createFolder('Safe', '', { id: vault, fields: { vault: '1' } });
    await quarantine.take(id);
    expect(here.files.tree.get(entry)).toMatchObject({
      type: 'sealed',
      sealed,
      parent: vault,
      stored: item.file,
    });
    expect(folderKeysOf(here.documents.index.doc).get(`${name}:abcdefgh`)).toBe('wrap');
  });

  it('X12: a picture is seen, and kept for what shows it', async () => {
    const blob = await blobId(bytes);
    const blobs = [{ blob, size: bytes.length }];
    const id = await keep({ kind: 'picture', mime: 'image/png', blobs });
    expect(await quarantine.look(id)).toEqual({ kind: 'file' });
    relay.store.blobs.set(blob, bytes);
    const seen = await quarantine.look(id);
    expect(seen.kind === 'picture' && [seen.bytes.type, await seen.bytes.text()]).toEqual([
      'image/png',
      'bytes',
    ]);
    expect(await quarantine.take(id)).toEqual({ left: 0 });
    expect(relay.items.size).toBe(0);
  });
});

describe('X12: edits of the list', () => {
  it('X12: those that would change something are seen, and the chosen ones made as new edits', async () => {
    const { files } = here;
    const { id: folder } = await files.createFolder('Before', '');
    const { id: other } = await files.createFolder('Other', '');
    const { id: kept } = await files.createFolder('Kept', '');
    const [outer, inner] = ['O'.repeat(24), 'I'.repeat(24)];
    const id = await keep({
      kind: 'changes',
      changes: [
        { id: inner, added: true, fields: { title: 'Inner', type: 'folder', parent: outer } },
        { id: outer, added: true, fields: { title: 'Outer', type: 'folder', parent: '' } },
        { id: folder, fields: { title: 'After', parent: inner, 'tag:work': 5, owner: 'eve.test' } },
        { id: other, gone: true, fields: {} },
        { id: kept, fields: { trashed: 5, title: 'Kept' } },
        { id: 'x'.repeat(24), fields: { title: 'Not here' } },
      ],
    });
    const seen = await quarantine.look(id);
    const changes = seen.kind === 'changes' ? seen.changes : [];
    expect(changes.map(({ kind, title, to }) => [kind, title, to])).toEqual([
      ['added', 'Outer', undefined],
      ['added', 'Inner', undefined],
      ['renamed', 'Before', 'After'],
      ['moved', 'Before', 'Inner'],
      ['tagged', 'Before', 'work'],
      ['gone', 'Other', undefined],
      ['trashed', 'Kept', undefined],
    ]);
    const chosen = new Set(changes.map(({ key }) => key).filter((key) => !key.startsWith(kept)));
    expect(await quarantine.take(id, chosen)).toEqual({ left: 0 });
    expect(files.tree.get(folder)).toMatchObject({ title: 'After', parent: inner, tags: ['work'] });
    expect(files.tree.get(folder)?.owner).toBeUndefined();
    expect(files.tree.get(inner)).toMatchObject({ parent: outer, trashed: 0 });
    expect(files.tree.get(other)?.trashed).toBe(1);
    expect(files.tree.get(kept)?.trashed).toBe(0);
    expect(relay.items.size).toBe(0);
  });

  it('X12: what cannot be done any more is counted, and the rest is done', async () => {
    const { files } = here;
    const { id: outer } = await files.createFolder('Outer', '');
    const { id: inner } = await files.createFolder('Inner', outer);
    const changes = [{ id: outer, fields: { parent: inner, title: 'Renamed' } }];
    const id = await keep({ kind: 'changes', changes });
    expect(await quarantine.take(id)).toEqual({ left: 1 });
    expect(files.tree.get(outer)).toMatchObject({ parent: '', title: 'Renamed' });
  });
});
