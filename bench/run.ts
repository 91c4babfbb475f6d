/** `npm run bench [-- NAME…]`: measures the rows, prints a table and one line of JSON each, and writes RESULTS.md. */
import { writeFileSync } from 'node:fs';
import { install } from './install.ts';
import { formatReport, formatTable, readSurroundings } from './report.ts';
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
for (const row of chosen) {
  process.stderr.write(`${row.name}…\n`);
  results.push(summarise(row, await row.measure()));
}

const command = ['npm run bench', ...(names.length > 0 ? ['--', ...names] : [])].join(' ');
const surroundings = readSurroundings(command);
process.stdout.write(`${formatTable(results)}\n`);
for (const result of results) process.stdout.write(`${JSON.stringify({ ...result, ...surroundings })}\n`);
// A run of some rows only must not erase the others.
if (chosen.length === rows.length)
  writeFileSync(new URL('RESULTS.md', import.meta.url), formatReport(results, chosen, surroundings));
