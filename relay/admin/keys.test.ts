import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestDevice } from '../test/device.ts';
import { createNetwork } from '../test/network.ts';
import { runKeys } from './keys.ts';
import { runReadmit } from './readmit.ts';

describe('the operator and the keys of an identity', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let environment: Record<string, string>;
  let alice: TestDevice;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
    await alice.enrolSecond();
    const { idTag, folder } = network.relays[0];
    environment = { MODE: 'proxy', BASE_ID_TAG: idTag, DATA_DIR: folder };
  });
  afterAll(() => network.close());

  const keys = (...args: string[]) => runKeys(args, environment);
  const readmit = (...args: string[]) => runReadmit(args, environment);

  test('K5: not while the relay runs', async () => {
    await expect(keys('alice.test')).rejects.toThrow('the relay is running: stop it');
    await expect(readmit('alice.test')).rejects.toThrow('the relay is running: stop it');
    await network.relays[0].stop();
  });

  test('K5, K7: they are shown, rotated and revoked', async () => {
    expect(await keys('alice.test')).toMatch(/^alice\.test \d{6}: current, from \S+Z$/);
    const rotated = (await keys('rotate', 'alice.test')).split('\n');
    expect(rotated[0]).toMatch(/^alice\.test \d{6}: current, from \S+Z, ends \S+Z$/);
    expect(rotated[1]).toMatch(/^alice\.test \d{6}-2: planned, from \S+Z$/);
    await expect(keys('rotate', 'alice.test')).rejects.toMatchObject({ code: 'E-CORE-CONFLICT' });
    const revoked = (await keys('revoke', 'alice.test')).split('\n');
    expect(revoked[0]).toContain(': revoked');
    expect(revoked[1]).toContain('-2: revoked');
    expect(revoked[2]).toMatch(/^alice\.test \d{6}-3: current, from \S+Z$/);
    expect(revoked[3]).toContain('finds out within a day');
  });

  test('G6: a device is let come back, named without doubt', async () => {
    const { did } = alice.keys;
    expect((await readmit('alice.test')).split('\n')[0]).toBe(`alice.test: laptop (…${did.slice(-12)})`);
    expect(await readmit('alice.test', did.slice(-12))).toContain('laptop');
    expect(await readmit('alice.test')).toContain('may come back');
    expect(await readmit('alice.test', 'phone')).toContain('phone');
    await expect(readmit('alice.test', 'fridge')).rejects.toThrow('has no device fridge');
    await expect(readmit('alice.test', '')).rejects.toThrow('2 devices are called');
  });

  test('K5: what cannot be meant is refused', async () => {
    await expect(keys()).rejects.toThrow('use: keys <name>');
    await expect(keys('rotate')).rejects.toThrow('use: keys <name>');
    await expect(keys('alice.test', 'rotate')).rejects.toThrow('use: keys <name>');
    await expect(keys('bob.test')).rejects.toThrow('bob.test is not an identity of this relay');
    await expect(readmit()).rejects.toThrow('use: readmit <name>');
    await expect(readmit('bob.test')).rejects.toThrow('bob.test has no devices here');
  });
});
