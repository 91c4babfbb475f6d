import { afterEach, expect, test } from 'vitest';
import { speakRefusals } from '../client/relay/refusal-words.ts';
import { reasonWords } from './reason-words.ts';

afterEach(() => speakRefusals(() => undefined));

test('K7: what was signed by a key that has ended since is told as such', () => {
  const words = 'The key that signed it has ended since, so it is not believed any more. Say it again.';
  expect(reasonWords('E-KEY-UNKNOWN: the issuer does not list k1')).toBe(words);
  expect(reasonWords('bob.test: E-KEY-UNKNOWN: the issuer does not list k1')).toBe(`bob.test: ${words}`);
});

test('a refusal is told in the language that is spoken, else in the words of who refused', () => {
  expect(reasonWords('E-AUTH-NOPERM: you are blocked')).toBe('you are blocked');
  expect(reasonWords('E-FOREIGN-CODE: who knows')).toBe('who knows');
  expect(reasonWords('answered 404')).toBe('answered 404');
  speakRefusals((code) => (code === 'E-AUTH-NOPERM' ? 'nicht für dich' : undefined));
  expect(reasonWords('bob.test: E-AUTH-NOPERM: you are blocked')).toBe('bob.test: nicht für dich');
});
