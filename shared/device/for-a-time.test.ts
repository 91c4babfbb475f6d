import { describe, expect, it } from 'vitest';
import { createTestKey, describeDevice, type TestKey } from '../test/keys.ts';
import { addition, appendOperation, type GrowingLog, noon, startLog } from '../test/log.ts';
import { codeOf } from '../test/vectors.ts';
import { everything } from './capability.ts';

/** A log with a second device that may do everything until `noon + 100`. */
async function startWithGuest(laptop: TestKey, guest: TestKey): Promise<GrowingLog> {
  const op = { t: 'add', device: describeDevice(guest, 'guest'), cap: [...everything], until: noon + 100 };
  return appendOperation(await startLog(laptop), laptop, op as Parameters<typeof appendOperation>[2]);
}

describe('L3, L9: a device that is in for a time', () => {
  it('L3: lets nobody in for longer than it stays itself', async () => {
    const [laptop, guest, other] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
    const log = await startWithGuest(laptop, guest);
    const letIn = (by: TestKey, until?: number) => {
      const device = describeDevice(other, 'other');
      const end = until === undefined ? {} : { until };
      return codeOf(() => appendOperation(log, by, { t: 'add', device, cap: [...everything], ...end }));
    };
    expect(await letIn(guest)).toBe('E-LOG-PERMISSION');
    expect(await letIn(guest, noon + 101)).toBe('E-LOG-PERMISSION');
    expect(await letIn(guest, noon + 100)).toBe('accepted');
    expect(await letIn(laptop)).toBe('accepted');
    const narrowed = { t: 'change', did: guest.did, until: noon + 50 } as const;
    const shorter = await appendOperation(log, laptop, narrowed);
    const op = { ...addition(other), until: noon + 100 } as Parameters<typeof appendOperation>[2];
    expect(await codeOf(() => appendOperation(shorter, guest, op))).toBe('E-LOG-PERMISSION');
  });

  it('L9: makes no key by which it would come in again', async () => {
    const [laptop, guest, kit] = await Promise.all([createTestKey(), createTestKey(), createTestKey()]);
    const log = await startWithGuest(laptop, guest);
    const key = { ...describeDevice(kit, 'Kit'), kind: 'password' as const };
    expect(await codeOf(() => appendOperation(log, guest, { t: 'key', key }))).toBe('E-LOG-PERMISSION');
    expect(await codeOf(() => appendOperation(log, laptop, { t: 'key', key }))).toBe('accepted');
  });
});
