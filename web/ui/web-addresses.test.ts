import { expect, test } from 'vitest';
import { splitLinks } from './web-addresses.ts';

test('addresses become links without the mark that ends the sentence', () => {
  expect(splitLinks('See https://islet.example/a?b=1. And http://b.test!')).toEqual([
    { text: 'See ' },
    { text: 'https://islet.example/a?b=1', href: 'https://islet.example/a?b=1' },
    { text: '. And ' },
    { text: 'http://b.test', href: 'http://b.test' },
    { text: '!' },
  ]);
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'www.example.com', 'https://', 'ftp://a.test'])(
  '%s is words',
  (text) => {
    expect(splitLinks(text)).toEqual([{ text }]);
  },
);

test('nothing gives nothing', () => {
  expect(splitLinks('')).toEqual([]);
});

test('an address that goes on for long after many marks is read as quickly as any other', () => {
  const text = `https://a.test/${'.'.repeat(300_000)}a`;
  expect(splitLinks(text)).toEqual([{ text, href: text }]);
});
