import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failToStart } from './relay-process.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

describe('private addresses for development', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-private-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('are refused together with ACME_EMAIL, in one line', async () => {
    const environment = { ALLOW_PRIVATE_ADDRESSES: '127.0.0.2', ACME_EMAIL: 'alice@example.com' };
    expect(await failToStart({ folder, environment })).toEqual({
      code: 1,
      said: 'islet: ALLOW_PRIVATE_ADDRESSES: for development, and never together with ACME_EMAIL\n',
    });
  });

  test('are named in the log at the start', async () => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, '--port', '0'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        ...{ PATH: process.env.PATH, HOME: folder, DATA_DIR: folder, ISLET_NEIGHBOURS_DIR: folder },
        ALLOW_PRIVATE_ADDRESSES: '127.0.0.2,10.1.0.0/16',
      },
    });
    const exited = once(child, 'exit');
    let heard = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      heard += String(chunk);
      if (/Islet is at .*\n/.test(heard)) break;
    }
    child.kill('SIGKILL');
    await exited;
    expect(heard).toMatch(
      /"addresses":\["127\.0\.0\.2\/32","10\.1\.0\.0\/16"\].*FOR DEVELOPMENT ONLY[^]*Islet is at/,
    );
  });
});
