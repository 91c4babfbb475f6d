import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Round, Trial } from './trial.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Results {
  readonly passed: number;
  readonly failures: readonly string[];
}

export interface RoundOptions {
  readonly seed: number;
  /** At full length, which may take hours. */
  readonly full: boolean;
  /** For a trial that is as long as it is told to be. */
  readonly minutes: number;
}

/** One round: all tests of the trial with this seed. */
export async function runTrial(trial: Trial, { seed, full, minutes }: RoundOptions): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'islet-assurance-'));
  const counts = join(folder, 'counts');
  // Where vite.config.ts has reports written; Playwright is told.
  const report = trial.browser ? join(folder, 'report.json') : join(root, 'test-results', 'unit.json');
  const env = {
    ...process.env,
    ISLET_SEED: String(seed),
    ISLET_COUNTS: counts,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    ...(full && { ISLET_ASSURANCE: 'full' }),
    ...(trial.long && minutes > 0 && { ISLET_MINUTES: String(minutes) }),
  };
  rmSync(report, { force: true });
  const began = performance.now();
  try {
    const code = await run(trial.browser ? browserArguments(trial) : unitArguments(trial), env);
    const { passed, failures } = readResults(trial, report, code);
    return {
      ...{ trial: trial.name, seed, passed, failed: failures.length, failures },
      took: Math.round((performance.now() - began) / 1000),
      counts: readCounts(counts),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function unitArguments({ tests, title }: Trial): string[] {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const only = title === undefined ? [] : ['--testNamePattern', title];
  return [vitest, 'run', ...tests, ...only];
}

function browserArguments({ tests, title }: Trial): string[] {
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const only = title === undefined ? [] : ['--grep', title];
  return [cli, 'test', ...tests, ...only, '--retries', '0', '--reporter', 'json'];
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

/** A run that ended badly without naming a test, or had none, counts as one failure. */
function readResults(trial: Trial, report: string, code: number): Results {
  const { passed, failures } = trial.browser ? readPlaywright(report) : readVitest(report);
  const unnamed = failures.length === 0 && (code !== 0 || passed === 0);
  return { passed, failures: unnamed ? ['the run ended without naming a test'] : failures };
}

interface VitestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function readVitest(report: string): Results {
  const { testResults } = readJson<VitestReport>(report) ?? { testResults: [] };
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: all.filter(({ status }) => status === 'passed').length,
    failures: all.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  };
}

interface PlaywrightSuite {
  readonly specs?: readonly { readonly title: string; readonly ok: boolean }[];
  readonly suites?: readonly PlaywrightSuite[];
}

function readPlaywright(report: string): Results {
  const specsOf = ({ specs = [], suites = [] }: PlaywrightSuite): { title: string; ok: boolean }[] => [
    ...specs,
    ...suites.flatMap(specsOf),
  ];
  const all = specsOf(readJson<PlaywrightSuite>(report) ?? {});
  return {
    passed: all.filter(({ ok }) => ok).length,
    failures: all.filter(({ ok }) => !ok).map(({ title }) => title),
  };
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

function readCounts(file: string): Record<string, number> {
  const sums: Record<string, number> = {};
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return sums; // these tests count nothing
  }
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const { what, count } = JSON.parse(line) as { what: string; count: number };
    sums[what] = (sums[what] ?? 0) + count;
  }
  return sums;
}
