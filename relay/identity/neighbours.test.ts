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
  const shared = join(folder, 'deep', 'neighbours');
  const names = Array.from({ length: 40 }, (_, i) => parseIdTag(`relay${i}.localhost`));
  await Promise.all(names.map((name, i) => writeOwnPort(shared, name, 2000 + i)));
  expect(await Promise.all(names.map((name) => findNeighbourPort(shared, name)))).toEqual(
    names.map((_, i) => 2000 + i),
  );
  await writeOwnPort(shared, names[0]!, 3000);
  expect(await findNeighbourPort(shared, names[0]!)).toBe(3000);
  expect(await findNeighbourPort(shared, bob)).toBeUndefined();
});

test('a damaged file names nobody and is written anew', async () => {
  for (const damaged of ['', 'evil.example:80', '0', '65536', '80.5', '-1']) {
    await writeFile(join(folder, bob), damaged);
    expect(await findNeighbourPort(folder, bob)).toBeUndefined();
  }
  await writeOwnPort(folder, bob, 2443);
  expect(await findNeighbourPort(folder, bob)).toBe(2443);
});
