import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { readFirstScripts, totalSize } from './first-scripts.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

test('script for the caret stays within 170 kB brotli, the shell within 60, the editor within 110', async () => {
  const { shell, editor } = await readFirstScripts(dist);
  expect(totalSize(shell), JSON.stringify(shell)).toBeLessThanOrEqual(60_000);
  expect(totalSize(editor), JSON.stringify(editor)).toBeLessThanOrEqual(110_000);
});
