import type { Mark, Node } from 'prosemirror-model';
import { isLiveHref, schema } from '../schema.ts';

const { nodes, marks: types } = schema;

/** What the words of a document refer to, as the file that is written can show it. */
export interface HtmlWords {
  /** Address of a picture's bytes, `data:` or a path; undefined when they are not to be had. */
  picture(image: Node): string | undefined;
  /** Address of another document; undefined when the file does not lead there. */
  document(id: string): string | undefined;
  /** A day `YYYY-MM-DD` in the reader's words. */
  day(date: string): string;
}

/**
 * The blocks of a document as HTML, with attributes that let `readHtml` make the same document of it. It has no styles
 * and no scripts of its own, and only addresses that may be followed.
 */
export function writeHtml(doc: Node, words: HtmlWords): string {
  return childrenOf(doc)
    .map((block) => writeBlock(block, words))
    .join('\n');
}

/** A text as it stands in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  node.forEach((child) => children.push(child));
  return children;
}

function writeBlock(block: Node, words: HtmlWords): string {
  const inside = (): string => writeBlocks(block, words);
  const line = (): string => writeLine(block, words);
  switch (block.type) {
    case nodes.paragraph:
      return element('p', {}, line());
    case nodes.heading:
      return element(`h${Math.min(6, Math.max(1, Number(block.attrs['level']) || 1))}`, {}, line());
    case nodes.blockquote:
      return element('blockquote', {}, inside());
    case nodes.callout:
      return element('aside', { class: 'callout', 'data-callout': block.attrs['kind'] }, inside());
    case nodes.code_block:
      return writeCode(block);
    case nodes.horizontal_rule:
      return '<hr>';
    case nodes.bullet_list:
    case nodes.task_list:
    case nodes.ordered_list:
      return writeList(block, words);
    case nodes.table:
      return element('div', { class: 'table' }, element('table', {}, inside()));
    case nodes.table_row:
      return element('tr', {}, inside());
    case nodes.table_cell:
      return element('td', cellAttrs(block), line());
    case nodes.table_header:
      return element('th', cellAttrs(block), line());
    default:
      // A line end right after the tag is not read.
      return element(
        'pre',
        { class: 'raw', 'data-raw': '' },
        `\n${escapeHtml(String(block.attrs['source'] ?? ''))}`,
      );
  }
}

function writeBlocks(block: Node, words: HtmlWords): string {
  return childrenOf(block)
    .map((child) => writeBlock(child, words))
    .join('');
}

function element(tag: string, attrs: Record<string, unknown>, content: string): string {
  const written = Object.entries(attrs)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeHtml(String(value))}"`);
  return `<${tag}${written.join('')}>${content}</${tag}>`;
}

function writeCode(block: Node): string {
  const text = block.textBetween(0, block.content.size, undefined, (leaf) =>
    leaf.type === nodes.hard_break ? '\n' : (leaf.type.spec.leafText?.(leaf) ?? ''),
  );
  const params = String(block.attrs['params']);
  const code = element('code', {}, `${escapeHtml(text)}\n`);
  return element('pre', { 'data-params': params === '' ? undefined : params }, code);
}

function writeList(list: Node, words: HtmlWords): string {
  const order = Number(list.attrs['order'] ?? 1);
  const attrs = {
    class: list.type === nodes.task_list ? 'tasks' : undefined,
    start: list.type === nodes.ordered_list && order !== 1 ? order : undefined,
    'data-loose': list.attrs['tight'] === true ? undefined : '',
  };
  const items = childrenOf(list).map((item) => {
    if (item.type !== nodes.task_item) return element('li', {}, writeBlocks(item, words));
    const checked = item.attrs['checked'] === true;
    const box = `<input type="checkbox" disabled${checked ? ' checked' : ''}>`;
    return element('li', { 'data-checked': checked }, box + element('div', {}, writeBlocks(item, words)));
  });
  return element(list.type === nodes.ordered_list ? 'ol' : 'ul', attrs, items.join(''));
}

function cellAttrs({ attrs }: Node): Record<string, unknown> {
  const { align, colspan, rowspan, colwidth } = attrs;
  return {
    align: align === '' ? undefined : align,
    colspan: colspan === 1 ? undefined : colspan,
    rowspan: rowspan === 1 ? undefined : rowspan,
    'data-colwidth': Array.isArray(colwidth) ? colwidth.join() : undefined,
  };
}

function writeLine(block: Node, words: HtmlWords): string {
  return childrenOf(block)
    .map((node) => (node.isText ? writeText(node) : writeAtom(node, words)))
    .join('');
}

function writeText(node: Node): string {
  return node.marks.reduceRight((content, mark) => writeMark(mark, content), escapeHtml(node.text ?? ''));
}

function writeMark(mark: Mark, content: string): string {
  switch (mark.type) {
    case types.link:
      return writeLink(String(mark.attrs['href']), String(mark.attrs['title'] ?? ''), content);
    case types.em:
      return `<em>${content}</em>`;
    case types.strong:
      return `<strong>${content}</strong>`;
    case types.strike:
      return `<s>${content}</s>`;
    case types.underline:
      return `<u>${content}</u>`;
    case types.highlight:
      return `<mark>${content}</mark>`;
    default:
      return `<code>${content}</code>`;
  }
}

function writeLink(href: string, title: string, content: string): string {
  if (!isLiveHref(href)) return content;
  return element(
    'a',
    { href, title: title === '' ? undefined : title, rel: 'noopener noreferrer nofollow' },
    content,
  );
}

function writeAtom(node: Node, words: HtmlWords): string {
  switch (node.type) {
    case nodes.hard_break:
      return '<br>';
    case nodes.mention: {
      const idTag = String(node.attrs['idTag']);
      return element('span', { class: 'mention', 'data-mention': idTag }, escapeHtml(`@${idTag}`));
    }
    case nodes.date: {
      const date = String(node.attrs['date']);
      return element('time', { datetime: date, 'data-date': date }, escapeHtml(words.day(date)));
    }
    case nodes.doc_link: {
      const id = String(node.attrs['id']);
      const href = words.document(id);
      return element(
        href === undefined ? 'span' : 'a',
        { class: 'doc-link', 'data-doc': id, href },
        escapeHtml(String(node.attrs['title'])),
      );
    }
    default:
      return writePicture(node, words);
  }
}

function writePicture(node: Node, words: HtmlWords): string {
  const { src, alt, title, blob, href, caption } = node.attrs;
  const some = (value: unknown): unknown => (value === '' ? undefined : value);
  const attrs = {
    src: words.picture(node),
    alt: String(alt),
    title: some(title),
    'data-src': some(src),
    'data-blob': some(blob),
    'data-caption': some(caption),
  };
  const written = Object.entries(attrs)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeHtml(String(value))}"`);
  const picture = `<img${written.join('')}>`;
  const linked = href === '' ? picture : writeLink(String(href), '', picture);
  if (caption === '') return linked;
  return element(
    'span',
    { class: 'picture' },
    linked + element('span', { class: 'picture-caption' }, escapeHtml(String(caption))),
  );
}
