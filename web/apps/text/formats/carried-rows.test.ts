import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatHistoryBatch } from '../../../../shared/sync/history.ts';
import { withholdRows } from '../../../../shared/sync/row.ts';
import { openTestBrowser, type TestBrowser, updateWith } from '../../../client/documents/browser-fixture.ts';
import { readRows } from '../../../client/history/history-rows.ts';
import { createRelayLog } from '../../../client/sync/relay-log-fixture.ts';
import { keepCarriedRows, readCarriedRows } from './carried-rows.ts';

const doc = 'a'.repeat(24);
const other = 'b'.repeat(24);

let browser: TestBrowser;
beforeEach(async () => {
  browser = await openTestBrowser();
});
afterEach(() => browser.close());

/** Rows as a file carries them: two of the document, one of them beside another document that is told by its hash. */
async function carried() {
  const relay = await createRelayLog();
  await relay.append([{ doc, update: updateWith('one') }]);
  await relay.append([
    { doc, update: updateWith('two') },
    { doc: other, update: updateWith('elsewhere') },
  ]);
  await relay.append([{ doc: other, update: updateWith('not ours') }]);
  const rows = await Promise.all(
    relay.stored.map(async (at) => {
      const batch = at.seq === 3 ? await withholdRows(at.batch, (row) => row.doc !== doc) : at.batch;
      return { log: 'there', entry: formatHistoryBatch({ ...at, batch, previous: '', received: 1 }) };
    }),
  );
  return { rows, relay };
}

test('rows that a file brings are kept for the history, in order, and go out with the next file', async () => {
  const { rows } = await carried();
  await keepCarriedRows(browser.db, doc, rows);
  const kept = await readRows(browser.db, doc);
  expect(kept.map(({ at }) => at?.seq)).toEqual([1, 3]);
  expect((await browser.db.rows.toArray()).every(({ old, log }) => old === 1 && log === 'there')).toBe(true);
  expect(await readCarriedRows(browser.db, doc)).toEqual(rows.slice(0, 2));
});

test('what is here already stays as it is, what tells of another document or is no row is passed over, twice is as good as once', async () => {
  const { rows } = await carried();
  await keepCarriedRows(browser.db, doc, rows.slice(0, 1));
  const [first] = await browser.db.rows.toArray();
  await browser.db.rows.put({ ...first!, log: 'here', old: 0 });
  const damaged = { log: 'there', entry: rows[0]!.entry.slice(0, -4) };
  const nothing = { log: 'there', entry: new Uint8Array([1, 2, 3]) };
  for (let i = 0; i < 2; i++) await keepCarriedRows(browser.db, doc, [damaged, nothing, ...rows]);
  const kept = await browser.db.rows.toArray();
  expect(kept.map(({ seq, log, old }) => [seq, log, old]).sort()).toEqual([
    [1, 'here', 0],
    [3, 'there', 1],
  ]);
  expect(kept.every((row) => row.doc === doc)).toBe(true);
});
