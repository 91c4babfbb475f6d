import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { wasTold } from '../store/fault-fixture.ts';
import { createLedger } from '../sync/ledger.ts';
import { type TestBrowser, openTestBrowser, stored, type, updateWith, words } from './browser-fixture.ts';
import type { Documents } from './documents.ts';
import { counted } from '../../../shared/test/counted.ts';

let browser: TestBrowser;

beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') counted('stories of a browser’s storage that fails', 1);
  vi.restoreAllMocks();
  await browser.close();
});

/** What a browser says when a disk is full, closed, blocked or damaged. */
const reasons = ['QuotaExceededError', 'InvalidStateError', 'UnknownError', 'AbortError'] as const;

/** Lets each `every`-th request of IndexedDB fail from now on, counted from `before`. Returns its end, and how many failed. */
function plantFaults(every: number, before = 0): { stop: () => void; planted: () => number } {
  let calls = before;
  let failed = 0;
  const spies = (['put', 'add', 'get', 'getAll', 'openCursor'] as const).map((name) => {
    const original = IDBObjectStore.prototype[name] as (...args: unknown[]) => unknown;
    const faulty = function (this: IDBObjectStore, ...args: unknown[]): unknown {
      if (isLoading() || (calls += 1) % every !== 0) return original.apply(this, args);
      failed += 1;
      throw new DOMException('planted', reasons[failed % reasons.length]);
    };
    return vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(faulty as never);
  });
  return { stop: () => spies.forEach((spy) => spy.mockRestore()), planted: () => failed };
}

/** y-indexeddb keeps a failure of its own loading to itself; its silence is ended by a deadline, which tests do not wait for. */
function isLoading(): boolean {
  const stack = new Error('where').stack ?? '';
  return stack.includes('y-indexeddb') && !stack.includes('_storeUpdate');
}

const turns = [2, 3, 5, 7];

test.each(turns)(
  'write: with every %i-th call failing, what is called saved is in storage',
  async (every) => {
    const tab = await browser.openTab();
    const document = await tab.open(tab.newId());
    for (let line = 0; line < 8; line++) {
      const faults = plantFaults(every, line);
      type(document.doc, `line ${line}`);
      const told = await wasTold(document.whenSaved());
      const says = document.saved.get().kind;
      faults.stop();
      if (told) expect(says).toBe('failed');
      else {
        expect((await stored(document.id)).split('\n')).toHaveLength(line + 1);
      }
    }
    type(document.doc, 'last');
    await document.whenSaved();
    expect((await stored(document.id)).split('\n')).toHaveLength(9);
  },
);

test.each(turns)(
  'sync: with every %i-th call failing, the cursor never passes a row that is not here',
  async (every) => {
    const tab = await browser.openTab();
    const id = tab.newId();
    const ledger = createLedger(browser.db);
    let failures = 0;
    for (let seq = 1; seq <= 8; seq++) {
      const row = { doc: id, update: updateWith(`row ${seq}`) };
      const faults = plantFaults(every, seq);
      const told = await wasTold(tab.receive([row], { space: 'alice.test', log: 'log', seq, chain: '' }));
      const lied = !told && (await wasTold(ledger.add([row], { at: seq })));
      faults.stop();
      failures += told || lied ? 1 : 0;
      const cursor = await browser.db.cursors.get('alice.test');
      const kept = await tab.snapshot(id);
      const has = words(kept.doc).split('\n').includes(`row ${seq}`);
      expect(told ? cursor?.['seq'] !== seq || has : cursor?.['seq'] === seq && has).toBe(true);
    }
    expect(failures).toBeGreaterThan(0);
  },
);

test.each(turns)(
  'open: with every %i-th call failing, a document that is not whole says so',
  async (every) => {
    const tab = await browser.openTab();
    const ids = Array.from({ length: 6 }, () => tab.newId());
    for (const id of ids) {
      const document = await tab.open(id);
      type(document.doc, `words of ${id}`);
      await document.whenSaved();
      await document.close();
    }
    let planted = 0;
    for (const [i, id] of ids.entries()) {
      const faults = plantFaults(every, every - 1 - (i % 3));
      await assertHonest(tab, id);
      faults.stop();
      planted += faults.planted();
    }
    expect(planted).toBeGreaterThan(0);
    for (const id of ids) expect(await stored(id)).toContain(`words of ${id}`);
  },
);

async function assertHonest(tab: Documents, id: string): Promise<void> {
  const document = await tab.open(id).catch(() => undefined);
  if (!document) return;
  const isWhole = words(document.doc).includes(`words of ${id}`);
  const says = document.saved.get().kind;
  const fails = await wasTold(document.whenSaved());
  expect(isWhole || says === 'failed' || fails || document.saved.get().kind === 'failed').toBe(true);
  await document.close();
}

test('a copy for comparison is never made from a part: what cannot be read rejects', async () => {
  const tab = await browser.openTab();
  const id = tab.newId();
  const document = await tab.open(id);
  type(document.doc, 'all of it');
  await document.whenSaved();
  await document.close();
  for (const every of [1, 2]) {
    const faults = plantFaults(every);
    const copy = await tab.snapshot(id).catch(() => undefined);
    faults.stop();
    if (copy) expect(words(copy.doc)).toBe('all of it');
  }
  expect(Y.encodeStateVector((await tab.snapshot(id)).doc).length).toBeGreaterThan(1);
});
