/**
 * `npm run assurance [-- --minutes N --seed S --only NAME --full]`: tries to break what must hold, round after round with new seeds until the
 * time is up, and writes what came of it into docs/assurance.md. Each chosen trial runs once at least.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build, buildRelay } from '../scripts/install.mjs';
import { readKept, replaceKept, writeKept } from './kept.ts';
import { formatKept } from './report.ts';
import { runTrial } from './run-trial.ts';
import type { Round } from './trial.ts';
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
const commit = readCommit();
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
    keep(trial.name);
  }
}
process.exitCode = [...rounds.values()].every((all) => all.every(({ failed }) => failed === 0)) ? 0 : 1;

/** After each round, for a long run may be broken off. */
function keep(trial: string): void {
  const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
  const all = replaceKept(readKept(), {
    ...{ trial, full: values.full, commit, date },
    rounds: rounds.get(trial)!,
  });
  writeKept(all);
  writeFileSync(new URL('../docs/assurance.md', import.meta.url), formatKept(all));
}

/** Of what is tried; what it writes itself does not make it another. */
function readCommit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const own = [':!assurance/results.json', ':!docs/assurance.md'];
  const isChanged = git('status', '--porcelain', '--', '.', ...own) !== '';
  return `${git('rev-parse', '--short', 'HEAD')}${isChanged ? ' with changes' : ''}`;
}

/** Chromium is shown what stands in the source now. */
async function buildAll(): Promise<void> {
  if ((await build()) !== 0 || (await buildRelay()) !== 0)
    throw new Error('what is tried could not be built');
}
