/** `npm run bench [-- NAME…]`: measures the rows, prints a table and one line of JSON each, and writes RESULTS.md. */
import { writeFileSync } from 'node:fs';
import { install } from './install.ts';
import { type Failure, formatReport, formatTable, readSurroundings } from './report.ts';
import { type Result, summarise } from './row.ts';
import { rows } from './rows.ts';

const names = process.argv.slice(2);
const unknown = names.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `No row ${unknown.join(', ')}. There is: ${rows.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}

const chosen = names.length > 0 ? rows.filter(({ name }) => names.includes(name)) : rows;
if (chosen.some(({ needsPeers }) => needsPeers)) await install();
const results: Result[] = [];
const failures: Failure[] = [];
for (const row of chosen) {
  process.stderr.write(`${row.name}…\n`);
  try {
    results.push(summarise(row, await row.measure()));
  } catch (error) {
    // One that fails keeps none of the others from being measured; the run fails.
    failures.push({ name: row.name, reason: error instanceof Error ? error.message : String(error) });
    process.stderr.write(`${row.name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
  }
}

const command = ['npm run bench', ...(names.length > 0 ? ['--', ...names] : [])].join(' ');
const surroundings = readSurroundings(command);
process.stdout.write(`${formatTable(results)}\n`);
for (const result of results) process.stdout.write(`${JSON.stringify({ ...result, ...surroundings })}\n`);
// A run of some rows only must not erase the others.
if (chosen.length === rows.length)
  writeFileSync(
    new URL('RESULTS.md', import.meta.url),
    formatReport({ results, failures, rows: chosen }, surroundings),
  );
process.exitCode = failures.length === 0 ? 0 : 1;
