/**
 * `npm run mutants [-- PART OF A NAME…]`: plants faults, one at a time, in a copy of the project, and shows which of them the tests notice.
 * Ends with 1 when fewer than 95 % are noticed.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { type Fault, plantFault } from './fault.ts';
import { faults } from './faults.ts';

/** The least share of faults that the tests must notice. */
const least = 0.95;
/** No run of the tests of one fault takes so long, in milliseconds: with a fault they may never end. */
const patience = 600_000;
const root = fileURLToPath(new URL('..', import.meta.url));
const left = new Set(['node_modules', '.git', 'dist', 'test-results']);

/** `by`: the test that noticed it, or why none is shown to: those that should do not fail, fail without any fault, or do not load with it. */
interface Verdict {
  readonly verdict: 'noticed' | 'survived' | 'broken';
  readonly by: string;
}

const reportSchema = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      assertionResults: v.array(v.object({ status: v.string(), fullName: v.string() })),
    }),
  ),
});
type Report = v.InferOutput<typeof reportSchema>['testResults'];

function openCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'islet-mutants-'));
  cpSync(root, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Runs test files in the copy. @returns undefined when they did not end */
async function runTests(copy: string, args: readonly string[]): Promise<Report | undefined> {
  // Where vite.config.ts has reports written.
  const file = join(copy, 'test-results', 'unit.json');
  rmSync(file, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...args], {
    cwd: copy,
    stdio: 'ignore',
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
  if (signal !== null || !existsSync(file)) return undefined;
  return v.parse(reportSchema, JSON.parse(readFileSync(file, 'utf8'))).testResults;
}

/** Which of these test files, or beginnings of their names, say nothing: they fail without any fault. */
async function findUnsound(copy: string, tests: readonly string[]): Promise<ReadonlySet<string>> {
  const report = await runTests(copy, tests);
  if (!report) throw new Error('the tests do not end without any fault');
  const failing = report
    .filter(({ assertionResults: all }) => all.length === 0 || all.some(({ status }) => status === 'failed'))
    .map(({ name }) => relative(copy, name));
  for (const file of failing) process.stdout.write(`${file} fails without any fault\n`);
  return new Set(tests.filter((test) => failing.some((file) => file.startsWith(test))));
}

/** A file that does not even load notices nothing: then the fault is not the one that was meant. */
function judge(report: Report | undefined): Verdict {
  if (!report) return { verdict: 'noticed', by: 'the tests do not end' };
  const all = report.flatMap(({ assertionResults }) => assertionResults);
  const failed = all.find(({ status }) => status === 'failed');
  if (failed) return { verdict: 'noticed', by: failed.fullName };
  const silent = report.find(({ assertionResults }) => assertionResults.length === 0);
  if (silent || report.length === 0) return { verdict: 'broken', by: 'its tests do not load' };
  return { verdict: 'survived', by: 'none of its tests fails' };
}

/** The tests one after the other, as they are named: the first that notices it is enough. */
async function tryFault(copy: string, fault: Fault, unsound: ReadonlySet<string>): Promise<Verdict> {
  const unusable = fault.tests.find((test) => unsound.has(test));
  if (unusable !== undefined) return { verdict: 'broken', by: `${unusable} fails without it` };
  const file = join(copy, fault.file);
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, plantFault(source, fault));
  let last: Verdict = { verdict: 'broken', by: 'no tests' };
  try {
    for (const test of fault.tests) {
      last = judge(await runTests(copy, [test, '--bail', '1']));
      if (last.verdict !== 'survived') return last;
    }
    return last;
  } finally {
    writeFileSync(file, source);
  }
}

/** @returns the share that was noticed */
async function tryAll(copy: string, chosen: readonly Fault[]): Promise<number> {
  const began = performance.now();
  const unsound = await findUnsound(copy, [...new Set(chosen.flatMap(({ tests }) => tests))]);
  const missed: string[] = [];
  for (const [i, fault] of chosen.entries()) {
    const { verdict, by } = await tryFault(copy, fault, unsound);
    const line = `${verdict.padEnd(8)} ${fault.name} (${fault.file}): ${by}\n`;
    process.stdout.write(`${i + 1}/${chosen.length} ${line}`);
    if (verdict !== 'noticed') missed.push(line);
  }
  const noticed = chosen.length - missed.length;
  const minutes = Math.ceil((performance.now() - began) / 60_000);
  process.stdout.write(
    `${noticed} of ${chosen.length} faults noticed, in ${minutes} minutes\n${missed.join('')}`,
  );
  return noticed / chosen.length;
}

async function main(words: readonly string[]): Promise<number> {
  const chosen = faults.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  if (chosen.length === 0) throw new Error(`no fault has ${words.join(' or ')} in its name`);
  const copy = openCopy();
  try {
    return (await tryAll(copy, chosen)) >= least ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
