import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { parseMarkdown } from '../markdown/parse.ts';
import { schema } from '../schema.ts';
import { readDocx } from './read-docx.ts';
import { writeDocx } from './write-docx.ts';

const { nodes } = schema;
const words = { title: 'x', pictures: new Map(), day: (date: string) => date };
const png = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  (char) => char.charCodeAt(0),
);

test('what Word can say comes back from a Word document', async () => {
  const source = [
    '# Tides',
    '',
    'Plain **bold** *slanted* ~~gone~~ `code` [link](https://x.org/a?b=c&d).',
    '',
    '- one',
    '  - two',
    '- three',
    '',
    '1. first',
    '2. second',
    '',
    '- [x] done',
    '- [ ] open',
    '',
    '```',
    'let a = "<b>";',
    '  b();',
    '```',
    '',
    '> said',
    '',
    '| h | m |',
    '| --- | --- |',
    '| a | b |',
  ].join('\n');
  const doc = parseMarkdown(source);
  const callout = nodes.callout.create({ kind: 'warning' }, [
    nodes.paragraph.create(null, schema.text('Mind')),
  ]);
  const picture = nodes.image.create({ alt: 'the sea', blob: 'b1~x' });
  const whole = doc.copy(doc.content.addToEnd(callout).addToEnd(nodes.paragraph.create(null, picture)));
  const pictures = new Map([[picture, { type: 'png' as const, bytes: png, width: 1, height: 1 }]]);
  const read = await readDocx(await writeDocx(whole, { ...words, pictures }));
  const shown = read.doc.toString();
  expect(read.doc.child(0).toString()).toBe('heading("Tides")');
  expect(shown).toContain(
    '"Plain ", strong("bold"), " ", em("slanted"), " ", strike("gone"), " ", code("code")',
  );
  expect(shown).toContain('link("link")');
  expect(shown).toContain(
    'bullet_list(list_item(paragraph("one"), bullet_list(list_item(paragraph("two")))), list_item(paragraph("three")))',
  );
  expect(shown).toContain('ordered_list(list_item(paragraph("first")), list_item(paragraph("second")))');
  expect(shown).toContain('task_list(task_item(paragraph("done")), task_item(paragraph("open")))');
  expect(shown).toContain('code_block("let a = \\"<b>\\";\\n  b();")');
  expect(shown).toContain('blockquote(paragraph("said"))');
  expect(shown).toContain('callout(paragraph("Mind"))');
  expect(shown).toMatch(/table\(table_row\(table_\w+\("h"\)/);
  expect(read.pictures).toHaveLength(1);
  expect(read.pictures[0]).toBe(`data:image/png;base64,${btoa(String.fromCharCode(...png))}`);
});

/** The least that Word calls a document, written by hand. */
function handMade(body: string, more: Record<string, string> = {}): Blob {
  const files = {
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    ...more,
  };
  return new Blob([
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
  ]);
}

test('a document that somebody wrote by hand, with what runs in it', async () => {
  const { doc } = await readDocx(
    handMade(
      '<w:p><w:r><w:t>a &lt;script&gt;alert(1)&lt;/script&gt;</w:t></w:r></w:p><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>b</w:t></w:r></w:p>',
    ),
  );
  expect(doc.toString()).toBe('doc(paragraph("a <script>alert(1)</script>"), paragraph(strong("b")))');
});

test.each([
  ['no archive', new Blob(['PK nothing'])],
  ['an archive of something else', new Blob([zipSync({ 'a.txt': strToU8('x') })])],
  ['cut off', handMade('<w:p/>').slice(0, 300)],
  ['no XML', handMade('<w:p>')],
])('a broken document is refused: %s', async (_, blob) => {
  await expect(readDocx(blob)).rejects.toMatchObject({ reason: 'broken' });
});
