import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNetwork } from '../test/network.ts';
import { runQuota } from './quota.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

describe('W3: the operator sets the limit of an identity', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let environment: Record<string, string>;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    const { idTag, folder } = network.relays[0];
    environment = { MODE: 'proxy', BASE_ID_TAG: idTag, DATA_DIR: folder, STORAGE_LIMIT: '2GiB' };
  });
  afterAll(() => network.close());

  const quota = (...args: string[]) => runQuota(args, environment);

  test('not while the relay runs, which is said in one line', async () => {
    await expect(quota('alice.test')).rejects.toThrow('the relay is running: stop it');
  });

  test('it is shown, set, and taken back', async () => {
    await network.relays[0].stop();
    expect(await quota('alice.test')).toBe('alice.test: 2 GiB (as for everybody), 0 B used');
    expect(await quota('alice.test', '20GiB')).toBe('alice.test: 20 GiB (its own limit), 0 B used');
    expect(await quota('alice.test')).toBe('alice.test: 20 GiB (its own limit), 0 B used');
    expect(await quota('alice.test', '1.5 MiB')).toContain('1.5 MiB (its own limit)');
    expect(await quota('alice.test', 'default')).toBe('alice.test: 2 GiB (as for everybody), 0 B used');
  });

  test('what cannot be meant is refused', async () => {
    await expect(quota()).rejects.toThrow('use: quota <name>');
    await expect(quota('alice.test', '1GiB', 'more')).rejects.toThrow('use: quota <name>');
    await expect(quota('alice.test', 'plenty')).rejects.toThrow('plenty is not a size');
    await expect(quota('alice.test', '-1GiB')).rejects.toThrow('not a size');
    await expect(quota('Alice!')).rejects.toMatchObject({ code: 'E-VAL-ID-TAG' });
    await expect(quota('bob.test')).rejects.toThrow('bob.test is not an identity of this relay');
    const elsewhere = { ...environment, DATA_DIR: join(network.relays[0].folder, 'nothing') };
    await expect(runQuota(['alice.test'], elsewhere)).rejects.toThrow('there is no relay in');
  });

  test('from the command line', async () => {
    const run = (...args: string[]) =>
      promisify(execFile)(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', main, 'quota', ...args],
        {
          env: { PATH: process.env.PATH, ...environment },
        },
      );
    expect((await run('alice.test', '3GiB')).stdout).toBe('alice.test: 3 GiB (its own limit), 0 B used\n');
    await expect(run('alice.test', 'plenty')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^islet: plenty is not a size.*\n$/) as unknown,
    });
  });
});
