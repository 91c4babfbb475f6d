import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { describeRichText } from './describe-rich-text.ts';

function write(delta: unknown[]): Y.Doc {
  const doc = new Y.Doc();
  doc.getText('doc').applyDelta(delta);
  return doc;
}

test('the excerpt is the first words, on one line, without formats and embeds', () => {
  const doc = write([
    { insert: 'Harbour' },
    { insert: '\n', attributes: { header: 1 } },
    { insert: 'Ships', attributes: { bold: true } },
    { insert: { 'cl-image': { fileId: 'x' } } },
    { insert: 'come\tin.\n' },
  ]);
  expect(describeRichText(doc)).toEqual({ excerpt: 'Harbour Ships come in.' });
});

test('a long one is cut between characters, and an empty one has none', () => {
  const { excerpt } = describeRichText(write([{ insert: '😀'.repeat(900) }]));
  expect([...excerpt]).toHaveLength(161);
  expect(excerpt.endsWith('😀…')).toBe(true);
  expect(describeRichText(write([]))).toEqual({ excerpt: '' });
});
