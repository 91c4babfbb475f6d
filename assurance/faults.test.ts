import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { plantFault } from './fault.ts';
import { faults } from './faults.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('there are at least 40 faults, each with a name of its own', () => {
  expect(faults.length).toBeGreaterThanOrEqual(40);
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
});

test.each(faults)('$name: it can be planted in the source as it is', (fault) => {
  const source = readFileSync(join(root, fault.file), 'utf8');
  expect(plantFault(source, fault)).not.toBe(source);
});

test.each(faults)('$name: tests are named that could notice it', ({ tests }) => {
  const found = tests.filter((name) => {
    const folder = dirname(join(root, name));
    if (existsSync(join(root, name))) return true;
    return (
      existsSync(folder) &&
      readdirSync(folder).some((file) => file.startsWith(basename(name)) && file.endsWith('.test.ts'))
    );
  });
  expect(found).toEqual(tests);
});
