import { beforeAll, expect, it } from 'vitest';
import { presetToCapabilities } from '../../../shared/device/presets.ts';
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

let laptop: TestKey;
let reader: TestKey;
let narrowed: TestKey;
let grown: GrowingLog;

beforeAll(async () => {
  [laptop, reader, narrowed] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
  grown = await startLog(laptop);
  grown = await appendOperation(grown, laptop, addition(reader, presetToCapabilities('read'), 'reader'));
  grown = await appendOperation(grown, laptop, addition(narrowed, presetToCapabilities('daily'), 'phone'));
  const cap = presetToCapabilities('read');
  grown = await appendOperation(grown, laptop, { t: 'change', did: narrowed.did, cap });
});

/** What becomes of a row that this key signed and a relay passes on. */
async function receive(key: TestKey): Promise<string> {
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
  const rows = [{ doc: 'abcdefghijklmnopqrstuvwx', update: new Uint8Array([0, 0]) }];
  const made = { device: key.did, session: 'A'.repeat(22), first: 0, time: 1_795_262_400_000, rows };
  const batch = await signBatch(space, made, key.sign);
  const stored = [{ batch, seq: 1, chain: await nextChain(emptyChain, space, batch) }];
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
