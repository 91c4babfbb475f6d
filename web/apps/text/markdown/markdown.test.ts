import fc from 'fast-check';
import type { Mark, Node } from 'prosemirror-model';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { holds, seed } from '../../../../shared/test/seeded.ts';
import { isLiveHref, schema } from '../schema.ts';
import { exportMarkdown, readContent, writeContent } from './document.ts';
import { parseMarkdown } from './parse.ts';
import { plainTextToDocument } from './plain-text.ts';
import { serializeMarkdown } from './serialize.ts';

const { nodes, marks } = schema;

function kinds(source: string): string[] {
  const names: string[] = [];
  parseMarkdown(source).forEach((node) => names.push(node.type.name));
  return names;
}

function roundTrip(source: string): string {
  return serializeMarkdown(parseMarkdown(source));
}

describe('import', () => {
  test.each([
    ['# One\n\ntwo *three* **four** `five` ~~six~~', ['heading', 'paragraph']],
    [
      '> quote\n\n- a\n- b\n\n1. c\n\n- [ ] d\n- [x] e',
      ['blockquote', 'bullet_list', 'ordered_list', 'task_list'],
    ],
    ['```js\nlet a;\n```\n\n    indented\n\n---', ['code_block', 'code_block', 'horizontal_rule']],
    ['| a | b |\n|:-:|--:|\n| 1 | 2 |', ['table']],
    ['[![badge](https://x.org/b.svg)](https://x.org)', ['paragraph']],
    ['a<br>b <strong>c</strong>', ['paragraph']],
    ['<details>\n\ntext\n\n</details>', ['raw_block', 'paragraph', 'raw_block']],
    ['<!-- note -->', ['raw_block']],
    ['text [a]\n\n[a]: https://x.org "t"', ['paragraph', 'raw_block']],
    ['---\ntitle: x\n---\n\nbody', ['raw_block', 'paragraph']],
    ['- [ ] task\n- no task', ['raw_block']],
    ['> [!NOTE]\n> words\n>\n> - more', ['callout']],
    ['> [!TIP]\n>\n> - a list', ['callout']],
    ['> [!WARNING]\n>\n> words apart', ['blockquote']],
    ['> \\[!NOTE\\]\n> words', ['blockquote']],
    ['<u>a</u> <mark>b</mark> <time datetime="2026-11-21">2026-11-21</time>', ['paragraph']],
    ['<time datetime="2026-11-21">Saturday</time>', ['raw_block']],
    ['![p](data:image/png;base64,AAAA)', ['raw_block']],
    ['> [a]: https://x.org\n\n[a]', ['raw_block', 'paragraph']],
    ['', ['paragraph']],
  ])('%j becomes %j', (source, expected) => {
    expect(kinds(source)).toEqual(expected);
  });

  test.each([
    '<div align="center">\n  <b>kept</b>\n</div>\n',
    '- [ ] task\n- no task\n',
    '---\ntitle: x\nlist:\n  - y\n---\n\nbody\n',
    'a <kbd>Ctrl</kbd> b\n',
    '[a]: https://x.org  "two  spaces"\n',
  ])('what has no node is exported unchanged: %j', (source) => {
    expect(roundTrip(source)).toBe(source);
  });

  test('reference links become links, and their definitions stay', () => {
    expect(roundTrip('see [it][a]\n\n[a]: https://x.org\n')).toBe(
      'see [it](https://x.org)\n\n[a]: https://x.org\n',
    );
  });

  test('lists that stood apart do not run together', () => {
    const source = '- a\n- b\n\n* c\n* d\n\n1. e\n\n1) f\n';
    expect(roundTrip(source)).toBe(source);
  });

  test('a javascript: address stays text', () => {
    expect(roundTrip('[x](javascript:alert(1))')).toBe('\\[x\\](javascript:alert(1))\n');
    for (const href of ['https://x.org', 'mailto:a@b.c', '#here', 'docs/a.md', '../b']) {
      expect(isLiveHref(href), href).toBe(true);
    }
    for (const href of [
      'javascript:alert(1)',
      ' java\nscript:x',
      'data:text/html,x',
      'file:///etc',
      '//x.org',
      '',
    ]) {
      expect(isLiveHref(href), href).toBe(false);
    }
  });

  test('names with underscores read as they were typed', () => {
    expect(roundTrip('2\\*3 and a_b_c and \\_x\\_')).toBe('2\\*3 and a_b_c and \\_x\\_\n');
  });

  test('plain text is taken as it stands', () => {
    const doc = plainTextToDocument('# not a heading\n* not a list\n\n\nsecond\r\n');
    expect(doc.childCount).toBe(2);
    expect(serializeMarkdown(doc)).toBe('\\# not a heading\\\n\\* not a list\n\nsecond\n');
  });
});

test('export works on a copy: a document of another schema keeps what we do not know', () => {
  const doc = new Y.Doc();
  writeContent(doc, parseMarkdown('known'));
  doc.getXmlFragment('content').insert(1, [new Y.XmlElement('hologram')]);
  expect(exportMarkdown(doc)).toBe('known\n');
  expect(doc.getXmlFragment('content').toString()).toContain('hologram');
});

/** Words with everything in them that Markdown could take for syntax. */
const word = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-z]{1,6}$/) },
  { weight: 3, arbitrary: fc.stringMatching(/^[-\\`*_{}[\]()#+.!|<>~&:"'=$1x]{1,5}$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('&amp;', '<b>', '1.', '- [ ]', 'ü', '日本', '🌿', 'a_b', 'http://a_b.c/*'),
  },
);
const words = fc.array(word, { minLength: 1, maxLength: 5 }).map((list) => list.join(' '));
const emphasis = fc.subarray(
  [marks.em, marks.strong, marks.strike, marks.underline, marks.highlight].map((type) => type.create()),
);
const href = fc.constantFrom(
  'https://x.org/a_(b)',
  '#here',
  'a b.md',
  'https://x.org/?a=1&amp;b=2',
  '../\\x',
);

const textNode = fc.tuple(words, emphasis).map(([text, set]) => schema.text(text, set));
const codeNode = fc
  .stringMatching(/^[a-z`\\*<&]{1,6}( [a-z`]{1,4})?$/)
  .map((text) => schema.text(text, [marks.code.create()]));
const linkNode = fc
  .tuple(words, href, fc.constantFrom('', 'a "title"'))
  .map(([text, to, title]) => schema.text(text, [marks.link.create({ href: to, title })]));
const imageNode = fc
  .tuple(fc.constantFrom('a.png', 'https://x.org/b c.png'), words, fc.constantFrom('', 'https://x.org'))
  .map(([src, alt, to]) => nodes.image.create({ src, alt, href: to }));

const atomNode = fc.oneof(
  fc.constantFrom('bob.example.org', 'a_b.org').map((idTag) => nodes.mention.create({ idTag })),
  words.map((title) => nodes.doc_link.create({ id: '01jd~x', title })),
  fc.constant(nodes.date.create({ date: '2026-11-21' })),
);

/** Pieces with a plain space between, as people write; edges of emphasis have no spaces of their own. */
const inline = fc
  .array(fc.oneof({ weight: 4, arbitrary: textNode }, codeNode, linkNode, imageNode, atomNode), {
    minLength: 1,
    maxLength: 4,
  })
  .map((list) => list.flatMap((node, index) => (index === 0 ? [node] : [schema.text(' '), node])));
const glued = fc.array(fc.oneof(textNode, codeNode), { minLength: 2, maxLength: 4 });
const paragraph = fc.oneof(inline, glued).map((content) => nodes.paragraph.create(null, content));
const heading = fc
  .tuple(fc.integer({ min: 1, max: 6 }), inline)
  .map(([level, content]) => nodes.heading.create({ level }, content));
const code = fc
  .tuple(fc.constantFrom('', 'js', 'a b'), fc.stringMatching(/^[a-z`~ \n#-]{0,20}$/))
  .map(([params, text]) => nodes.code_block.create({ params }, text === '' ? null : schema.text(text)));
const table = fc
  .tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.array(inline, { minLength: 9, maxLength: 9 }),
  )
  .map(([columns, rows, cells]) =>
    nodes.table.create(
      null,
      Array.from({ length: rows }, (_, row) =>
        nodes.table_row.create(
          null,
          Array.from({ length: columns }, (__, column) =>
            (row === 0 ? nodes.table_header : nodes.table_cell).create(null, cells[row * 3 + column]),
          ),
        ),
      ),
    ),
  );
const leaf = fc.oneof(
  { weight: 5, arbitrary: paragraph },
  heading,
  code,
  fc.constant(nodes.horizontal_rule.create()),
);
const { block } = fc.letrec<{ block: Node }>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 5, arbitrary: leaf },
    table,
    fc.array(tie('block'), { minLength: 1, maxLength: 2 }).map((list) => nodes.blockquote.create(null, list)),
    fc
      .tuple(
        fc.constantFrom('note', 'tip', 'warning', 'danger'),
        paragraph,
        fc.array(tie('block'), { maxLength: 1 }),
      )
      .map(([kind, first, rest]) => nodes.callout.create({ kind }, [first, ...rest])),
    fc
      .array(fc.tuple(paragraph, fc.array(tie('block'), { maxLength: 1 })), { minLength: 1, maxLength: 3 })
      .map((items) =>
        nodes.bullet_list.create(
          { tight: false },
          items.map(([p, rest]) => nodes.list_item.create(null, [p, ...rest])),
        ),
      ),
    fc.array(fc.tuple(paragraph, fc.boolean()), { minLength: 1, maxLength: 3 }).map((items) =>
      nodes.task_list.create(
        null,
        items.map(([p, checked]) => nodes.task_item.create({ checked }, [p])),
      ),
    ),
    fc
      .tuple(fc.integer({ min: 0, max: 99 }), fc.array(paragraph, { minLength: 1, maxLength: 3 }))
      .map(([order, items]) =>
        nodes.ordered_list.create(
          { order },
          items.map((p) => nodes.list_item.create(null, p)),
        ),
      ),
  ),
}));
const document = fc
  .array(block, { minLength: 1, maxLength: 4 })
  .map((blocks) => nodes.doc.create(null, blocks))
  .filter((doc) => !doc.eq(nodes.doc.create(null, [])));

describe(`property, ISLET_SEED=${seed}`, () => {
  test('nodes written as Markdown and read again are the same words, marks and links', async () => {
    await holds(
      fc.property(document, (doc) => {
        const source = serializeMarkdown(doc);
        expect(flatten(parseMarkdown(source)), source).toEqual(flatten(doc));
      }),
      { runs: 600 },
    );
  });

  test('nodes put into a Y.Doc and taken out again are the same', async () => {
    await holds(
      fc.property(document, (doc) => {
        const ydoc = new Y.Doc();
        writeContent(ydoc, doc);
        expect(readContent(ydoc).toJSON()).toEqual(doc.toJSON());
      }),
      { runs: 100 },
    );
  });

  test('any text at all: what was exported once is exported the same again', async () => {
    await holds(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const source = serializeMarkdown(parseMarkdown(text));
        expect(serializeMarkdown(parseMarkdown(source))).toBe(source);
      }),
      { runs: 500 },
    );
  });
});

/** A document as lines of words with their block path and marks; what Markdown cannot tell apart is left out. */
function flatten(doc: Node): string[] {
  const lines: string[] = [];
  const visit = (node: Node, path: string): void => {
    if (node.isTextblock) {
      const parts: string[] = [];
      node.forEach((child) => parts.push(describeInline(child)));
      lines.push(`${path} ${JSON.stringify(joinSame(parts))}`);
      return;
    }
    if (node.isLeaf) lines.push(`${path} ${JSON.stringify(node.attrs)}`);
    node.forEach((child) => visit(child, `${path}/${child.type.name}${attributes(child)}`));
  };
  visit(doc, '');
  return lines;
}

function attributes(node: Node): string {
  const { tight: _tight, align: _align, colwidth: _width, ...rest } = node.attrs;
  return JSON.stringify(rest);
}

function describeInline(child: Node): string {
  if (!child.isText) return `<${child.type.name} ${JSON.stringify(child.attrs)}>`;
  const names = child.marks.map((mark: Mark) => `${mark.type.name}${JSON.stringify(mark.attrs)}`).sort();
  return [...(child.text ?? '')].map((char) => (char === ' ' ? ' ' : `${char}{${names.join()}}`)).join('');
}

function joinSame(parts: string[]): string {
  return parts.join('');
}
