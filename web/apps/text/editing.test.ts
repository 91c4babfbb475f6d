import { EditorState, TextSelection } from 'prosemirror-state';
import type { Command } from 'prosemirror-state';
import { expect, test } from 'vitest';
import { yXmlFragmentToProseMirrorRootNode } from 'y-prosemirror';
import * as Y from 'yjs';
import { activeBlock, activeMarks, commands, linkAt, setLink } from './commands.ts';
import { exportMarkdown, writeContent } from './markdown/document.ts';
import { parseMarkdown } from './markdown/parse.ts';
import { serializeMarkdown } from './markdown/serialize.ts';
import { isOnlyPicture, looksLikeMarkdown } from './paste.ts';
import { readBlocks } from './read-only.ts';
import { schema } from './schema.ts';

/** Runs a command on Markdown; the selection covers the first `{{…}}`, or the caret stands at `||`. */
function run(source: string, command: Command): { done: boolean; text: string; state: EditorState } {
  let state = EditorState.create({ doc: parseMarkdown(source) });
  const find = (mark: string): number => {
    let found = -1;
    state.doc.descendants((node, pos) => {
      const at = node.text?.indexOf(mark) ?? -1;
      if (at !== -1 && found === -1) found = pos + at;
    });
    return found;
  };
  const cut = (mark: string): number => {
    const at = find(mark);
    if (at !== -1) state = state.apply(state.tr.delete(at, at + mark.length));
    return at;
  };
  const caret = cut('||');
  const from = caret === -1 ? cut('{{') : caret;
  const to = caret === -1 ? cut('}}') : caret;
  state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
  const done = command(state, (tr) => (state = state.apply(tr)));
  return { done, text: serializeMarkdown(state.doc).trimEnd(), state };
}

test.each([
  ['bold', 'a {{b}} c', commands.strong, 'a **b** c'],
  ['bold off', 'a **{{b}}** c', commands.strong, 'a b c'],
  ['no bold in code', '```\na || c\n```', commands.strong, '```\na  c\n```'],
  ['heading', 'a|| b', commands.heading2, '## a b'],
  ['heading off', '## a|| b', commands.heading2, 'a b'],
  ['code takes marks off', 'a|| **b** [c](https://x.org)', commands.codeBlock, '```\na b c\n```'],
  ['quote', 'a||', commands.blockquote, '> a'],
  ['quote off', '> a||', commands.blockquote, 'a'],
  ['list', 'a||', commands.bulletList, '- a'],
  ['list off', '- a||', commands.bulletList, 'a'],
  ['bullets to numbers', '- a||\n- b', commands.orderedList, '1. a\n2. b'],
  ['numbers to tasks', '1. a||\n2. b', commands.taskList, '- [ ] a\n- [ ] b'],
  ['rule', 'a||\n\nb', commands.horizontalRule, 'a\n\n---\n\nb'],
  ['link', 'a {{b}} c', setLink('https://x.org'), 'a [b](https://x.org) c'],
  ['link around the caret', 'a [b||c](https://x.org) d', setLink('https://y.org'), 'a [bc](https://y.org) d'],
  ['link off', 'a [b||c](https://x.org) d', setLink(''), 'a bc d'],
] as const)('%s', (_name, source, command, expected) => {
  expect(run(source, command).text).toBe(expected);
});

test('a picture that was copied from a page is taken as a file, one among words is not', () => {
  const picture =
    '<meta charset="utf-8"><!--StartFragment--><img src="https://x.org/a.png"><!--EndFragment-->';
  expect(isOnlyPicture(picture)).toBe(true);
  expect(isOnlyPicture(`${picture}<p>words</p>`)).toBe(false);
  expect(isOnlyPicture('<p></p>')).toBe(false);
});

test('an address that may not be followed is not made a link', () => {
  const { done, text } = run('a {{b}} c', setLink('javascript:alert(1)'));
  expect(done).toBe(false);
  expect(text).toBe('a b c');
});

test('a toolbar is told what is on at the caret', () => {
  const { state } = run('- [ ] a **b||c** [d](https://x.org)', () => true);
  expect(activeMarks(state)).toEqual(['strong']);
  expect(activeBlock(state)).toBe('task_list');
  expect(linkAt(state)).toBe('');
  expect(linkAt(run('[d||e](https://x.org)', () => true).state)).toBe('https://x.org');
});

/** What two devices make of one document apart, merged. */
function merge(source: string, one: (doc: Y.Doc) => void, other: (doc: Y.Doc) => void): Y.Doc {
  const here = new Y.Doc();
  writeContent(here, parseMarkdown(source));
  const there = new Y.Doc();
  Y.applyUpdate(there, Y.encodeStateAsUpdate(here));
  one(here);
  other(there);
  Y.applyUpdate(here, Y.encodeStateAsUpdate(there));
  return here;
}

function blockOf(doc: Y.Doc): Y.XmlElement {
  const block = doc.getXmlFragment('content').get(0);
  if (!(block instanceof Y.XmlElement)) throw new Error('not a block');
  return block;
}

test('bold here and new words in code there: the merged block is not refused', () => {
  const doc = merge(
    '```\nlet a;\n```',
    (here) => (blockOf(here).get(0) as Y.XmlText).format(0, 3, { strong: {} }),
    (there) => blockOf(there).insert(1, [new Y.XmlElement('image')]),
  );
  const root = yXmlFragmentToProseMirrorRootNode(doc.getXmlFragment('content'), schema);
  expect(root.textContent).toBe('let a;');
  expect(exportMarkdown(doc)).toContain('let a;');
});

test('a document of a later version is shown as words, whatever its nodes are called', () => {
  const doc = new Y.Doc();
  writeContent(doc, parseMarkdown('# Title\n\n- a\n- b\n\n<div>x</div>'));
  const hologram = new Y.XmlElement('hologram');
  hologram.insert(0, [new Y.XmlText('depth')]);
  doc.getXmlFragment('content').insert(1, [hologram]);
  expect(readBlocks(doc.getXmlFragment('content'))).toEqual(['Title', 'depth', 'a', 'b', '<div>x</div>']);
});

test.each([
  ['# Title', true],
  ['- a\n- b', true],
  ['see [x](https://x.org)', true],
  ['| a |\n|---|', true],
  ['a plain sentence - with a dash', false],
  ['2 * 3 * 4', false],
  ['- one line', false],
])('%j looks like Markdown: %s', (text, expected) => {
  expect(looksLikeMarkdown(text)).toBe(expected);
});
