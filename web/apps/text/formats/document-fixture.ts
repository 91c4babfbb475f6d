import fc from 'fast-check';
import { Fragment, type Mark, type Node } from 'prosemirror-model';
import { schema } from '../schema.ts';

const { nodes, marks } = schema;

/** Text as people write it and as it should not be: markup, spaces at the edges, other scripts, emoji. */
const text = fc
  .array(
    fc.constantFrom(
      'word',
      ' ',
      '  ',
      'ä',
      '漢字',
      '🌻',
      '<b>',
      '&amp;',
      '"',
      "'",
      '*',
      '_',
      '[',
      ']',
      '`',
      '\\',
      '|',
      '#',
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(''));

const anyMark: fc.Arbitrary<Mark> = fc.oneof(
  fc
    .constantFrom('em', 'strong', 'strike', 'underline', 'highlight', 'code' as const)
    .map((name) => marks[name].create()),
  fc
    .constantFrom('https://x.org/a?b=c&d', '#part', 'notes/other.md')
    .map((href) => marks.link.create({ href })),
);
const marked = fc.tuple(text, fc.array(anyMark, { maxLength: 2 })).map(([words, set]) =>
  schema.text(
    words,
    set.reduce<readonly Mark[]>((all, mark) => mark.addToSet(all), []),
  ),
);

const id = fc.constantFrom('AAAAAAAAAAAAAAAAAAAAAAAA', 'bbbbbbbbbbbbbbbbbbbbbbbb');
const picture = fc
  .tuple(text, fc.constantFrom('', 'A caption "so"'), fc.constantFrom('', 'https://x.org/'))
  .map(([alt, caption, href]) => nodes.image.create({ src: 'img/one.png', alt, caption, href }));
const atom: fc.Arbitrary<Node> = fc.oneof(
  fc.constant(nodes.hard_break.create()),
  picture,
  fc.constant(nodes.mention.create({ idTag: 'bob.example' })),
  fc.constant(nodes.date.create({ date: '2026-02-28' })),
  fc.tuple(id, text).map(([target, title]) => nodes.doc_link.create({ id: target, title })),
);
const line = fc
  .array(fc.oneof({ weight: 3, arbitrary: marked }, { weight: 1, arbitrary: atom }), { maxLength: 4 })
  .map((list) => Fragment.fromArray(list));

const code = fc
  .tuple(
    fc.constantFrom('', 'js', 'c++'),
    fc.array(fc.constantFrom('let a', ' <b>', '\n', '&lt;', '```'), { maxLength: 4 }),
  )
  .map(([params, parts]) =>
    nodes.code_block.create({ params }, parts.length === 0 ? null : schema.text(parts.join(''))),
  );

const cell = fc
  .tuple(fc.boolean(), line, fc.constantFrom('', 'left', 'center', 'right'))
  .map(([head, content, align]) => (head ? nodes.table_header : nodes.table_cell).create({ align }, content));
const table = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  )
  .map((rows) =>
    nodes.table.create(
      null,
      rows.map((cells) => nodes.table_row.create(null, cells)),
    ),
  );

const simple: fc.Arbitrary<Node> = fc.oneof(
  { weight: 4, arbitrary: line.map((content) => nodes.paragraph.create(null, content)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 6 }), line)
      .map(([level, content]) => nodes.heading.create({ level }, content)),
  },
  code,
  fc.constant(nodes.horizontal_rule.create()),
  table,
);

/** Blocks, nested as deep as `depth` says. */
function blocks(depth: number): fc.Arbitrary<Node[]> {
  return fc.array(depth === 0 ? simple : fc.oneof({ weight: 2, arbitrary: simple }, nested(depth)), {
    minLength: 1,
    maxLength: 3,
  });
}

function nested(depth: number): fc.Arbitrary<Node> {
  const inside = blocks(depth - 1);
  const items = fc.array(inside, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    inside.map((list) => nodes.blockquote.create(null, list)),
    fc
      .tuple(fc.constantFrom('note', 'tip', 'warning', 'danger'), inside)
      .map(([kind, list]) => nodes.callout.create({ kind }, list)),
    items.map((list) =>
      nodes.bullet_list.create(
        null,
        list.map((item) => nodes.list_item.create(null, item)),
      ),
    ),
    fc.tuple(fc.integer({ min: 1, max: 12 }), items).map(([order, list]) =>
      nodes.ordered_list.create(
        { order },
        list.map((item) => nodes.list_item.create(null, item)),
      ),
    ),
    fc.array(fc.tuple(fc.boolean(), inside), { minLength: 1, maxLength: 3 }).map((list) =>
      nodes.task_list.create(
        null,
        list.map(([checked, item]) => nodes.task_item.create({ checked }, item)),
      ),
    ),
  );
}

/** Documents of every kind of block and word, two levels deep. */
export const anyDocument: fc.Arbitrary<Node> = blocks(2).map((list) => nodes.doc.create(null, list));
