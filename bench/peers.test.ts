import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { areInstalled } from './install.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

// Where they are not installed there is nothing to check them against: the rest of the project does not import them.
test.runIf(await areInstalled())(
  'the files that start peers have the right types',
  async () => {
    const child = spawn(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'bench/peers'], {
      cwd: root,
    });
    const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(said).toBe('');
  },
  120_000,
);
