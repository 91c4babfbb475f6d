import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { findNeighbourPort, writeOwnPort } from './neighbours.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-neighbours-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bob = parseIdTag('bob.localhost');

test('relays that start at the same time all find each other', async () => {
  const file = join(folder, 'deep', 'neighbours.json');
  const names = Array.from({ length: 8 }, (_, i) => parseIdTag(`relay${i}.localhost`));
  for (const [i, name] of names.entries()) await writeOwnPort(file, name, 2000 + i);
  expect(await Promise.all(names.map((name) => findNeighbourPort(file, name)))).toEqual(
    names.map((_, i) => 2000 + i),
  );
  await writeOwnPort(file, names[0]!, 3000);
  expect(await findNeighbourPort(file, names[0]!)).toBe(3000);
  expect(await findNeighbourPort(file, bob)).toBeUndefined();
});

test('a damaged file names nobody and is written anew', async () => {
  const file = join(folder, 'damaged.json');
  await writeFile(file, '{"bob.localhost": "evil.example:80"');
  expect(await findNeighbourPort(file, bob)).toBeUndefined();
  await writeOwnPort(file, bob, 2443);
  expect(await findNeighbourPort(file, bob)).toBe(2443);
});
