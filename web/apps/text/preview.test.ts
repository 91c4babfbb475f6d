import { expect, test } from 'vitest';
import { parseMarkdown } from './markdown/parse.ts';
import { leadOf } from './preview.ts';

test('the beginning that is shown first ends where something is more than words, and where a screen is full', () => {
  const words = parseMarkdown(
    '# Head\n\nOne **bold** word\n\n- a list\n\n![a picture](https://example.org/p.png)\n\nmore',
  );
  expect(leadOf(words)?.textContent).toBe('HeadOne bold worda list');
  expect(leadOf(parseMarkdown('- [ ] a task'))).toBeUndefined();

  const long = parseMarkdown(Array.from({ length: 300 }, (_, line) => `line ${line}`).join('\n\n'));
  expect(leadOf(long)?.childCount).toBe(60);
  const huge = parseMarkdown(`short\n\n${'word '.repeat(4000)}`);
  expect(leadOf(huge)?.textContent).toBe('short');
  expect(leadOf(long)?.check()).toBeUndefined();
});
