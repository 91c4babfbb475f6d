import { beforeAll, describe, expect, it } from 'vitest';

import { everything } from '../../../shared/device/capability.ts';
import { signLogEntry, verifyDeviceLog } from '../../../shared/device/device-log.ts';
import type { IdentityKey } from '../../../shared/identity/key-set.ts';
import { type Batch, emptyChain, guestAuthor, nextChain, signBatch } from '../../../shared/sync/row.ts';
import { createTestKey, describeDevice, listKey, type TestKey } from '../../../shared/test/keys.ts';
import { alice as space, bob } from '../../../shared/test/log.ts';
import { createIncoming } from './incoming.ts';

const time = 1_795_262_400_000;
const doc = 'abcdefghijklmnopqrstuvwx';

describe('Z6: rows of guests on a device', () => {
  let identity: TestKey;
  let next: TestKey;
  let device: TestKey;
  let entries: string[];

  beforeAll(async () => {
    [identity, next, device] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
    const op = { t: 'add' as const, device: describeDevice(device), cap: [...everything] };
    entries = [await signLogEntry(undefined, { iss: space, iat: 1, by: device.did, op }, device.sign)];
  });

  const batch = (key: TestKey): Promise<Batch> =>
    signBatch(
      space,
      {
        ...{ device: guestAuthor(bob), session: 'A'.repeat(22), first: 0, time },
        rows: [{ doc, update: new Uint8Array([0, 0]) }],
      },
      key.sign,
    );

  function open(keys: readonly IdentityKey[], now: readonly IdentityKey[] = keys) {
    const applied: string[] = [];
    let asked = 0;
    const incoming = createIncoming(
      {
        ...{ space, entries, keys },
        readLog: () => verifyDeviceLog(space, entries),
        readKeys: () => {
          asked++;
          return Promise.resolve(now);
        },
        receive: (rows) => {
          applied.push(...rows.map((row) => row.doc));
          return Promise.resolve();
        },
        applyProvisional: (row) => void applied.push(`shown ${row.doc}`),
      },
      { log: 'log', seq: 0, chain: emptyChain },
    );
    return { incoming, applied, asked: () => asked };
  }

  const stored = async (made: Batch) => [
    { batch: made, seq: 1, chain: await nextChain(emptyChain, space, made) },
  ];

  it('Z6: are applied like others when an identity key signed them', async () => {
    const { incoming, applied, asked } = open([listKey(identity)]);
    const made = await batch(identity);
    await incoming.provisional([made]);
    expect(await incoming.committed(made, (await stored(made))[0]!, false)).toBe(true);
    expect(applied).toEqual([`shown ${doc}`, doc]);
    expect(asked()).toBe(0);
  });

  it('Z6: when no key fits that is known, the relay is asked for its keys once', async () => {
    const { incoming, applied, asked } = open(
      [listKey(identity)],
      [listKey(identity), listKey(next, '261122')],
    );
    await incoming.stored(await stored(await batch(next)));
    expect(applied).toEqual([doc]);
    expect(asked()).toBe(1);
  });

  it('Z6: are refused when a device signed them, or anybody else', async () => {
    for (const key of [device, next]) {
      const { incoming, applied } = open([listKey(identity)]);
      await expect(incoming.stored(await stored(await batch(key)))).rejects.toMatchObject({
        code: 'E-ROW-INVALID',
      });
      expect(applied).toEqual([]);
    }
  });
});
