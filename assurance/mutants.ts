/**
 * `npm run mutants [-- PART OF A NAME…]`: plants faults, one at a time, in a copy of the project, and shows which of them the tests notice.
 * Ends with 1 when fewer than 95 % are noticed.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fault, plantFault } from './fault.ts';
import { faults } from './faults.ts';

/** The least share of faults that the tests must notice. */
const least = 0.95;
const root = fileURLToPath(new URL('..', import.meta.url));
const left = new Set(['node_modules', '.git', 'dist', 'test-results']);

/** `broken`: it says nothing, for no test ran, or the tests fail without any fault. */
type Verdict = 'noticed' | 'survived' | 'broken';

interface Report {
  readonly numTotalTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

function openCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'islet-mutants-'));
  cpSync(root, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Runs test files in the copy. @returns undefined when the run itself failed */
async function runTests(copy: string, tests: readonly string[]): Promise<Report | undefined> {
  // Where vite.config.ts has reports written.
  const file = join(copy, 'test-results', 'unit.json');
  rmSync(file, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', ...tests, '--bail', '1'], {
    cwd: copy,
    stdio: 'ignore',
  });
  await new Promise((resolve) => child.once('exit', resolve));
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

/** A file that does not even load notices nothing: then the fault is not the one that was meant. */
function judge(report: Report | undefined): Verdict {
  if (!report || report.numTotalTests === 0) return 'broken';
  if (report.numFailedTests > 0) return 'noticed';
  const loads = report.testResults.every(({ assertionResults }) => assertionResults.length > 0);
  return loads ? 'survived' : 'broken';
}

async function tryFault(copy: string, fault: Fault): Promise<Verdict> {
  const file = join(copy, fault.file);
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, plantFault(source, fault));
  try {
    return judge(await runTests(copy, fault.tests));
  } finally {
    writeFileSync(file, source);
  }
}

async function main(words: readonly string[]): Promise<number> {
  const chosen = faults.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  if (chosen.length === 0) throw new Error(`no fault has ${words.join(' or ')} in its name`);
  const copy = openCopy();
  try {
    const all = [...new Set(chosen.flatMap(({ tests }) => tests))];
    if (judge(await runTests(copy, all)) !== 'survived') throw new Error('the tests fail without any fault');
    const survivors: Fault[] = [];
    for (const [i, fault] of chosen.entries()) {
      const verdict = await tryFault(copy, fault);
      process.stdout.write(`${i + 1}/${chosen.length} ${verdict.padEnd(8)} ${fault.name} (${fault.file})\n`);
      if (verdict !== 'noticed') survivors.push(fault);
    }
    const noticed = chosen.length - survivors.length;
    process.stdout.write(`${noticed} of ${chosen.length} faults noticed\n`);
    return noticed / chosen.length >= least ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
