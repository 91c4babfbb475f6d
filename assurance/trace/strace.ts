import { spawnSync } from 'node:child_process';
import { env } from 'node:process';

const tried = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true'], { encoding: 'utf8' });

/** Whether system calls can be watched here. */
export const mayTrace = tried.status === 0;

/** `npm run assurance` is not content with less; elsewhere what cannot be watched is shown as skipped. */
export const mustTrace = env.ISLET_COUNTS !== undefined || env.ISLET_ASSURANCE === 'full';

/** Why not, in a sentence. */
export const whyNot = `system calls cannot be watched here: strace ${
  tried.error ? 'is not installed' : `says ${tried.stderr.trim()}`
}`;

if (!mayTrace) process.stderr.write(`${whyNot}\n`);
