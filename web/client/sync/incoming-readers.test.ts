import { beforeAll, expect, it } from 'vitest';
import { folderCapabilities, presetToCapabilities } from '../../../shared/device/presets.ts';
import { emptyChain, nextChain, signBatch } from '../../../shared/sync/row.ts';
import { createTestKey, type TestKey } from '../../../shared/test/keys.ts';
import {
  addition,
  alice as space,
  appendOperation,
  type GrowingLog,
  startLog,
} from '../../../shared/test/log.ts';
import { createIncoming } from './incoming.ts';

const folder = 'folderfolderfolderfolder';
const text = 'abcdefghijklmnopqrstuvwx';

let laptop: TestKey;
let reader: TestKey;
let narrowed: TestKey;
let inFolder: TestKey;
let readsFolder: TestKey;
let grown: GrowingLog;

beforeAll(async () => {
  [laptop, reader, narrowed] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
  [inFolder, readsFolder] = await Promise.all([createTestKey(), createTestKey()]);
  grown = await startLog(laptop);
  grown = await appendOperation(grown, laptop, addition(reader, presetToCapabilities('read'), 'reader'));
  grown = await appendOperation(grown, laptop, addition(narrowed, presetToCapabilities('daily'), 'phone'));
  grown = await appendOperation(
    grown,
    laptop,
    addition(inFolder, folderCapabilities(folder, true), 'tablet'),
  );
  grown = await appendOperation(
    grown,
    laptop,
    addition(readsFolder, folderCapabilities(folder, false), 'tv'),
  );
  const cap = presetToCapabilities('read');
  grown = await appendOperation(grown, laptop, { t: 'change', did: narrowed.did, cap });
});

/** What becomes of rows that this key signed and a relay passes on. */
async function receive(key: TestKey, ...docs: string[]): Promise<string> {
  const incoming = createIncoming(
    {
      ...{ space, entries: grown.entries, keys: [] },
      readLog: () => Promise.resolve(grown.log),
      readKeys: () => Promise.resolve([]),
      receive: () => Promise.resolve(),
      applyProvisional: () => undefined,
    },
    { log: 'log', seq: 0, chain: emptyChain },
  );
  const named = docs.length > 0 ? docs : [text];
  const rows = named.map((doc) => ({ doc, update: new Uint8Array([0, 0]) }));
  const made = { device: key.did, session: 'A'.repeat(22), first: 0, time: 1_795_262_400_000, rows };
  const batch = await signBatch(space, made, key.sign);
  const stored = [{ batch, seq: rows.length, chain: await nextChain(emptyChain, space, batch) }];
  return incoming.stored(stored).then(
    () => 'taken',
    (error: unknown) => (error as { code?: string }).code ?? 'failed',
  );
}

it('C11: rows of a device that never might write are refused whatever the relay says; what one wrote before it was narrowed stays', async () => {
  expect(await receive(laptop)).toBe('taken');
  expect(await receive(reader)).toBe('E-ROW-INVALID');
  expect(await receive(narrowed)).toBe('taken');
});

it('C15: rows of a device with one folder count in any document, and never in the index; of one that only reads it none do', async () => {
  expect(await receive(laptop, text, 'index')).toBe('taken');
  expect(await receive(inFolder)).toBe('taken');
  expect(await receive(inFolder, 'zyxwvutsrqponmlkjihgfedc', text)).toBe('taken');
  expect(await receive(inFolder, 'index')).toBe('E-ROW-INVALID');
  expect(await receive(inFolder, text, 'index')).toBe('E-ROW-INVALID');
  expect(await receive(readsFolder)).toBe('E-ROW-INVALID');
});
