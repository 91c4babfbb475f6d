import { Fragment, type Node, Slice } from 'prosemirror-model';
import { EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { expect, test } from 'vitest';
import { markdownSlice } from '../markdown/slice.ts';
import { schema } from '../schema.ts';
import { cleanPaste } from './clean-paste.ts';
import { hideStyles } from './clean-styles.ts';
import { LONGEST_BLOCK, MOST_MARKDOWN, MOST_NODES, MOST_TAGS, MOST_TEXT, isTooMuch } from './too-much.ts';

const { nodes } = schema;
const line = (text: string): Node => nodes.paragraph.create(null, schema.text(text));
const closed = (...content: Node[]): Slice => new Slice(Fragment.fromArray(content), 0, 0);
const lines = (count: number, text = 'x'): Slice => closed(...Array<Node>(count).fill(line(text)));

function quoted(depth: number): Node {
  return depth === 0 ? line('x') : nodes.blockquote.create(null, quoted(depth - 1));
}

test('a paste has so many nodes, so much text, so long a block and is so deep at most, and no more', () => {
  expect(isTooMuch(lines(MOST_NODES / 2), 1)).toBe(false);
  expect(isTooMuch(lines(MOST_NODES / 2 + 1), 1)).toBe(true);
  expect(isTooMuch(closed(line('x'.repeat(LONGEST_BLOCK - 2))), 1)).toBe(false);
  expect(isTooMuch(closed(line('x'.repeat(LONGEST_BLOCK + 1))), 1)).toBe(true);
  expect(isTooMuch(lines(11, 'x'.repeat(MOST_TEXT / 10)), 1)).toBe(true);
  expect(isTooMuch(closed(quoted(90)), 1)).toBe(false);
  expect(isTooMuch(closed(quoted(90)), 20)).toBe(true);
  expect(isTooMuch(closed(quoted(300)), 1)).toBe(true);
  // A word, with all around it, as it is copied 60 deep; put back there.
  expect(isTooMuch(new Slice(Fragment.from(quoted(60)), 61, 61), 61)).toBe(false);
});

test('what is too much is refused before it is read, said once, and in the way of nothing that comes after it', () => {
  const errors: unknown[] = [];
  const { props } = cleanPaste({ mayWriteNew: () => true, onError: (error) => errors.push(error) });
  const view = { state: EditorState.create({ schema }) } as EditorView;
  const paste = (slice: Slice): Slice | undefined =>
    props.transformPasted?.call(props as never, slice, view, true);
  const isTaken = (): boolean =>
    !props.handlePaste?.call(props as never, view, {} as ClipboardEvent, Slice.empty);

  expect(props.transformPastedHTML?.call(props as never, '<p>x</p>'.repeat(MOST_TAGS / 2 + 1), view)).toBe(
    '',
  );
  expect(paste(Slice.empty)).toBe(Slice.empty);
  expect(isTaken()).toBe(false);
  expect(props.transformPastedText?.call(props as never, 'a\r\n'.repeat(MOST_NODES), true, view)).toBe('a');
  expect(paste(Slice.empty)).toBe(Slice.empty);
  expect(isTaken()).toBe(false);
  expect(errors).toHaveLength(2);
  const pretended = `<p data-pm-slice="1 1 []">x</p>${'<p>x</p>'.repeat(MOST_TAGS / 2)}`;
  expect(props.transformPastedHTML?.call(props as never, pretended, view)).toBe('');
  expect(isTaken()).toBe(false);
  expect(errors).toHaveLength(3);

  expect(paste(lines(1))).toEqual(lines(1));
  expect(isTaken()).toBe(true);
  expect(errors).toHaveLength(3);
});

test('what is moved within the document is there already, however much it is', () => {
  const { props } = cleanPaste({ mayWriteNew: () => true, onError: (error) => expect.fail(String(error)) });
  const all = lines(MOST_NODES / 2 + 1);
  const dragging = { slice: all, move: true };
  const view = { state: EditorState.create({ schema }), dragging } as unknown as EditorView;
  expect(props.transformPasted?.call(props as never, all, view, false)).toBe(all);
});

test('Markdown of many cells or many letters is refused, a table of a hundred rows is not', () => {
  const row = `${'| a '.repeat(100)}|\n`;
  const table = (rows: number): string => `${row}${'|---'.repeat(100)}|\n${row.repeat(rows)}`;
  expect(markdownSlice(table(100), 0).content.firstChild?.childCount).toBe(101);
  expect(() => markdownSlice(table(210), 0)).toThrow(/too much/);
  expect(() => markdownSlice('x'.repeat(MOST_MARKDOWN + 1), 0)).toThrow(/too much/);
});

test.each([
  [`<p class=x style='color:red'>`, `<p class=x data-style='color:red'>`],
  ['<P\nSTYLE = "a">style="b"</P>', '<P\ndata-style = "a">style="b"</P>'],
  [`<a title="a > b style='c'" style="d">`, `<a title="a > b style='c'" data-style="d">`],
  ['<b title="x"style=y>', '<b title="x"data-style=y>'],
  ['<p data-style="a" mystyle="b">', '<p data-style="a" mystyle="b">'],
  ['a < b style="c"', 'a < b style="c"'],
])('styles are hidden from the policy of the page: %s', (html, hidden) => {
  expect(hideStyles(html)).toBe(hidden);
});
