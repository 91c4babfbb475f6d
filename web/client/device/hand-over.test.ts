import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { base64urlToBytes } from '../../../shared/bytes.ts';
import { parseAssertion } from '../../../shared/device/assertion.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { createTestKey, type TestKey } from '../../../shared/test/keys.ts';
import { createDocument } from '../documents/create-document.ts';
import { randomBytes, type, words } from '../documents/browser-fixture.ts';
import { updateEntry } from '../documents/index-entries.ts';
import { modelOf } from '../documents/models.ts';
import { addAll, openTestFiles, type TestFiles } from '../files/files-fixture.ts';
import { RelayUnreachable } from '../relay/relay-api.ts';
import { saveBlob } from '../store/blobs.ts';
import { addRows, encodeKnown, nothingKnown } from '../sync/known.ts';
import { HandedRelay } from './handed-fixture.ts';
import { handOver, type HandOverOptions } from './hand-over.ts';
import type { DeviceKeys, Membership } from './key-store.ts';

const alice = parseIdTag('alice.test');
let here: TestFiles;
let key: TestKey;
let relay: HandedRelay;

beforeEach(async () => {
  here = await openTestFiles();
  key = await createTestKey();
  relay = new HandedRelay();
  vi.stubGlobal('fetch', relay.fetch);
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await here.close();
});

const options = (): HandOverOptions => ({
  ...{ db: here.browser.db, documents: here.documents, random: randomBytes, now: () => 1_795_262_400_000 },
  keys: { ...key, origin: key.did, ecdh: key.jwk, derive: () => Promise.reject(new Error()) } as DeviceKeys,
  membership: { idTag: alice, apiBase: 'http://relay.test' } as Membership,
  onProgress: () => undefined,
});

async function write(text: string, more: (doc: Y.Doc) => void = () => undefined): Promise<string> {
  const { documents } = here;
  const id = documents.newId();
  const open = await documents.open(id);
  type(open.doc, text, 'heading');
  more(open.doc);
  await open.whenSaved();
  await open.close();
  return id;
}

/** The relay has all of it by now. */
async function acknowledge(id: string): Promise<void> {
  const { doc } = await here.documents.snapshot(id);
  const acked = encodeKnown(addRows(nothingKnown, [Y.encodeStateAsUpdate(doc)]));
  await here.browser.db.sync.put({ doc: id, dirty: 1, acked });
}

const draft = (id: string, c: unknown) => {
  const statement = { t: 'POST', iat: 5, c, v: 'F' as const, _: id };
  return { id, statement, local: {}, uploads: [] };
};

const picture = (words: string): Blob => new Blob([words], { type: 'image/png' });
const image = (id: string) => (doc: Y.Doc) => {
  const element = new Y.XmlElement('image');
  element.setAttribute('blob', id);
  doc.getXmlFragment('content').insert(0, [element]);
};

describe('X10: what a lost device hands over', () => {
  it('X10: documents that the relay lacks, whole; drafts as words; each by an assertion of its own', async () => {
    const train = await write('On the train');
    await acknowledge(await write('Known'));
    await acknowledge('index');
    await here.browser.db.outbox.bulkAdd([draft('a', 'Hello'), draft('b', { r: 'L' })]);
    expect(await handOver(options())).toEqual({ documents: 1, drafts: 1, files: 0, changes: 0, left: 0 });
    expect(relay.all('draft')).toEqual([{ kind: 'draft', nonce: 'a', t: 'POST', text: 'Hello', written: 5 }]);
    const [page] = relay.all('document');
    expect(page).toMatchObject({ doc: train, type: 'text', title: 'On the train' });
    const copy = new Y.Doc();
    Y.applyUpdate(copy, base64urlToBytes(page?.update ?? ''));
    expect(words(copy)).toBe('On the train');
    const shown = relay.shown.map(parseAssertion);
    expect(new Set(shown.map(({ jti }) => jti)).size).toBe(2);
    expect(shown.every(({ iss, aud }) => iss === key.did && aud === alice)).toBe(true);
  });

  it('X10: files that did not arrive, with their bytes; what the relay had of them is not sent again', async () => {
    const large = new Uint8Array(700_000).fill(7);
    const [film] = await addAll(here.files, [new File([large], 'film.bin'), new File(['b'], 'b.txt')]);
    await here.browser.db.arrivals.add({
      name: 'shared.txt',
      bytes: new Blob(['shared'], { type: 'text/plain' }),
    });
    relay.store.breakAfter = 600_000;
    await expect(handOver(options())).rejects.toBeInstanceOf(RelayUnreachable);
    relay.store.breakAfter = Infinity;
    expect(await handOver(options())).toMatchObject({ files: 3, left: 0 });
    const names = relay.all('file').map(({ title }) => title);
    expect(names.sort()).toEqual(['b.txt', 'film.bin', 'shared.txt']);
    expect(relay.all('file').find(({ title }) => title === 'film.bin')).toMatchObject({
      entry: film,
      size: 700_000,
    });
    expect(relay.store.received).toBe(700_000 + 'b'.length + 'shared'.length);
    expect(relay.store.blobs.size).toBe(3);
  });

  it('X10: pictures go along with the documents that name them, others by themselves', async () => {
    const { db } = here.browser;
    const [own, lone, known] = [
      await saveBlob(db, picture('own')),
      await saveBlob(db, picture('lone')),
      await saveBlob(db, picture('known')),
    ];
    await db.blobs.update(known, { uploaded: 1 });
    await write('With pictures', (doc) => [own, known].forEach((id) => image(id)(doc)));
    const board = await createDocument(
      here.documents,
      { type: 'whiteboard', model: modelOf('whiteboard')!, words: [] },
      1,
    );
    const open = await here.documents.open(board);
    open.doc.getMap('objects').set('p', own);
    await open.whenSaved();
    await open.close();
    await handOver(options());
    for (const item of relay.all('document')) expect(item.blobs).toEqual([{ blob: own, size: 3 }]);
    expect(
      relay
        .all('document')
        .map((item) => item.type)
        .sort(),
    ).toEqual(['text', 'whiteboard']);
    expect(relay.all('picture')).toEqual([
      { kind: 'picture', mime: 'image/png', blobs: [{ blob: lone, size: 4 }] },
    ]);
    expect([...relay.store.blobs.keys()].sort()).toEqual([own, lone].sort());
  });

  it('X10: edits of the list that the relay does not have, each as it stands', async () => {
    const { files, documents } = here;
    const { tree } = files;
    const old = await write('Old');
    const plan = await createDocument(
      documents,
      { type: 'board', model: modelOf('board')!, words: ['To do'], title: 'Plan' },
      1,
    );
    const { id: folder } = await files.createFolder('Before', '');
    for (const id of [old, plan, 'index']) await acknowledge(id);
    tree.rename(folder, 'After');
    tree.rename(plan, 'Plans');
    tree.setTag([plan], 'work', true);
    const { id: fresh } = await files.createFolder('Fresh', folder);
    tree.move([old], fresh);
    tree.purge([plan]);
    updateEntry(documents.index.doc, old, { excerpt: 'follows from its words' });
    await documents.index.whenSaved();
    expect(await handOver(options())).toMatchObject({ documents: 0, changes: 4 });
    const [{ changes }] = relay.all('changes') as [ReturnType<typeof relay.all<'changes'>>[0]];
    const byId = new Map(changes.map((change) => [change.id, change]));
    expect(byId.get(folder)).toEqual({ id: folder, fields: { title: 'After' } });
    expect(byId.get(fresh)).toEqual({
      ...{ id: fresh, added: true },
      fields: { title: 'Fresh', parent: folder, type: 'folder' },
    });
    expect(byId.get(old)).toEqual({ id: old, fields: { parent: fresh } });
    expect(byId.get(plan)).toEqual({ id: plan, gone: true, fields: {} });
  });

  it('X10: a document of a neighbour says whose it is', async () => {
    const id = await write('Ours in theirs');
    updateEntry(here.documents.index.doc, id, { owner: 'bob.test', level: 'W' });
    await here.documents.index.whenSaved();
    await handOver(options());
    expect(relay.all('document')).toMatchObject([{ doc: id, owner: 'bob.test', title: 'Ours in theirs' }]);
    expect(relay.all('changes')).toEqual([]);
  });

  it('X11: stopped in the middle, it begins anew, and what was there is there once', async () => {
    await write('One');
    await write('Two');
    let calls = 0;
    const there = relay.fetch;
    vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
      ++calls === 2 ? Promise.reject(new TypeError('network')) : there(url, init),
    );
    await expect(handOver(options())).rejects.toBeInstanceOf(RelayUnreachable);
    expect(relay.items.size).toBe(1);
    expect(await handOver(options())).toMatchObject({ documents: 2, left: 0 });
    expect(relay.items.size).toBe(2);
  });

  it('X11: what the relay refuses to keep holds up nothing; that it takes nothing from this device ends it', async () => {
    await write('Large');
    await addAll(here.files, [new File(['bytes without room'], 'a.txt')]);
    relay.refuse = ({ kind }) => (kind === 'document' ? 'E-STORAGE-FULL' : undefined);
    relay.store.limit = 0;
    expect(await handOver(options())).toMatchObject({ documents: 0, files: 1, left: 2 });
    relay.refuse = () => 'E-LOG-PERMISSION';
    await expect(handOver(options())).rejects.toMatchObject({ code: 'E-LOG-PERMISSION' });
  });

  it('X11: bytes that the browser cannot read any more hold up nothing', async () => {
    await addAll(here.files, [new File(['bytes'], 'a.txt')]);
    const there = relay.fetch;
    vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
      init.method === 'PATCH' ? Promise.reject(new TypeError('not readable')) : there(url, init),
    );
    await expect(handOver(options())).rejects.toBeInstanceOf(RelayUnreachable);
    vi.spyOn(Blob.prototype, 'arrayBuffer').mockRejectedValue(new DOMException('gone', 'NotReadableError'));
    expect(await handOver(options())).toMatchObject({ files: 1, left: 1 });
    vi.restoreAllMocks();
  });

  it('X10: a device without anything of its own asks for nothing', async () => {
    expect(await handOver(options())).toEqual({ documents: 0, drafts: 0, files: 0, changes: 0, left: 0 });
    expect(relay.shown).toEqual([]);
  });
});
