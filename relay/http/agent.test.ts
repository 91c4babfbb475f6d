import { expect, test } from 'vitest';
import { describeAgent } from './agent.ts';

test('G10: of what a browser says it is, its kind alone is kept', () => {
  const chrome =
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36';
  expect(describeAgent(chrome)).toBe('Chrome, Android');
  expect(describeAgent('Mozilla/5.0 (Windows NT 10.0; rv:131.0) Gecko/20100101 Firefox/131.0')).toBe(
    'Firefox, Windows',
  );
  expect(describeAgent('my name is <b>Alice</b>')).toBeUndefined();
  expect(describeAgent('')).toBeUndefined();
});
