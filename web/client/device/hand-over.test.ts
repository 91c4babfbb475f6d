import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import * as Y from 'yjs';
import { itemSchema, type QuarantineItem } from '../../../shared/api/quarantine.ts';
import { base64urlToBytes } from '../../../shared/bytes.ts';
import { parseAssertion } from '../../../shared/device/assertion.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { parseJson } from '../../../shared/parse.ts';
import { createTestKey, type TestKey } from '../../../shared/test/keys.ts';
import { openTestBrowser, randomBytes, type TestBrowser, type, words } from '../documents/browser-fixture.ts';
import type { Documents } from '../documents/documents.ts';
import { RelayUnreachable } from '../relay/relay-api.ts';
import { encodeKnown, addRows, nothingKnown } from '../sync/known.ts';
import { handOver, type HandOverOptions } from './hand-over.ts';
import type { DeviceKeys, Membership } from './key-store.ts';

const alice = parseIdTag('alice.test');
let browser: TestBrowser;
let documents: Documents;
let key: TestKey;
/** What the relay has, by the bytes; and what it answers. */
let kept: QuarantineItem[];
let assertions: string[];
let answer: (item: QuarantineItem) => { status: number; code?: string } | 'away';

beforeEach(async () => {
  browser = await openTestBrowser();
  documents = await browser.openTab();
  key = await createTestKey();
  kept = [];
  assertions = [];
  answer = () => ({ status: 201 });
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => Promise.resolve(relay(init)));
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await browser.close();
});

function relay(init: RequestInit): Response {
  const item = parseJson(itemSchema, v.parse(v.string(), init.body));
  const said = answer(item);
  if (said === 'away') throw new TypeError('network');
  assertions.push(new Headers(init.headers).get('authorization')?.slice('Bearer '.length) ?? '');
  if (said.code) return Response.json({ error: { code: said.code, message: 'no' } }, { status: said.status });
  if (!kept.some((one) => JSON.stringify(one) === JSON.stringify(item))) kept.push(item);
  return Response.json({ data: { id: 'i'.repeat(43) }, time: new Date(0).toISOString() }, { status: 201 });
}

const options = (): HandOverOptions => ({
  ...{ db: browser.db, documents, random: randomBytes, now: () => 1_795_262_400_000 },
  keys: { ...key, origin: key.did, ecdh: key.jwk, derive: () => Promise.reject(new Error()) } as DeviceKeys,
  membership: { idTag: alice, apiBase: 'http://relay.test' } as Membership,
  onProgress: () => undefined,
});

async function write(text: string): Promise<string> {
  const id = documents.newId();
  const open = await documents.open(id);
  type(open.doc, text, 'heading');
  await open.whenSaved();
  await open.close();
  return id;
}

const draft = (id: string, c: unknown) => {
  const statement = { t: 'POST', iat: 5, c, v: 'F' as const, _: id };
  return { id, statement, local: {}, uploads: [] };
};

describe('X10: what a lost device hands over', () => {
  it('X10: documents that the relay lacks, whole; drafts as words; each by an assertion of its own', async () => {
    const train = await write('On the train');
    const known = await write('Known');
    const { doc } = await documents.snapshot(known);
    const acked = encodeKnown(addRows(nothingKnown, [Y.encodeStateAsUpdate(doc)]));
    await browser.db.sync.put({ doc: known, dirty: 1, acked });
    await browser.db.outbox.bulkAdd([draft('a', 'Hello'), draft('b', { r: 'L' })]);
    const handed = await handOver(options());
    expect(handed).toEqual({ documents: 1, drafts: 1, left: 0 });
    const [page, said] = kept;
    expect(said).toEqual({ kind: 'draft', nonce: 'a', t: 'POST', text: 'Hello', written: 5 });
    expect(page).toMatchObject({ kind: 'document', doc: train, type: 'text' });
    const copy = new Y.Doc();
    Y.applyUpdate(copy, base64urlToBytes(page?.kind === 'document' ? page.update : ''));
    expect(words(copy)).toBe('On the train');
    const shown = assertions.map(parseAssertion);
    expect(new Set(shown.map(({ jti }) => jti)).size).toBe(2);
    expect(shown.every(({ iss, aud }) => iss === key.did && aud === alice)).toBe(true);
  });

  it('X11: stopped in the middle, it begins anew, and what was there is there once', async () => {
    await write('One');
    await write('Two');
    let calls = 0;
    answer = () => (++calls === 2 ? 'away' : { status: 201 });
    await expect(handOver(options())).rejects.toBeInstanceOf(RelayUnreachable);
    expect(kept).toHaveLength(1);
    expect(await handOver(options())).toEqual({ documents: 2, drafts: 0, left: 0 });
    expect(kept).toHaveLength(2);
  });

  it('X11: what the relay refuses to keep holds up nothing; that it takes nothing from this device ends it', async () => {
    await write('Large');
    await write('Small');
    let calls = 0;
    answer = () => (++calls === 1 ? { status: 402, code: 'E-STORAGE-FULL' } : { status: 201 });
    expect(await handOver(options())).toEqual({ documents: 1, drafts: 0, left: 1 });
    answer = () => ({ status: 403, code: 'E-LOG-PERMISSION' });
    await expect(handOver(options())).rejects.toMatchObject({ code: 'E-LOG-PERMISSION' });
  });

  it('X10: a device without anything of its own asks for nothing', async () => {
    expect(await handOver(options())).toEqual({ documents: 0, drafts: 0, left: 0 });
    expect(assertions).toEqual([]);
  });
});
