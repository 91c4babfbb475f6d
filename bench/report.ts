import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import * as v from 'valibot';
import { parseJson } from '../shared/parse.ts';
import type { Result, Row, Side, Target } from './row.ts';

export interface Surroundings {
  readonly date: string;
  readonly command: string;
  readonly machine: string;
  /** Processes that wanted to run in the last minute, this one included: above the number of cores, the figures are noisy. */
  readonly load: number;
  readonly versions: string;
}

const packages = ['jose', 'valibot', 'yjs', 'lib0'];

function readVersion(name: string): string {
  const text = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8');
  return `${name} ${parseJson(v.object({ version: v.string() }), text).version}`;
}

export function readSurroundings(command: string): Surroundings {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    command,
    machine: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${memory}, ${type()} ${release()}`,
    load: Number(loadavg()[0]!.toFixed(1)),
    versions: [
      `Node ${process.versions.node}`,
      `OpenSSL ${process.versions.openssl}`,
      ...packages.map(readVersion),
    ].join(', '),
  };
}

const digits = (number: number) => (number >= 100 ? number.toFixed(0) : number.toPrecision(3));
const formatSide = ({ median, low, high }: Side) => `${digits(median)} (${digits(low)}–${digits(high)})`;

function formatTarget(target: Target, unit: string): string {
  if ('limit' in target) return `≤ ${target.limit} ${unit}`;
  return 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
}

const percent = (share: number) => (share === Infinity ? 'all of it' : `${Math.ceil(share * 100)} %`);
const formatVerdict = ({ missed }: Result) => (missed === 0 ? 'met' : `missed by ${percent(missed)}`);

/** A Markdown table that is readable in a terminal too. */
export function formatTable(results: readonly Result[]): string {
  const head = ['row', 'unit', 'ours', 'compared with', 'ratio', 'target', 'is', 'rounds'];
  const body = results.map((result) => [
    ...[result.name, result.unit, formatSide(result.ours), formatSide(result.theirs)],
    ...[formatSide(result.ratio), formatTarget(result.target, result.unit), formatVerdict(result)],
    String(result.rounds),
  ]);
  const widths = head.map((title, i) =>
    Math.max(...[title, ...body.map((cells) => cells[i]!)].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** A row that could not be measured. */
export interface Failure {
  readonly name: string;
  readonly reason: string;
}

/** What a run brought. */
export interface Run {
  readonly results: readonly Result[];
  readonly failures: readonly Failure[];
  readonly rows: readonly Row[];
}

/** `bench/RESULTS.md`. */
export function formatReport({ results, failures, rows }: Run, surroundings: Surroundings): string {
  const { date, command, machine, load, versions } = surroundings;
  const notes = rows.map(
    ({ name, what, ours, theirs }) => `- **${name}**: ${what}. Ours: ${ours}. Compared with: ${theirs}.`,
  );
  return [
    '# Measurements',
    '',
    `Written by \`${command}\`, ${date}.`,
    '',
    `- Machine: ${machine}; load of the last minute ${load}`,
    `- Versions: ${versions}`,
    '',
    'Both sides of a row are measured in the same run, by turns. Medians, with the middle half of the rounds in brackets;',
    'the ratio is ours ÷ compared with. A target is one of the ratio, or of our own figure where it has a unit.',
    '',
    formatTable(results),
    '',
    ...formatMissed(results, rows),
    ...failures.map(({ name, reason }) => `- **${name}** could not be measured: ${reason}`),
    ...(failures.length > 0 ? [''] : []),
    ...notes,
    '',
  ].join('\n');
}

/** What was missed, by how much, and where the time goes. */
function formatMissed(results: readonly Result[], rows: readonly Row[]): string[] {
  const missed = results.filter((result) => result.missed > 0);
  if (missed.length === 0) return ['Every target is met.', ''];
  const spent = (name: string) => rows.find((row) => row.name === name)?.spent ?? 'not looked into yet';
  const lines = missed.map(
    (result) => `- **${result.name}**, ${formatVerdict(result)}: ${spent(result.name)}.`,
  );
  return ['Targets that are missed, and where the time goes:', '', ...lines, ''];
}
