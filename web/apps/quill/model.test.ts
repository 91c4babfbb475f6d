import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import {
  blocksBeginLines,
  type DeltaOp,
  embedName,
  findUnknown,
  isAligned,
  opsToCharacters,
  readOps,
  textOps,
} from './model.ts';

const known = (name: string) => ['bold', 'header', 'image', 'cl-image'].includes(name);

describe('readOps', () => {
  test('takes what a shared text tells, as it is', () => {
    const text = new Y.Doc().getText('doc');
    const delta: DeltaOp[] = [
      { insert: 'a', attributes: { bold: true, glow: { level: 1 } } },
      { insert: { mention: [1, null] } },
      { insert: '\n', attributes: { header: 2 } },
    ];
    text.applyDelta(delta);
    expect(textOps(text)).toEqual(delta);
  });

  test('an event takes away formats with null, and deletes', () => {
    const ops = [{ retain: 2, attributes: { bold: null } }, { delete: 3 }];
    expect(readOps(ops)).toEqual(ops);
  });

  test.each<[string, unknown]>([
    ['an embed with two members', [{ insert: { a: 1, b: 2 } }]],
    ['an embed without one', [{ insert: {} }]],
    ['a list as an embed', [{ insert: [1] }]],
    ['a number as an embed', [{ insert: 7 }]],
    ['a shared type as an embed', [{ insert: new Y.Map() }]],
    ['an embed whose name is no name', [{ insert: { '': 1 } }]],
    ['a format whose name every object has', [{ insert: 'a', attributes: JSON.parse('{"__proto__":1}') }]],
    ['a format with an endless name', [{ insert: 'a', attributes: { ['x'.repeat(65)]: 1 } }]],
    ['no list', { insert: 'a' }],
  ])('refuses %s', (_what, delta) => {
    expect(readOps(delta)).toBeUndefined();
  });

  test('a shared type inside a shared text is refused, not counted wrong', () => {
    const text = new Y.Doc().getText('doc');
    text.insertEmbed(0, new Y.Map());
    expect(textOps(text)).toBeUndefined();
  });
});

test('what nobody here knows is found: embeds, formats of characters, formats of lines', () => {
  const ops: DeltaOp[] = [
    { insert: 'a', attributes: { bold: true, glow: 1, mixed: 1 } },
    { insert: { mention: 1 }, attributes: { tone: 'low' } },
    { insert: '\n\n', attributes: { header: 1, 'table-cell': { 'data-row': 'r' }, mixed: 1, bid: 'x1' } },
    { insert: { image: 'x' } },
    { retain: 4, attributes: { later: 1 } },
    { insert: 'b', attributes: { gone: null } },
  ];
  expect(findUnknown(ops, known)).toEqual({
    embeds: ['mention'],
    inline: ['glow', 'tone'],
    lines: ['table-cell', 'mixed'],
  });
});

test.each<[boolean, string, DeltaOp[]]>([
  [true, 'at the start', [{ insert: { 'cl-image': 1 } }, { insert: 'a\n' }]],
  [true, 'after a line', [{ insert: 'a\n' }, { insert: { video: 'x' } }]],
  [true, 'after another one', [{ insert: { 'cl-image': 1 } }, { insert: { 'cl-document': 1 } }]],
  [false, 'behind words', [{ insert: 'a' }, { insert: { 'cl-image': 1 } }]],
  [false, 'behind an embed of the line', [{ insert: { image: 'x' } }, { insert: { 'cl-image': 1 } }]],
  [true, 'there is none', [{ insert: 'a' }, { insert: { image: 'x' } }]],
])('%s: an embed on a line of its own %s', (expected, _where, ops) => {
  expect(blocksBeginLines(ops)).toBe(expected);
});

test('an editor stands for a text when it has its characters, and at most one line end more', () => {
  expect(opsToCharacters([{ insert: 'a' }, { insert: { x: 1 } }, { insert: '\n' }])).toBe('a\ufffc\n');
  expect(isAligned('a\n', 'a')).toBe(true);
  expect(isAligned('a\n', 'a\n')).toBe(true);
  expect(isAligned('a\n\n', 'a')).toBe(false);
  expect(isAligned('a\n\ufffc', 'a\ufffc')).toBe(false);
});

test('the name of an embed is its one member', () => {
  expect(embedName({ insert: { mention: { id: 1 } } })).toBe('mention');
  expect(embedName({ insert: 'words' })).toBeUndefined();
});
