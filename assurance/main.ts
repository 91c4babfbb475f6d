/**
 * `npm run assurance [-- --minutes N --seed S --only NAME --full]`: tries to break what must hold, round after round with new seeds until the
 * time is up, and writes docs/assurance.md. Each trial runs once at least.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build, buildRelay } from '../scripts/install.mjs';
import { formatOutcomes } from './report.ts';
import { runTrial } from './run-trial.ts';
import type { Outcome, Round } from './trial.ts';
import { trials } from './trials.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '0' },
    seed: { type: 'string', default: '20260101' },
    only: { type: 'string', multiple: true },
    full: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const chosen = trials.filter(({ name }) => values.only?.includes(name) ?? true);
if (!(minutes >= 0) || !Number.isSafeInteger(seed) || chosen.length === 0) {
  process.stderr.write(
    `Usage: npm run assurance -- [--minutes N] [--seed S] [--full] [--only NAME]…\nTrials: ${trials.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}

if (chosen.some(({ browser }) => browser)) await buildAll();
const until = performance.now() + minutes * 60_000;
const rounds = new Map<string, Round[]>(chosen.map(({ name }) => [name, []]));
const mayRepeat = chosen.some(({ long }) => !long);
for (let turn = 0; turn === 0 || (mayRepeat && performance.now() < until); turn++) {
  for (const trial of chosen) {
    if (turn > 0 && (trial.long || performance.now() >= until)) continue;
    const round = await runTrial(trial, { seed: seed + turn, full: values.full, minutes });
    rounds.get(trial.name)!.push(round);
    const verdict = round.failed === 0 ? `${round.passed} passed` : `${round.failed} FAILED`;
    process.stdout.write(`${trial.name}, seed ${round.seed}: ${verdict}, ${round.took} s\n`);
    for (const title of round.failures) process.stdout.write(`  ${title}\n`);
  }
}

const outcomes: Outcome[] = chosen.map((trial) => ({ trial, rounds: rounds.get(trial.name)! }));
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const command = [
  'npm run assurance',
  ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
].join(' ');
const report = formatOutcomes(outcomes, { command, commit, date: new Date(), seed });
// A run of some trials only must not erase the others.
if (chosen.length === trials.length) writeFileSync(new URL('../docs/assurance.md', import.meta.url), report);
process.stdout.write(`\n${report}`);
process.exitCode = outcomes.every(({ rounds: all }) => all.every(({ failed }) => failed === 0)) ? 0 : 1;

/** Chromium is shown what stands in the source now. */
async function buildAll(): Promise<void> {
  if ((await build()) !== 0 || (await buildRelay()) !== 0)
    throw new Error('what is tried could not be built');
}
