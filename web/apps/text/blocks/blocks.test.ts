import { type Command, EditorState } from 'prosemirror-state';
import { CellSelection, TableMap } from 'prosemirror-tables';
import { expect, test } from 'vitest';
import { de } from '../../../i18n/blocks/de.ts';
import { en } from '../../../i18n/blocks/en.ts';
import { commands } from '../commands.ts';
import { parseMarkdown } from '../markdown/parse.ts';
import { serializeMarkdown } from '../markdown/serialize.ts';
import { schema } from '../schema.ts';
import { deleteBlock, duplicateBlock, insertBlock, insertInline, moveBlock } from './block-commands.ts';
import { toggleCallout } from './callouts.ts';
import { dayOf, formatDay } from './dates.ts';
import { run, stateOf } from './edit-fixture.ts';
import { findEmoji, loadEmoji } from './emoji.ts';
import { highlightCode } from './grammars.ts';
import { filterEntries } from './slash-menu.ts';
import { matchTrigger } from './suggest.ts';
import { createTable, tableCommands } from './tables.ts';

const { nodes } = schema;
const table = '| a | b |\n|---|---|\n| c {{}} | d |';

test.each<[string, string, Command, string]>([
  ['a block goes up', 'a\n\nb||', moveBlock(-1), 'b\n\na'],
  ['a block goes down', 'a||\n\n> b', moveBlock(1), '> b\n\na'],
  ['an item goes up in its list', '- a\n- b||', moveBlock(-1), '- b\n- a'],
  ['the first stays', 'a||\n\nb', moveBlock(-1), 'a\n\nb'],
  ['once more', '# a||\n\nb', duplicateBlock, '# a\n\n# a\n\nb'],
  ['a block is deleted', 'a\n\nb||\n\nc', deleteBlock, 'a\n\nc'],
  ['a list goes with its last item', 'a\n\n- b||\n\nc', deleteBlock, 'a\n\nc'],
  ['a callout', 'a||', toggleCallout('tip'), '> [!TIP]\n> a'],
  ['another kind', '> [!TIP]\n> a||', toggleCallout('danger'), '> [!CAUTION]\n> a'],
  ['no callout', '> [!TIP]\n> a||\n>\n> b', toggleCallout('tip'), 'a\n\nb'],
  ['a rule below words', 'a||\n\nb', insertBlock(() => nodes.code_block.create()), 'a\n\n```\n```\n\nb'],
  ['a row', table, tableCommands.rowBelow, '| a | b |\n| --- | --- |\n| c | d |\n|  |  |'],
  ['a column', table, tableCommands.columnAfter, '| a |  | b |\n| --- | --- | --- |\n| c |  | d |'],
  ['without a row', table, tableCommands.deleteRow, '| a | b |\n| --- | --- |'],
  ['without a column', table, tableCommands.deleteColumn, '| b |\n| --- |\n| d |'],
  [
    'no block in a cell',
    table,
    insertBlock(() => createTable(2, 2)),
    table.replace(' {{}}', '').replace('|---|---|', '| --- | --- |'),
  ],
])('%s', (_name, source, command, expected) => {
  expect(run(source, command).text).toBe(expected);
});

test('the caret goes with a block that is moved or doubled', () => {
  const { state } = run('first||\n\nsecond', moveBlock(1), (now, dispatch) => {
    dispatch?.(now.tr.insertText('!'));
    return true;
  });
  expect(serializeMarkdown(state.doc)).toBe('second\n\nfirst!\n');
});

test('a new table has a header row, stands in place of an empty line, and one can write behind it', () => {
  const { state } = run(
    '||',
    insertBlock(() => createTable(3, 2)),
  );
  const made = state.doc.firstChild;
  expect(made?.type).toBe(nodes.table);
  expect(made?.firstChild?.firstChild?.type).toBe(nodes.table_header);
  expect(made?.lastChild?.firstChild?.type).toBe(nodes.table_cell);
  expect(state.doc.lastChild?.type).toBe(nodes.paragraph);
  expect(state.selection.$from.parent.type).toBe(nodes.table_header);
});

test('merged cells keep all words, on lines of their own, and can be split again', () => {
  let state = stateOf('| a | b |\n|---|---|\n| c | d |');
  const dispatch = (tr: typeof state.tr) => (state = state.apply(tr));
  const map = TableMap.get(state.doc.firstChild!);
  const [first = 0, last = 0] = [map.map[0], map.map[3]];
  state = state.apply(state.tr.setSelection(CellSelection.create(state.doc, first + 1, last + 1)));
  expect(tableCommands.merge(state, dispatch)).toBe(true);
  const merged = state.doc.firstChild?.firstChild?.firstChild;
  expect(merged?.attrs).toMatchObject({ colspan: 2, rowspan: 2 });
  expect(merged?.textBetween(0, merged.content.size, '', ' ')).toBe('a b c d');
  expect(tableCommands.split(state, dispatch)).toBe(true);
  expect(TableMap.get(state.doc.firstChild!).map).toHaveLength(4);
});

test('cells that reach over others leave empty ones, and a caption is kept as a title', () => {
  const cell = (text: string, attrs = {}) => nodes.table_cell.create(attrs, schema.text(text));
  const rows = [[cell('a', { rowspan: 2, colspan: 2 }), cell('b')], [cell('c')]];
  const table = nodes.table.create(
    null,
    rows.map((cells) => nodes.table_row.create(null, cells)),
  );
  const picture = nodes.image.create({ src: 'a.png', alt: 'b', caption: 'A boat' });
  expect(serializeMarkdown(nodes.doc.create(null, [table, nodes.paragraph.create(null, picture)]))).toBe(
    '| a |  | b |\n| --- | --- | --- |\n|  |  | c |\n\n![b](a.png "A boat")\n',
  );
});

test('a row that others made too short is mended by the next who changes the table', () => {
  const row = (...cells: string[]) =>
    nodes.table_row.create(
      null,
      cells.map((words) => nodes.table_cell.create(null, schema.text(words))),
    );
  const ragged = nodes.table.create(null, [row('a||', 'b', 'c'), row('d')]);
  const { state, done } = run(nodes.doc.create(null, ragged), tableCommands.rowBelow);
  expect(done).toBe(true);
  state.doc.firstChild?.forEach((line) => expect(line.childCount).toBe(3));
});

test('what is offered follows the words in both languages', () => {
  const entries = Object.entries({ table: 'Table', tasks: 'Tasks', text: 'Text' }).map(([id, label]) => ({
    ...{ id, label, words: [label.toLowerCase(), id === 'tasks' ? 'todo' : id] },
    apply: () => undefined,
  }));
  expect(filterEntries(entries, 'ta').map((one) => one.id)).toEqual(['table', 'tasks']);
  expect(filterEntries(entries, 'todo').map((one) => one.id)).toEqual(['tasks']);
  expect(filterEntries(entries, '')).toBe(entries);
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  for (const words of [...Object.values(de), ...Object.values(en)]) expect(words.trim()).not.toBe('');
});

test.each([
  ['/ta||', 'ta'],
  ['see /||', ''],
  ['and/or||', undefined],
  ['`/x||`', 'x'],
  ['```\n/x||\n```', undefined],
])('%j asks for %j', (source, query) => {
  expect(matchTrigger(stateOf(source), /(?:^|\s)(\/(\w*))$/)?.query).toBe(query);
});

test('code is cut into pieces that keep their places', () => {
  const code = 'const a = "b"; // c';
  const words = highlightCode('js', code).map(({ from, to, classes }) => [code.slice(from, to), classes]);
  expect(words).toEqual([
    ['const', 'hljs-keyword'],
    ['"b"', 'hljs-string'],
    ['// c', 'hljs-comment'],
  ]);
  expect(highlightCode('klingon', code)).toEqual([]);
});

test('emoji are found by their code and by words of the language', async () => {
  const german = await loadEmoji('de');
  expect(findEmoji(german, 'smile')[0]).toMatchObject({ unicode: '😄', codes: ['smile'] });
  expect(findEmoji(german, 'thumbsup')[0]?.unicode).toBe('👍️');
  expect(findEmoji(german, 'katze')[0]?.label).toMatch(/katze/i);
  expect(findEmoji(german, 'nosuchthing')).toEqual([]);
});

test('days are those of the device, and are said in its language', () => {
  expect(dayOf(new Date(2026, 10, 5, 23, 59))).toBe('2026-11-05');
  expect(formatDay('2026-11-05', 'en-GB')).toBe('5 Nov 2026');
  expect(formatDay('2026-99-99', 'de')).toBe('2026-99-99');
  const { text } = run(
    'on ||',
    insertInline(() => nodes.date.create({ date: '2026-11-05' })),
  );
  expect(text).toBe('on <time datetime="2026-11-05">2026-11-05</time>');
});

test('tasks nest by Tab and come back', () => {
  const doc = parseMarkdown('- [ ] a\n  - [x] b\n  - [ ] c\n- [ ] d');
  expect(serializeMarkdown(doc)).toBe('- [ ] a\n  - [x] b\n  - [ ] c\n- [ ] d\n');
  const state = EditorState.create({ doc });
  expect(state.doc.firstChild?.type).toBe(nodes.task_list);
  expect(run('u||', commands.underline).done).toBe(true);
});

test('a column is widened and narrowed by keys: in all its cells, no narrower than can be read', () => {
  const widthsOf = (list: Command[]) => {
    const widths: unknown[] = [];
    run(table, ...list).state.doc.descendants((node) => {
      if (node.type.name.startsWith('table_')) widths.push(node.attrs['colwidth']);
      return !node.isTextblock;
    });
    return widths.filter((width) => width !== undefined);
  };
  expect(widthsOf([tableCommands.wider, tableCommands.wider])).toEqual([[144], null, [144], null]);
  expect(widthsOf([tableCommands.wider, tableCommands.narrower, tableCommands.narrower])[0]).toEqual([72]);
  const narrow = Array<Command>(2).fill(tableCommands.narrower);
  expect(run(table, ...narrow).done).toBe(true);
  expect(run(table, ...narrow, tableCommands.narrower).done).toBe(false);
});
