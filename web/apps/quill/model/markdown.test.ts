import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { modelOf } from '../../../client/documents/models.ts';
import { opsToMarkdown } from './markdown.ts';
import type { DeltaOp } from '../model.ts';

const line = (words: string, attributes: DeltaOp['attributes']): DeltaOp[] => [
  { insert: words },
  { insert: '\n', attributes },
];

test('headings, marks and links', () => {
  const ops: DeltaOp[] = [
    ...line('Tides', { header: 1 }),
    { insert: 'Low ' },
    { insert: 'water ', attributes: { bold: true, italic: true } },
    { insert: 'at ' },
    { insert: 'noon', attributes: { link: 'https://tides.example/a>b' } },
    { insert: ' is ' },
    { insert: 'f(`x`)', attributes: { code: true } },
    { insert: '\n' },
  ];
  expect(opsToMarkdown(ops)).toBe(
    '# Tides\n\nLow ***water*** at [noon](<https://tides.example/a%3Eb>) is `` f(`x`) ``\n',
  );
});

test('lines of one list, quotation or code stand together; empty lines do not count', () => {
  const ops = [
    ...line('one', { list: 'ordered' }),
    ...line('inner', { list: 'bullet', indent: 1 }),
    ...line('done', { list: 'checked' }),
    ...line('open', { list: 'unchecked' }),
    { insert: '\n\n' },
    ...line('said', { blockquote: true }),
    ...line('again', { blockquote: true }),
    ...line('let a;', { 'code-block': 'plain' }),
    ...line('', { 'code-block': 'plain' }),
    ...line('```', { 'code-block': 'plain' }),
    { insert: 'after' },
  ];
  expect(opsToMarkdown(ops)).toBe(
    '1. one\n    - inner\n- [x] done\n- [ ] open\n\n> said\n> again\n\n````\nlet a;\n\n```\n````\n\nafter\n',
  );
});

test('words that look like Markdown stay words', () => {
  expect(opsToMarkdown([{ insert: '# no heading\n1. no list\n*no* <b>\\\n' }])).toBe(
    '\\# no heading\n\n1\\. no list\n\n\\*no\\* \\<b\\>\\\\\n',
  );
});

test('pictures and formulas are written, embeds that Markdown has nothing for are left out', () => {
  const ops: DeltaOp[] = [
    { insert: { image: 'https://p.example/a.png' } },
    { insert: { formula: 'e=mc^2' } },
    { insert: { mention: { id: 1 } } },
    { insert: '\n' },
  ];
  expect(opsToMarkdown(ops)).toBe('![](<https://p.example/a.png>)`e=mc^2`\n');
  expect(opsToMarkdown([])).toBe('');
});

test('a document of that type is written out as Markdown', () => {
  const doc = new Y.Doc();
  doc.getText('doc').applyDelta([{ insert: 'Ferries' }, { insert: '\n', attributes: { header: 1 } }]);
  expect(modelOf('quill')?.write?.(doc, 'Ferries')).toMatchObject({ ending: '.md', text: '# Ferries\n' });
});
