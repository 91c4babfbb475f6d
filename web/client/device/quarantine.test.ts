import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import type { QuarantineItem } from '../../../shared/api/quarantine.ts';
import { bytesToBase64url, copyBytes } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import { openTestBrowser, type TestBrowser, updateWith, words } from '../documents/browser-fixture.ts';
import type { Documents } from '../documents/documents.ts';
import type { RelayApi } from '../relay/relay-api.ts';
import { createQuarantine } from './quarantine.ts';

const id = 'q'.repeat(43);
const page: QuarantineItem = {
  kind: 'document',
  doc: 'aBcDeFgHiJkLmNoPqRsTuVwX',
  title: 'Train',
  type: 'text',
  update: bytesToBase64url(copyBytes(updateWith('On the train'))),
};
const draft: QuarantineItem = { kind: 'draft', nonce: 'n', t: 'POST', text: 'Hello\nyou', written: 1 };

let browser: TestBrowser;
let first: Documents;
let held: QuarantineItem | undefined;
let away = false;

beforeEach(async () => {
  browser = await openTestBrowser();
  first = await browser.openTab();
  away = false;
});
afterEach(() => browser.close());

/** A relay that holds one item. */
const api = {
  get: (_path: string, schema: v.GenericSchema) => {
    if (!held) return Promise.reject(new IsletError('E-CORE-NOTFOUND', 'gone'));
    return Promise.resolve(v.parse(schema, { id, device: 'phone', receivedAt: 1, item: held }));
  },
  remove: () => {
    if (away) return Promise.reject(new Error('away'));
    held = undefined;
    return Promise.resolve(true);
  },
} as unknown as RelayApi;
const open = () => createQuarantine({ api, documents: first, untitled: (device) => `From ${device}` });
const read = async (doc: string) => words((await first.snapshot(doc)).doc);

describe('X12: what was handed over, on another device', () => {
  it('X12: looking changes nothing', async () => {
    held = page;
    expect(await open().look(id)).toBe('On the train');
    held = draft;
    expect(await open().look(id)).toBe('Hello\nyou');
    expect(first.entries()).toEqual([]);
  });

  it('X12: a document is taken in under a name of its own, and is then gone from the relay', async () => {
    held = page;
    const doc = await open().take(id);
    expect(doc).not.toBe(page.kind === 'document' && page.doc);
    expect(first.entry(doc)).toMatchObject({ title: 'Train', type: 'text' });
    expect(await read(doc)).toBe('On the train');
    expect(held).toBeUndefined();
  });

  it.each([page, draft])(
    'X12: a $kind that is taken twice, because the answer was lost, is one document with its words once',
    async (item) => {
      held = item;
      away = true;
      await expect(open().take(id)).rejects.toThrow('away');
      away = false;
      const doc = await open().take(id);
      expect(await read(doc)).toBe(item.kind === 'draft' ? 'Hello\nyou' : 'On the train');
      expect(first.entries()).toHaveLength(1);
    },
  );

  it('X12: what has no title has the name of the device', async () => {
    held = { ...draft, text: ' ' };
    expect(first.entry(await open().take(id))?.title).toBe('From phone');
  });

  it('X12: what was discarded is gone', async () => {
    held = page;
    await open().discard(id);
    await expect(open().take(id)).rejects.toMatchObject({ code: 'E-CORE-NOTFOUND' });
    expect(first.entries()).toEqual([]);
  });
});
