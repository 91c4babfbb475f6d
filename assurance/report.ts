import { cpus } from 'node:os';
import { type Row, rows as allRows, untried } from './rows.ts';
import { type Outcome, sumCounts } from './trial.ts';

export interface Circumstances {
  readonly command: string;
  readonly commit: string;
  readonly date: Date;
  /** The first seed of this run. */
  readonly seed: number;
}

/** The page that says what was tried, how often, and what came of it. */
export function formatOutcomes(outcomes: readonly Outcome[], about: Circumstances): string {
  const { command, commit, date, seed } = about;
  const processors = cpus();
  const rows = outcomes.map(formatRow).join('\n');
  const failures = outcomes.flatMap(({ rounds }) =>
    rounds.flatMap(({ trial, seed: used, failures: titles }) =>
      titles.map((title) => `- ${trial}, seed ${used}: ${title}`),
    ),
  );
  return `# What holds under fault and attack

Written by \`${command}\`, ${date.toISOString().slice(0, 16).replace('T', ' ')} UTC, of commit ${commit}.

- Machine: ${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}
- Seeds: from ${seed} on, one more for each round. A round is run again with \`npm run assurance -- --only NAME --seed SEED\`.

| trial | what must hold | rounds | tests passed | failed | tried |
| ----- | -------------- | ------ | ------------ | ------ | ----- |
${rows}

## Threat by threat

| | what must hold | trials | tried |
| - | -------------- | ------ | ----- |
${formatThreats(outcomes)}

${failures.length === 0 ? 'Nothing failed.' : `## What failed\n\n${failures.join('\n')}`}
`;
}

/** The same by threats and faults: whoever reads one finds where it was tried. */
function formatThreats(outcomes: readonly Outcome[]): string {
  const lines = (Object.keys(allRows) as Row[]).map((row) => {
    const of = outcomes.filter(({ trial }) => trial.rows.includes(row));
    const names = of.map(({ trial, rounds }) =>
      rounds.some(({ failed }) => failed > 0) ? `**${trial.name} FAILED**` : trial.name,
    );
    const where = names.join(', ') || untried[row] || 'not in this run';
    return `| ${[row, allRows[row], where, formatCounts(of.flatMap(({ rounds }) => rounds))].join(' | ')} |`;
  });
  return lines.join('\n');
}

function formatCounts(rounds: Outcome['rounds']): string {
  return [...sumCounts(rounds)].map(([what, count]) => `${count.toLocaleString('en')} ${what}`).join('; ');
}

function formatRow({ trial: { name, holds }, rounds }: Outcome): string {
  const sum = (of: 'passed' | 'failed'): number => rounds.reduce((total, round) => total + round[of], 0);
  const cells = [name, holds, rounds.length, sum('passed'), sum('failed'), formatCounts(rounds)];
  return `| ${cells.join(' | ')} |`;
}
