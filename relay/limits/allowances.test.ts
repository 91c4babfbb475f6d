import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IsletError } from '../../shared/errors.ts';
import { openStore, type Store } from '../store/database.ts';
import { listAllowances } from '../store/allowances.ts';
import { type Allowances, openAllowances } from './allowances.ts';
import { rules } from './rules.ts';

const address = '203.0.113.7';
const { most, perMinute } = rules.secrets;

describe('H2: what is used up', () => {
  let folder: string;
  let store: Store;
  let at = 1_000_000_000_000;
  const open = (factor = 1): Promise<Allowances> =>
    openAllowances({ db: store.db, now: () => at, factor, report: fail });
  const fail = (error: unknown) => {
    throw error;
  };
  const use = (allowances: Allowances, count: number, who = address) => {
    for (let i = 0; i < count; i++) allowances.take('secrets', who);
  };
  const refusal = (allowances: Allowances, who = address): unknown => {
    try {
      allowances.take('secrets', who);
      return undefined;
    } catch (error) {
      return error instanceof IsletError ? [error.code, error.details] : error;
    }
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-limits-'));
    store = await openStore(join(folder, 'a'), () => at);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  test('so much at once, told how long to wait; others are not touched; it comes back evenly', async () => {
    const allowances = await open();
    use(allowances, most);
    const wait = Math.ceil(60 / perMinute);
    expect(refusal(allowances)).toEqual(['E-CORE-RATELIMIT', { wait }]);
    expect(refusal(allowances)).toEqual(['E-CORE-RATELIMIT', { wait }]);
    use(allowances, most, '203.0.113.8');
    at += 10 * (60_000 / perMinute);
    use(allowances, 10);
    expect(refusal(allowances)).toMatchObject(['E-CORE-RATELIMIT', {}]);
    at += 365 * 86_400_000;
    use(allowances, most);
    expect(refusal(allowances)).toBeDefined();
    await allowances.close();
  });

  test('a clock that is set back gives nothing and takes nothing', async () => {
    const allowances = await open();
    use(allowances, most);
    at -= 10 * 365 * 86_400_000;
    expect(refusal(allowances)).toBeDefined();
    at += 60_000;
    use(allowances, perMinute);
    expect(refusal(allowances)).toBeDefined();
    await allowances.close();
  });

  test('who was refused is refused after a crash too: the note is on the disk before the refusal is told', async () => {
    const allowances = await open();
    use(allowances, most);
    expect(refusal(allowances)).toBeDefined();
    await allowances.noted();
    // As it lies on the disk now, nothing having been closed.
    await cp(join(folder, 'a'), join(folder, 'b'), { recursive: true });
    const after = await openStore(join(folder, 'b'), () => at);
    const again = await openAllowances({ db: after.db, now: () => at, factor: 1, report: fail });
    expect(refusal(again)).toBeDefined();
    expect(refusal(again, '203.0.113.8')).toBeUndefined();
    await again.close();
    await after.close();
    await allowances.close();
  });

  test('a restart keeps what is less than half; what came back leaves no row behind', async () => {
    const first = await open();
    use(first, most - 1);
    use(first, 1, 'hardly used');
    await first.close();
    expect((await listAllowances(store.db)).map(({ who }) => who)).toEqual([address]);
    const second = await open();
    use(second, 1);
    expect(refusal(second)).toBeDefined();
    at += 3_600_000;
    use(second, 1);
    await second.close();
    expect(await listAllowances(store.db)).toEqual([]);
  });

  test('many refusals cost few writes', async () => {
    const allowances = await open();
    use(allowances, most);
    let writes = 0;
    let refused = 0;
    for (let i = 0; i < 500; i++) {
      if (refusal(allowances)) refused++;
      const before = (await listAllowances(store.db))[0]?.at;
      await allowances.noted();
      if ((await listAllowances(store.db))[0]?.at !== before) writes++;
      at += 10;
    }
    expect(refused).toBeGreaterThan(480);
    expect(writes).toBeLessThanOrEqual(2);
    await allowances.close();
  });

  test('what was used already counts even beyond what was left; multiplied and switched off as the operator says', async () => {
    const allowances = await open();
    allowances.spend('issuerBytes', 'bob.test', 2 * rules.issuerBytes.most);
    expect(allowances.waitOf('issuerBytes', 'bob.test')).toBeGreaterThan(60_000);
    await allowances.close();
    const half = await open(0.5);
    use(half, most / 2, 'x');
    expect(refusal(half, 'x')).toBeDefined();
    await half.close();
    const off = await open(Infinity);
    use(off, most * 2, 'y');
    off.spend('fetched', 'y', Number.MAX_SAFE_INTEGER);
    expect(off.waitOf('fetched', 'y')).toBe(0);
    await off.close();
  });
});
