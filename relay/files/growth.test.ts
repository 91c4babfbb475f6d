import { expect, test } from 'vitest';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { createGrowth } from './growth.ts';

const [bob, mallory] = [parseIdTag('bob.test'), parseIdTag('mallory.test')];

test('Z4, Z11: who has brought enough waits for an hour, and nobody else', () => {
  let now = 1_800_000_000_000;
  const growth = createGrowth(() => now, 1024 * 512);
  for (let edits = 0; edits < 1024; edits++) {
    growth.assert(mallory);
    growth.add(mallory, 1);
  }
  expect(() => growth.assert(mallory)).toThrow('an hour');
  growth.assert(bob);
  now += 3_599_999;
  expect(() => growth.assert(mallory)).toThrow('an hour');
  now += 1;
  growth.assert(mallory);
});
