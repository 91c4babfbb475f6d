import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredBatch } from '../../../shared/sync/frame.ts';
import { type Batch, emptyChain, nextChain, type Row, signBatch } from '../../../shared/sync/row.ts';
import { createTestKey, type TestKey } from '../../../shared/test/keys.ts';
import { alice as space, type GrowingLog, startLog } from '../../../shared/test/log.ts';
import { codeOf } from '../../../shared/test/vectors.ts';
import { createIncoming } from './incoming.ts';

const text = 'abcdefghijklmnopqrstuvwx';

let laptop: TestKey;
let grown: GrowingLog;
/** Two rows, one row, two rows: as the log has them, one behind the other. */
let told: StoredBatch[];

const says = (first: number, count: number): Promise<Batch> => {
  const rows = Array.from({ length: count }, (_, i) => ({ doc: text, update: new Uint8Array([first, i]) }));
  const made = { device: laptop.did, session: 'A'.repeat(22), first, time: 1_795_262_400_000, rows };
  return signBatch(space, made, laptop.sign);
};

/** The batches as a log has them in which they stand in this order, and nothing else does. */
async function place(...batches: readonly Batch[]): Promise<StoredBatch[]> {
  const placed: StoredBatch[] = [];
  for (const batch of batches) {
    const before = placed.at(-1) ?? { seq: 0, chain: emptyChain };
    const chain = await nextChain(before.chain, space, batch);
    placed.push({ batch, seq: before.seq + batch.rows.length, chain });
  }
  return placed;
}

beforeAll(async () => {
  laptop = await createTestKey();
  grown = await startLog(laptop);
  told = await place(await says(0, 2), await says(2, 1), await says(3, 2));
});

function open() {
  const taken: Row[] = [];
  const incoming = createIncoming(
    {
      ...{ space, entries: grown.entries, keys: [] },
      readLog: () => Promise.resolve(grown.log),
      readKeys: () => Promise.resolve([]),
      receive: (rows) => Promise.resolve(void taken.push(...rows)),
      applyProvisional: () => undefined,
    },
    { log: 'log', seq: 0, chain: emptyChain },
  );
  return { incoming, taken };
}

describe('a relay that tells another log than it told before', () => {
  /** What it says behind the first batch. */
  const lies: Record<string, () => Promise<StoredBatch>> = {
    'leaves rows out': async () => told[2]!,
    'leaves rows out and numbers as if it had not': async () => ({ ...told[2]!, seq: 4 }),
    'has another past beneath the rows': async () => (await place(told[2]!.batch, told[1]!.batch))[1]!,
    'counts a row too many': async () => ({ ...told[1]!, seq: 4 }),
    'names the chain of before': async () => ({ ...told[1]!, chain: told[0]!.chain }),
  };

  it.each(Object.entries(lies))('S5: it %s: nothing of it is stored', async (_, lie) => {
    const { incoming, taken } = open();
    await incoming.stored([told[0]!]);
    expect(await codeOf(async () => incoming.stored([await lie()]))).toBe('E-ROW-INVALID');
    expect(taken).toEqual(told[0]!.batch.rows);
    expect(incoming.cursor).toMatchObject({ seq: told[0]!.seq, chain: told[0]!.chain });
  });

  it.each(Object.entries(lies))('S5, S9: it %s in a commit: that does not follow', async (_, lie) => {
    const { incoming, taken } = open();
    await incoming.stored([told[0]!]);
    const { batch, ...where } = await lie();
    expect(await incoming.committed(batch, where, false)).toBe(false);
    expect(taken).toEqual(told[0]!.batch.rows);
    expect(incoming.cursor.seq).toBe(2);
  });
});

it('S4, S5: the log as it is is taken, and what is told twice once', async () => {
  const { incoming, taken } = open();
  await incoming.stored(told.slice(0, 2));
  const { batch, ...where } = told[2]!;
  expect(await incoming.committed(batch, where, false)).toBe(true);
  await incoming.stored(told);
  expect(await incoming.committed(batch, where, false)).toBe(true);
  expect(taken).toEqual(told.flatMap(({ batch: { rows } }) => rows));
  expect(incoming.cursor).toMatchObject(where);
});
