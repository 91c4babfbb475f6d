import { cpus } from 'node:os';
import type { Kept } from './kept.ts';
import { type Row, rows as allRows, untried } from './rows.ts';
import { sumCounts } from './trial.ts';
import { trials } from './trials.ts';

/** The page that says what was tried, how often, when, and what came of it. */
export function formatKept(kept: readonly Kept[]): string {
  const processors = cpus();
  const lines = trials.flatMap(({ name, holds }) =>
    [false, true].flatMap((isFull) => {
      const found = kept.find(({ trial, full }) => trial === name && full === isFull);
      return found ? [formatLine(found, holds)] : [];
    }),
  );
  const missing = trials.filter(({ name }) => !kept.some(({ trial }) => trial === name));
  const failures = kept.flatMap(({ rounds }) =>
    rounds.flatMap(({ trial, seed, failures: titles }) =>
      titles.map((title) => `- ${trial}, seed ${seed}: ${title}`),
    ),
  );
  return `# What holds under fault and attack

Written by \`npm run assurance\`: for each trial what its last run showed, and, where there was one, its last run at full length (\`--full\`).
A round is run again with \`npm run assurance -- --only NAME --seed SEED\`; the seed goes up by one with each round.

- Machine of the last run: ${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}

| trial | what must hold | run | seeds | tests passed | failed | tried |
| ----- | -------------- | --- | ----- | ------------ | ------ | ----- |
${lines.join('\n')}
${missing.length === 0 ? '' : `\nNever run: ${missing.map(({ name }) => name).join(', ')}.\n`}
## Threat by threat

| | what must hold | trials | tried |
| - | -------------- | ------ | ----- |
${formatThreats(kept)}

${failures.length === 0 ? 'Nothing failed.' : `## What failed\n\n${failures.join('\n')}`}
`;
}

function formatLine({ trial, full, date, commit, rounds }: Kept, holds: string): string {
  const sum = (of: 'passed' | 'failed'): number => rounds.reduce((total, round) => total + round[of], 0);
  const [first, last] = [rounds[0]?.seed, rounds.at(-1)?.seed];
  const cells = [
    full ? `${trial}, full length` : trial,
    holds,
    `${date}, ${commit}`,
    first === last ? first : `${first}–${last}`,
    ...[sum('passed'), sum('failed'), formatCounts(rounds)],
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The same by threats and faults: whoever reads one finds where it was tried. */
function formatThreats(kept: readonly Kept[]): string {
  const lines = (Object.keys(allRows) as Row[]).map((row) => {
    const names = trials.filter((trial) => trial.rows.includes(row)).map(({ name }) => name);
    const of = kept.filter(({ trial }) => names.includes(trial));
    const ran = names.filter((name) => of.some(({ trial }) => trial === name));
    const where = ran.map((name) => (hasFailed(of, name) ? `**${name} FAILED**` : name)).join(', ');
    const tried = formatCounts(of.flatMap(({ rounds }) => rounds));
    return `| ${[row, allRows[row], where || untried[row] || 'never run', tried].join(' | ')} |`;
  });
  return lines.join('\n');
}

function hasFailed(kept: readonly Kept[], name: string): boolean {
  return kept.some(({ trial, rounds }) => trial === name && rounds.some(({ failed }) => failed > 0));
}

function formatCounts(rounds: Kept['rounds']): string {
  return [...sumCounts(rounds)].map(([what, count]) => `${count.toLocaleString('en')} ${what}`).join('; ');
}
