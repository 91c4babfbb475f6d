import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestBrowser, type TestBrowser, type as write } from '../documents/browser-fixture.ts';
import type { Documents } from '../documents/documents.ts';
import { entriesOf, updateEntry } from '../documents/index-entries.ts';
import type { ActionRow } from '../store/action-rows.ts';
import { mayWrite } from './may-write.ts';
import { acceptShare, enterShared, followShares } from './shared-documents.ts';

const id = 'D'.repeat(24);
const me = 'bob.test';
let browser: TestBrowser;
let documents: Documents;

beforeEach(async () => {
  browser = await openTestBrowser();
  documents = await browser.openTab();
});
afterEach(() => browser.close());

let count = 0;
function share(change: Partial<ActionRow> = {}): ActionRow {
  count += 1;
  return {
    ...{ id: `a1~${count}`, iss: 'alice.test', t: 'FSHR:WRITE', type: 'FSHR', sub: id, aud: me, text: '' },
    ...{ content: { contentType: 'islet/text', fileName: 'Our boat', fileTp: 'CRDT' }, iat: 1000 + count },
    ...{ receivedAt: 1_000_000 + count, files: [], state: 'confirm', deliveries: [] },
    ...change,
  };
}
const entry = () => documents.entry(id);

describe('J7: documents that somebody shared', () => {
  it('J7: is entered under its own id, with its owner', () => {
    enterShared(documents, share(), 5);
    expect(entry()).toMatchObject({
      title: 'Our boat',
      type: 'text',
      owner: 'alice.test',
      level: 'write',
      created: 5,
    });
    expect(mayWrite(entry()!)).toBe(true);
  });

  it.each([
    ['FSHR', 'read', false],
    ['FSHR:COMMENT', 'comment', false],
    ['FSHR:WRITE', 'write', true],
    ['FSHR:ADMIN', 'admin', true],
  ])('J7, R9: %s gives the level %s', (t, level, writes) => {
    enterShared(documents, share({ t }), 5);
    expect(entry()?.level).toBe(level);
    expect(mayWrite(entry()!)).toBe(writes);
  });

  it('J7: one of another app keeps its type, and one that nobody knows is kept too', () => {
    const content = { contentType: 'cloudillo/quillo', fileName: 'Letter', fileTp: 'CRDT' };
    enterShared(documents, share({ content }), 5);
    expect(entry()).toMatchObject({ type: 'quill', mime: 'cloudillo/quillo' });
    const other = 'E'.repeat(24);
    enterShared(
      documents,
      share({ sub: other, content: { ...content, contentType: 'cloudillo/calcillo' } }),
      5,
    );
    expect(documents.entry(other)).toMatchObject({ type: 'other', mime: 'cloudillo/calcillo' });
  });

  it('J7: an id that is ours, or somebody else’s, is never handed to another relay', async () => {
    const own = await documents.open(id);
    write(own.doc, 'secret');
    await own.close();
    expect(() => enterShared(documents, share(), 5)).toThrow('same identifier');
    expect(entry()?.owner).toBeUndefined();
    const theirs = 'E'.repeat(24);
    enterShared(documents, share({ sub: theirs }), 5);
    expect(() => enterShared(documents, share({ sub: theirs, iss: 'mallory.test' }), 6)).toThrow(
      'same identifier',
    );
    expect(documents.entry(theirs)?.owner).toBe('alice.test');
  });

  it('J7: what is no document is refused in words', () => {
    for (const change of [
      { t: 'FSHR:DEL' },
      { content: { contentType: 'image/png', fileName: 'a', fileTp: 'BLOB' } },
      { content: 'nothing' },
      { sub: 'index' },
      { sub: `f1~${'x'.repeat(43)}` },
      { t: 'FSHR:ANYTHING', raw: 1 as const },
    ])
      expect(() => enterShared(documents, share(change), 5)).toThrow('no document');
    expect(entry()).toBeUndefined();
  });
});

describe('J7: a document under an id that was used here before', () => {
  const purge = (): void => entriesOf(documents.index.doc).delete(id);
  const accept = (change: Partial<ActionRow> = {}): Promise<void> =>
    acceptShare(browser.db, documents, share(change), 6);
  async function hold(): Promise<void> {
    const open = await documents.open(id, { listed: false });
    write(open.doc, 'words');
    await open.close();
  }

  it('J7: an own one that was deleted for good is not handed to who knows its id', async () => {
    await hold();
    purge();
    await expect(accept()).rejects.toThrow('not from alice.test');
    expect(entry()).toBeUndefined();
  });

  it('J7: one of somebody else, neither; its owner shares it again', async () => {
    const first = share();
    await browser.db.actions.put(first);
    await acceptShare(browser.db, documents, first, 5);
    await hold();
    await browser.db.rooms.put({ doc: id, unsent: 0, at: 1 });
    purge();
    await expect(accept({ iss: 'mallory.test' })).rejects.toThrow('not from mallory.test');
    await accept();
    expect(entry()?.owner).toBe('alice.test');
  });
});

describe('J7: when its owner changes the share', () => {
  it('J7: the last word of the owner counts, whatever order they came in', async () => {
    const first = share();
    enterShared(documents, first, 5);
    await browser.db.actions.bulkPut([share({ t: 'FSHR', iat: 3000 }), { ...first, state: 'superseded' }]);
    await followShares(browser.db, documents, me);
    expect(entry()).toMatchObject({ level: 'read' });
    await browser.db.actions.put(share({ t: 'FSHR:DEL', iat: 4000, receivedAt: 77 }));
    await followShares(browser.db, documents, me);
    expect(entry()).toMatchObject({ ended: 77, title: 'Our boat' });
    expect(mayWrite(entry()!)).toBe(false);
    await browser.db.actions.put(share({ iat: 5000 }));
    await followShares(browser.db, documents, me);
    expect(entry()).toMatchObject({ level: 'write' });
    expect(entry()?.ended).toBeUndefined();
  });

  it('J7: words of anybody else, and about other documents, change nothing', async () => {
    enterShared(documents, share(), 5);
    await browser.db.actions.bulkPut([
      share({ t: 'FSHR:DEL', iss: 'mallory.test', iat: 9000 }),
      share({ t: 'FSHR:DEL', aud: 'carol.test', iat: 9000 }),
      share({ t: 'FSHR', sub: 'E'.repeat(24), iat: 9000 }),
    ]);
    await followShares(browser.db, documents, me);
    expect(entry()).toMatchObject({ level: 'write' });
    expect(entry()?.ended).toBeUndefined();
  });

  it('J7: what the owner’s relay said itself holds until the next share', async () => {
    const first = share();
    enterShared(documents, first, 5);
    await browser.db.actions.put(first);
    updateEntry(documents.index.doc, id, { level: 'read', heard: first.receivedAt + 10 });
    await followShares(browser.db, documents, me);
    expect(entry()).toMatchObject({ level: 'read' });
    await browser.db.actions.put(share({ t: 'FSHR:ADMIN', receivedAt: first.receivedAt + 20 }));
    await followShares(browser.db, documents, me);
    expect(entry()).toMatchObject({ level: 'admin' });
  });
});
