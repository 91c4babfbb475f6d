import fc from 'fast-check';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { idTagSchema } from '../identity/id-tag.ts';
import { createTestKey, listKey, type TestKey } from '../test/keys.ts';
import { addition, alice, appendOperation, bob, type GrowingLog, noon, startLog } from '../test/log.ts';
import { holds } from '../test/seeded.ts';
import { codeOf, errorCode, readVectors } from '../test/vectors.ts';
import {
  appendLogEntry,
  continuesPinned,
  countersignLogEntry,
  findDevice,
  isOrdered,
  signLogEntry,
  verifyDeviceLog,
  verifyLogCountersignature,
} from './device-log.ts';

const texts = v.array(v.string());
const vectors = readVectors(
  'vectors/device-logs.json',
  v.object({
    idTag: idTagSchema,
    valid: v.array(
      v.object({ why: v.string(), entries: texts, head: v.string(), gen: v.number(), enrolled: texts }),
    ),
    invalid: v.array(v.object({ why: v.string(), code: errorCode, before: texts, entry: v.string() })),
  }),
);

const openLog = (entries: readonly string[]) =>
  entries.length > 0 ? verifyDeviceLog(alice, entries) : undefined;

describe('L1–L4: the vectors', () => {
  it.each(vectors.valid)('$why', async ({ entries, head, gen, enrolled }) => {
    const log = await verifyDeviceLog(vectors.idTag, entries);
    expect(log).toMatchObject({ head, gen, length: entries.length });
    expect([...log.devices.keys()].filter((did) => findDevice(log, did))).toEqual(enrolled);
  });

  it.each(vectors.invalid)('$code $why', async ({ code, before, entry }) => {
    const log = await openLog(before);
    expect(await codeOf(() => appendLogEntry(vectors.idTag, log, entry))).toBe(code);
  });

  it('L1: an empty log is none', async () => {
    expect(await codeOf(() => verifyDeviceLog(alice, []))).toBe('E-LOG-INVALID');
  });

  it('L1: the log of one identity is not that of another', async () => {
    const { entries } = vectors.valid[0]!;
    expect(await codeOf(() => verifyDeviceLog(bob, entries))).toBe('E-LOG-INVALID');
  });
});

describe('L1–L6: logs that grow', () => {
  let keys: TestKey[];
  let first: GrowingLog;
  beforeAll(async () => {
    keys = await Promise.all(Array.from({ length: 5 }, createTestKey));
    first = await startLog(keys[0]!);
  });

  it('L1: appending leaves the log that was there unchanged', async () => {
    const before = structuredClone(first.log);
    await appendOperation(first, keys[0]!, addition(keys[1]!));
    expect(first.log).toEqual(before);
  });

  it('L1, L6: two entries for one place are a fork, whichever came first', async () => {
    const [laptop, phone, tablet] = keys as [TestKey, TestKey, TestKey];
    const left = await appendOperation(first, laptop, addition(phone));
    const right = await appendOperation(first, laptop, addition(tablet));
    expect(await codeOf(() => appendLogEntry(alice, left.log, right.entries[1]!))).toBe('E-LOG-FORK');
    expect(continuesPinned(right.log, left.log)).toBe(false);
    expect(continuesPinned(left.log, left.log)).toBe(true);
    expect(continuesPinned(left.log, first.log)).toBe(true);
    expect(continuesPinned(first.log, left.log)).toBe(false);
  });

  it('L1–L3: random histories: the log continues every head it ever had, and one exchanged entry breaks it', () =>
    holds(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(4), fc.nat(4), fc.nat(2)), { maxLength: 8 }),
        fc.nat(),
        async (steps, at) => {
          let grown = first;
          const heads = [grown.log];
          for (const [by, on, kind] of steps) {
            const did = keys[on]!.did;
            const op = [
              addition(keys[on]!),
              { t: 'remove' as const, did },
              { t: 'gen' as const, gen: grown.log.gen + 1 },
            ][kind]!;
            const before = grown;
            const code = await codeOf(async () => {
              grown = await appendOperation(before, keys[by]!, op);
            });
            const enrolled = findDevice(before.log, keys[by]!.did) !== undefined;
            const others = [...before.log.devices.values()].filter(({ did: other }) => other !== did);
            const somebodyStays = others.some(({ removedAt }) => removedAt === undefined);
            const removable = findDevice(before.log, did) !== undefined && somebodyStays;
            const possible = [!before.log.devices.has(did), removable, true][kind]!;
            expect(code === 'accepted').toBe(enrolled && possible);
            heads.push(grown.log);
          }
          const again = await verifyDeviceLog(alice, grown.entries);
          expect(again).toEqual(grown.log);
          for (const head of heads) expect(continuesPinned(again, head)).toBe(true);
          const left = at % grown.entries.length;
          const broken = await codeOf(() => verifyDeviceLog(alice, grown.entries.toSpliced(left, 1)));
          // Only the newest entry can be left out unseen: that is what the pinned head is for.
          expect(broken === 'accepted').toBe(left > 0 && left === grown.entries.length - 1);
        },
      ),
      { runs: 40 },
    ));

  it('L5: the countersignature is of the same bytes and of a listed key', async () => {
    const [laptop, phone, relay] = keys as [TestKey, TestKey, TestKey];
    const entry = first.entries[0]!;
    const other = await signLogEntry(
      first.log,
      { iss: alice, iat: noon, by: laptop.did, op: addition(phone) },
      laptop.sign,
    );
    const good = await countersignLogEntry(entry, '261121', relay.sign);
    await verifyLogCountersignature(entry, good, [listKey(relay)]);
    expect(await codeOf(() => verifyLogCountersignature(other, good, [listKey(relay)]))).toBe(
      'E-LOG-INVALID',
    );
    expect(await codeOf(() => verifyLogCountersignature(entry, good, [listKey(phone)]))).toBe(
      'E-TOKEN-SIGNATURE',
    );
    expect(await codeOf(() => verifyLogCountersignature(entry, { ...good, k: 'x' }, [listKey(relay)]))).toBe(
      'E-KEY-UNKNOWN',
    );
    const byDevice = { k: '261121', token: entry };
    expect(await codeOf(() => verifyLogCountersignature(entry, byDevice, [listKey(relay)]))).toBe(
      'E-TOKEN-SIGNATURE',
    );
  });

  it('L5: what the relay signed is no entry: the device signature is missing', async () => {
    const relay = keys[4]!;
    const { token } = await countersignLogEntry(first.entries[0]!, '261121', relay.sign);
    expect(await codeOf(() => verifyDeviceLog(alice, [token]))).toBe('E-TOKEN-SIGNATURE');
  });
});

describe('L8: standing orders', () => {
  it('L8: stand from the entry that gives them to the one that withdraws them', async () => {
    const laptop = await createTestKey();
    const given = await appendOperation(
      await startLog(laptop),
      laptop,
      { t: 'order', order: 'connect', on: true },
      noon + 10,
    );
    const { log } = await appendOperation(
      given,
      laptop,
      { t: 'order', order: 'connect', on: false },
      noon + 20,
    );
    expect([9, 10, 19, 20].map((after) => isOrdered(log, 'connect', noon + after))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isOrdered(log, 'approve', noon + 15)).toBe(false);
  });

  it('L8: are given by a device that may say the same itself, and by no other', async () => {
    const [laptop, phone, clock] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
    const answers = addition(phone, [{ act: 'action/create', res: 'type:CONN' }], 'phone');
    const comments = addition(clock, [{ act: 'action/create', res: 'type:CMNT' }], 'clock');
    const log = await appendOperation(
      await appendOperation(await startLog(laptop), laptop, answers),
      laptop,
      comments,
    );
    const order = (by: TestKey, name: 'connect' | 'approve') =>
      codeOf(() => appendOperation(log, by, { t: 'order', order: name, on: true }));
    expect(await order(phone, 'connect')).toBe('accepted');
    expect(await order(phone, 'approve')).toBe('E-LOG-PERMISSION');
    expect(await order(clock, 'connect')).toBe('E-LOG-PERMISSION');
    expect(await order(await createTestKey(), 'connect')).toBe('E-LOG-PERMISSION');
  });
});
