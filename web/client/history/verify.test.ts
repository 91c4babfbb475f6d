import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { presetToCapabilities } from '../../../shared/device/presets.ts';
import { bytesToBase64url } from '../../../shared/bytes.ts';
import {
  baseSession,
  formatHistoryPage,
  type HistoryBatch,
  parseForgetting,
  shortestHistory,
} from '../../../shared/sync/history.ts';
import { guestAuthor, nextChain, signBatch, withholdRows } from '../../../shared/sync/row.ts';
import { createTestKey, listKey, type TestKey } from '../../../shared/test/keys.ts';
import {
  addition,
  alice,
  appendOperation,
  type GrowingLog,
  noon,
  startLog,
} from '../../../shared/test/log.ts';
import { openTestBrowser, randomBytes, type TestBrowser } from '../documents/browser-fixture.ts';
import { forgetHistory, planForgetting } from './forget.ts';
import { fetchRows, readRows } from './history-rows.ts';
import { addParagraph } from './history-fixture.ts';
import { openHistory, restoreDocumentTo } from './open-history.ts';
import { pastText, viewPast } from './past-view.ts';
import { startRecorder } from './recorder.ts';
import { verifyHistory, type Witnesses } from './verify.ts';

const doc = 'abcdefghijklmnopqrstuvwx';
const other = 'ABCDEFGHIJKLMNOPQRSTUVWX';
const start = noon * 1000;

let laptop: TestKey;
let phone: TestKey;
let identity: TestKey;
let grown: GrowingLog;
let browser: TestBrowser;

beforeAll(async () => {
  [laptop, phone, identity] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
  grown = await startLog(laptop);
  grown = await appendOperation(grown, laptop, addition(phone, undefined, 'phone'));
});
beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

const witnesses = (log = grown.log): Witnesses => ({ space: alice, log, keys: [listKey(identity)] });

/** A log of which a relay tells pages of two batches. */
function createRelay() {
  const batches: HistoryBatch[] = [];
  let log = 'log';
  return {
    batches,
    rename: (name: string) => {
      log = name;
    },
    async add(
      by: TestKey,
      update: Uint8Array,
      change: { device?: string; time?: number; session?: string } = {},
    ) {
      const last = batches.at(-1);
      const session = change.session ?? bytesToBase64url(randomBytes(16));
      const rows = [
        { doc: other, update: new Uint8Array([1]) },
        { doc, update },
      ];
      const time = change.time ?? start + batches.length;
      const whole = await signBatch(
        alice,
        { device: change.device ?? by.did, session, first: 0, time, rows },
        by.sign,
      );
      const batch = await withholdRows(whole, (row) => row.doc !== doc);
      const previous = last?.chain ?? '';
      const chain = await nextChain(previous, alice, batch);
      batches.push({ batch, seq: (last?.seq ?? 0) + 2, chain, previous, received: time });
    },
    download(path: string) {
      const after = Number(path.split('after=')[1]);
      const rest = batches.filter(({ seq }) => seq > after);
      return Promise.resolve(
        new Blob([formatHistoryPage({ log, batches: rest.slice(0, 2), more: rest.length > 2 })]),
      );
    },
  };
}

/** Words that two devices and a guest wrote, a row each. */
async function writeThree() {
  const relay = createRelay();
  const ydoc = new Y.Doc();
  const updates: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => updates.push(update));
  for (const [i, words] of ['from the laptop', 'from the phone', 'from a guest'].entries())
    addParagraph(ydoc, i, words);
  await relay.add(laptop, updates[0]!);
  await relay.add(phone, updates[1]!);
  await relay.add(identity, updates[2]!, { device: guestAuthor(alice) });
  return { relay, ydoc, updates };
}

describe('verifying a history', () => {
  test('S12: rows of devices hold, rows that came in a room are vouched for, and all are fetched once', async () => {
    const { relay } = await writeThree();
    expect(await fetchRows(browser.db, relay, doc)).toBe(3);
    expect(await fetchRows(browser.db, relay, doc)).toBe(0);
    const rows = await readRows(browser.db, doc);
    expect(await verifyHistory(doc, rows, witnesses())).toEqual({
      ...{ signed: 2, vouched: 1, forgotten: 0 },
      faults: [],
    });
  });

  test('a flipped bit at any of 100 places names who is said to have written it, and when', async () => {
    const { relay } = await writeThree();
    await fetchRows(browser.db, relay, doc);
    const [stored] = (await browser.db.rows.where('doc').equals(doc).toArray()).filter(
      ({ seq }) => seq === 4,
    );
    const { entry } = stored!;
    const expected = { author: phone.did, time: start + 1, seq: 4 };
    for (let i = 0; i < 100; i++) {
      // The last bytes say when the relay stored it: its word alone, which nothing proves.
      const at = Math.floor((i * (entry.length - 6)) / 100);
      const flipped = entry.slice();
      flipped[at]! ^= 1 << (i % 8);
      await browser.db.rows.put({ ...stored!, entry: flipped });
      const { faults } = await verifyHistory(doc, await readRows(browser.db, doc), witnesses());
      expect(faults, `byte ${at}`).toEqual([{ ...expected, fault: expect.any(String) as string }]);
    }
  });

  test('a device that was never in, came later, was out by then or may only read is named', async () => {
    const stranger = await createTestKey();
    const reader = await createTestKey();
    let log = await appendOperation(grown, laptop, { t: 'remove', did: phone.did }, noon + 3600);
    log = await appendOperation(
      log,
      laptop,
      addition(reader, presetToCapabilities('read'), 'reader'),
      noon + 3600,
    );
    const relay = createRelay();
    const update = Y.encodeStateAsUpdate(new Y.Doc());
    const hour = 3_600_000;
    await relay.add(stranger, update);
    await relay.add(phone, update, { time: start - hour });
    await relay.add(phone, update, { time: start + 60_000 });
    await relay.add(phone, update, { time: start + 2 * hour });
    await relay.add(reader, update, { time: start + 2 * hour });
    await fetchRows(browser.db, relay, doc);
    const { faults, signed } = await verifyHistory(doc, await readRows(browser.db, doc), witnesses(log.log));
    expect(signed).toBe(1);
    expect(faults.map(({ fault, author }) => [fault, author])).toEqual([
      ['unknown', stranger.did],
      ['right', phone.did],
      ['right', phone.did],
      ['right', reader.did],
    ]);
  });
});

describe('a history on this device', () => {
  test('is built again from rows alone, when everything else of the document is gone', async () => {
    const { relay } = await writeThree();
    await fetchRows(browser.db, relay, doc);
    const tab = await browser.openTab();
    const { timeline } = await openHistory(doc, { ...browser, documents: tab, now: () => start });
    expect(pastText(viewPast(timeline, 3))).toBe('from the laptop\nfrom the phone\nfrom a guest');
    expect(timeline.steps.map(({ kind, author }) => [kind, author])).toEqual([
      ['signed', laptop.did],
      ['signed', phone.did],
      ['vouched', '@alice.test'],
    ]);
  });

  test('has what was written here and not sent yet; that is dropped when rows say it', async () => {
    const tab = await browser.openTab();
    let clock = start;
    const recorder = startRecorder({
      ...{ db: browser.db, documents: tab, now: () => clock },
      onFailure: (error) => expect.fail(String(error)),
    });
    const open = await tab.open(doc);
    const updates: Uint8Array[] = [];
    open.doc.on('update', (update: Uint8Array) => updates.push(update));
    for (const [i, words] of ['one', 'two'].entries()) {
      addParagraph(open.doc, i, words);
      await recorder.flush();
      clock += 60_000;
    }
    const noted = await openHistory(doc, { ...browser, documents: tab, now: () => clock });
    expect(noted.timeline.steps.map(({ kind, at }) => [kind, at])).toEqual([
      ['noted', start],
      ['noted', start + 60_000],
    ]);
    await restoreDocumentTo(doc, noted, { count: 1, documents: tab });
    expect(open.doc.getXmlFragment('content').toJSON()).toBe('<paragraph>one</paragraph>');
    const relay = createRelay();
    for (const update of updates) await relay.add(laptop, update);
    await fetchRows(browser.db, relay, doc);
    const sent = await openHistory(doc, { ...browser, documents: tab, now: () => clock });
    expect(sent.timeline.steps.every(({ kind }) => kind === 'signed')).toBe(true);
    expect(await browser.db.moments.count()).toBe(0);
    recorder.close();
    await open.close();
  });

  test('S11: rows of a log that the relay has no more stay, in front of the others', async () => {
    const { relay, ydoc, updates } = await writeThree();
    await fetchRows(browser.db, relay, doc);
    relay.batches.length = 0;
    relay.rename('another');
    addParagraph(ydoc, 3, 'later');
    await relay.add(phone, updates[3]!, { time: start + 9 });
    await fetchRows(browser.db, relay, doc);
    const rows = await readRows(browser.db, doc);
    expect(rows.map(({ row }) => row.time - start)).toEqual([0, 1, 2, 9]);
    expect((await verifyHistory(doc, rows, witnesses())).faults).toEqual([]);
  });

  test('S14: what is forgotten is gone, and the state of today and the steps since stay', async () => {
    const { relay, ydoc, updates } = await writeThree();
    const month = shortestHistory + 1;
    addParagraph(ydoc, 3, 'lately');
    await relay.add(phone, updates[3]!, { time: start + month });
    await fetchRows(browser.db, relay, doc);
    const before = await readRows(browser.db, doc);
    const now = start + month + 1000;
    expect(await planForgetting(doc, before, { age: 0, now: start + 1000 })).toBeUndefined();
    const plan = await planForgetting(doc, before, { age: 0, now });
    expect(plan).toMatchObject({ until: 6, rows: 3 });
    const put = async (path: string, body: Blob): Promise<void> => {
      expect(path).toBe(`/api/documents/${doc}/base`);
      const { until, base } = parseForgetting(new Uint8Array(await body.arrayBuffer()));
      expect(base.session.startsWith(baseSession)).toBe(true);
      for (const [i, at] of relay.batches.entries())
        if (at.seq <= until) relay.batches[i] = { ...at, batch: await withholdRows(at.batch, () => true) };
      await relay.add(laptop, base.rows[0]!.update, { session: base.session, time: base.time });
    };
    await forgetHistory(doc, plan!, {
      ...{
        db: browser.db,
        api: { ...relay, put },
        space: alice,
        keys: laptop,
        now: () => now,
        random: randomBytes,
      },
    });
    const rows = await readRows(browser.db, doc);
    const tab = await browser.openTab();
    const { timeline } = await openHistory(doc, { ...browser, documents: tab, now: () => now });
    expect(timeline.steps.map(({ kind }) => kind)).toEqual(['base', 'signed']);
    expect(pastText(viewPast(timeline, 2))).toBe('from the laptop\nfrom the phone\nfrom a guest\nlately');
    expect(await verifyHistory(doc, rows, witnesses())).toMatchObject({ forgotten: 3, faults: [] });
  });
});
