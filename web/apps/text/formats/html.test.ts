import fc from 'fast-check';
import type { Node } from 'prosemirror-model';
import { describe, expect, test } from 'vitest';
import { holds } from '../../../../shared/test/seeded.ts';
import { schema } from '../schema.ts';
import { anyDocument } from './document-fixture.ts';
import { readHtml } from './read-html.ts';
import { writeHtml } from './write-html.ts';

const words = { picture: () => undefined, document: (id: string) => `/d/${id}`, day: (date: string) => date };
const own = (doc: Node) =>
  `<!doctype html><title>x</title><article data-islet-content="2">\n${writeHtml(doc, words)}\n</article>`;

/** A document in one line, to compare at a glance. */
function show(source: string): string {
  return readHtml(source).doc.toString();
}

test('a document written as HTML is read as the same document', async () => {
  await holds(
    fc.property(anyDocument, (doc) => {
      const read = readHtml(own(doc)).doc;
      read.check();
      expect(read.toJSON()).toEqual(doc.toJSON());
    }),
    { runs: 300 },
  );
});

describe('pages of others', () => {
  test('white space collapses as it shows; lines begin and end where blocks do', () => {
    expect(show('<div>one\n  two <b> three</b> four</div>five<br>six<br><p> seven </p>')).toBe(
      'doc(paragraph("one two ", strong("three"), " four"), paragraph("five", hard_break, "six"), paragraph("seven"))',
    );
  });

  test('lists with tasks among them, lists beside their item, items without paragraphs', () => {
    expect(
      show(
        '<ul><li>a<ul><li>b</li></ul></li><ul><li>c</li></ul><li><input type="checkbox" checked> d</li></ul>' +
          '<ol start="4"><li>e</li></ol>',
      ),
    ).toBe(
      'doc(bullet_list(list_item(paragraph("a"), bullet_list(list_item(paragraph("b"))), bullet_list(list_item(paragraph("c"))))), ' +
        'task_list(task_item(paragraph("d"))), ordered_list(list_item(paragraph("e"))))',
    );
  });

  test('tables with spans, captions and blocks in cells', () => {
    const { doc } = readHtml(
      '<table><caption>Tides</caption><thead><tr><th align="right">h</th><th>m</th></tr></thead>' +
        '<tr><td colspan="2" rowspan="999999"><p>a</p><p>b</p></td></tr></table>',
    );
    expect(doc.toString()).toBe(
      'doc(paragraph("Tides"), table(table_row(table_header("h"), table_header("m")), table_row(table_cell("a", hard_break, "b"))))',
    );
    const cell = doc.child(1).child(1).child(0);
    expect(cell.attrs).toMatchObject({ colspan: 2, rowspan: 100 });
    expect(doc.child(1).child(0).child(0).attrs).toMatchObject({ align: 'right' });
  });

  test('code with its language, figures with captions, Notion callouts', () => {
    const { doc, pictures } = readHtml(
      '<pre><code class="language-ts">let a\n</code></pre><figure><a href="https://x.org"><img src="data:image/png;base64,AA==" alt="x"></a>' +
        '<figcaption>The sea</figcaption></figure><figure class="callout"><div>💡</div><div>Mind</div></figure>',
    );
    expect(doc.child(0).attrs).toEqual({ params: 'ts' });
    expect(doc.child(0).textContent).toBe('let a');
    expect(doc.child(1).firstChild?.attrs).toMatchObject({
      blob: '#0',
      src: '',
      caption: 'The sea',
      href: 'https://x.org',
    });
    expect(doc.child(2).type).toBe(schema.nodes.callout);
    expect(pictures).toEqual(['data:image/png;base64,AA==']);
  });

  test('nothing lives: no script, no handler, no address that runs', () => {
    const hostile =
      '<script>alert(1)</script><p onclick="alert(1)">a<a href="java\tscript:alert(1)">b</a></p>' +
      '<img src="javascript:alert(1)"><img src="data:text/html,x"><iframe srcdoc="<script>x</script>"></iframe>' +
      '<svg><script>alert(1)</script><a href="javascript:x">c</a></svg><style>p{}</style><noscript><p>n</p></noscript>' +
      '<template><p>t</p></template><math><mtext><img src=x onerror=alert(1)></mtext></math>';
    const { doc } = readHtml(hostile);
    expect(doc.toString()).toBe('doc(paragraph("ab"))');
    expect(writeHtml(doc, words)).toBe('<p>ab</p>');
  });

  test('a page nested without end is read, as its words where it is too deep', () => {
    const { doc } = readHtml(`${'<blockquote><b>'.repeat(800)}deep${'</b></blockquote>'.repeat(800)}`);
    expect(doc.textContent).toBe('deep');
    expect(readHtml('<p>'.repeat(5_000)).doc.childCount).toBe(1);
  });
});
