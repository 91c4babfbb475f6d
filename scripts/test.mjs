// `npm test [-- unit | e2e] [filter…]`: every test of the project, ending with one line `N passed, N failed`.
import { readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { findBrowser } from './browser.mjs';
import { build, buildRelay, install, node24, root, run } from './install.mjs';

const [half, ...filters] = process.argv.slice(2);
if (half !== undefined && half !== 'unit' && half !== 'e2e') {
  console.error('Usage: npm test [-- unit | e2e] [filter…]');
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed, or passed at the second attempt only: said at the very end, where whoever reads only the end finds it. */
const remarks = [];

function report(name) {
  const path = join(root, 'test-results', `${name}.json`);
  return { path, read: () => JSON.parse(readFileSync(path, 'utf8')) };
}

/** Adds one report; a run that failed without naming a failed test (a file that does not load) counts as one failure. */
function count(passed, failed, skipped, code) {
  total.passed += passed;
  total.failed += failed === 0 && code !== 0 ? 1 : failed;
  total.skipped += skipped;
}

async function unit() {
  const { path, read } = report('unit');
  rmSync(path, { force: true });
  // Tried once more, as a browser test is: a machine may be busy with something else.
  const cli = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const code = await run(node24, [cli, 'run', '--retry=1', ...filters]);
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
    numTodoTests = 0,
    testResults,
  } = read();
  count(numPassedTests, numFailedTests, numPendingTests + numTodoTests, code);
  for (const { name, status, message, assertionResults } of testResults) {
    const file = relative(root, name);
    if (status === 'failed' && message) remark('failed', file, message);
    for (const {
      status,
      fullName,
      failureMessages: [reason],
    } of assertionResults)
      if (reason) remark(status, `${file} › ${fullName}`, reason);
  }
}

/** @param {string} status `passed` for what needed a second attempt */
function remark(status, title, reason = '') {
  const verdict = status === 'failed' ? 'Failed' : 'Passed at the second attempt only';
  const lines = stripVTControlCharacters(reason)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/node_modules|new Promise/.test(line));
  remarks.push([`${verdict}: ${title}`, ...lines.slice(0, 6)].join('\n  '));
}

async function browser() {
  const found = findBrowser();
  if (found) return found;
  if (process.getuid?.() === 0) {
    console.error('Installing Chromium…');
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '-qq', 'chromium']);
  }
  const installed = findBrowser();
  if (installed) return installed;
  throw new Error(
    'No Chromium or Chrome was found. Install one (apt-get install chromium) or set CHROMIUM_PATH.',
  );
}

async function e2e() {
  const { path, read } = report('e2e');
  rmSync(path, { force: true });
  const CHROMIUM_PATH = await browser();
  if ((await build()) !== 0) throw new Error('The web app could not be built.');
  if ((await buildRelay()) !== 0) throw new Error('The relay could not be built.');
  const grep = filters.length > 0 ? ['--grep', filters.join(' ')] : [];
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const code = await run(node24, [cli, 'test', ...grep], { CHROMIUM_PATH });
  const { suites, stats } = read();
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = stats;
  count(expected + flaky, unexpected, skipped, code);
  suites.forEach(remarkSuite);
}

function remarkSuite({ file, specs = [], suites = [] }) {
  for (const { title, tests } of specs)
    for (const { status, results } of tests) {
      const error = results.find(({ error }) => error)?.error;
      if (status === 'unexpected') remark('failed', `${file} › ${title}`, error?.message);
      if (status === 'flaky') remark('passed', `${file} › ${title}`, error?.message);
    }
  suites.forEach(remarkSuite);
}

async function attempt(part) {
  try {
    await part();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    total.failed += 1;
  }
}

if ((await install()) === 0) {
  if (half !== 'e2e') await attempt(unit);
  if (half !== 'unit') await attempt(e2e);
} else {
  total.failed = 1;
}
for (const words of remarks) console.log(words);
if (total.skipped > 0) console.log(`${total.skipped} skipped: this machine does not allow what they need`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
