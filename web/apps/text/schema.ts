import { type Attrs, type DOMOutputSpec, type MarkSpec, type NodeSpec, Schema } from 'prosemirror-model';
import { takeStrangeAttributes } from './attributes.ts';
import { date, doc_link, mention } from './inline-atoms.ts';

/**
 * Schema of a text document. What came with version 2 is told in schema-version.ts. Two people may change one place at once, and y-prosemirror deletes a node whose
 * merged content its schema refuses; so content is wide where a merge can widen it (marks in code, any block in an
 * item), and the commands keep it narrow.
 */
const nodes = {
  doc: { content: 'block+' },
  paragraph: {
    content: 'inline*',
    group: 'block',
    parseDOM: [{ tag: 'p' }],
    toDOM: () => ['p', 0],
  },
  heading: {
    attrs: { level: { default: 1, validate: 'number' } },
    content: 'inline*',
    group: 'block',
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level } })),
    toDOM: (node) => [`h${Math.min(6, Math.max(1, Number(node.attrs['level']) || 1))}`, 0],
  },
  blockquote: {
    content: 'block+',
    group: 'block',
    defining: true,
    parseDOM: [{ tag: 'blockquote' }],
    toDOM: () => ['blockquote', 0],
  },
  code_block: {
    attrs: { params: { default: '', validate: 'string' } },
    content: 'inline*',
    marks: '_',
    group: 'block',
    code: true,
    defining: true,
    parseDOM: [{ tag: 'pre', preserveWhitespace: 'full', getAttrs: codeParams }],
    toDOM: () => ['pre', { spellcheck: 'false' }, ['code', 0]],
  },
  horizontal_rule: { group: 'block', parseDOM: [{ tag: 'hr' }], toDOM: () => ['hr'] },
  bullet_list: {
    attrs: { tight: { default: true, validate: 'boolean' } },
    content: 'list_item+',
    group: 'block',
    parseDOM: [{ tag: 'ul' }],
    toDOM: () => ['ul', 0],
  },
  ordered_list: {
    attrs: { order: { default: 1, validate: 'number' }, tight: { default: true, validate: 'boolean' } },
    content: 'list_item+',
    group: 'block',
    parseDOM: [{ tag: 'ol', getAttrs: (element) => ({ order: Number(element.getAttribute('start') ?? 1) }) }],
    toDOM: (node) => (node.attrs['order'] === 1 ? ['ol', 0] : ['ol', { start: node.attrs['order'] }, 0]),
  },
  list_item: { content: 'block+', defining: true, parseDOM: [{ tag: 'li' }], toDOM: () => ['li', 0] },
  task_list: {
    attrs: { tight: { default: true, validate: 'boolean' } },
    content: 'task_item+',
    group: 'block',
    parseDOM: [{ tag: 'ul[data-tasks]', priority: 60 }],
    toDOM: () => ['ul', { 'data-tasks': '', class: 'tasks' }, 0],
  },
  task_item: {
    attrs: { checked: { default: false, validate: 'boolean' } },
    content: 'block+',
    defining: true,
    parseDOM: [
      {
        tag: 'li[data-checked]',
        priority: 60,
        getAttrs: (element) => ({ checked: element.getAttribute('data-checked') === 'true' }),
      },
    ],
    toDOM: (node) => ['li', { 'data-checked': String(node.attrs['checked'] === true) }, 0],
  },
  table: {
    content: 'table_row+',
    group: 'block',
    isolating: true,
    // A caret between rows or cells would make a cell of what is typed there.
    allowGapCursor: false,
    tableRole: 'table',
    parseDOM: [{ tag: 'table' }],
    toDOM: () => ['div', { class: 'table-box' }, ['table', ['tbody', 0]]],
  },
  table_row: {
    content: '(table_cell | table_header)*',
    allowGapCursor: false,
    tableRole: 'row',
    parseDOM: [{ tag: 'tr' }],
    toDOM: () => ['tr', 0],
  },
  table_cell: cell('td', 'cell'),
  table_header: cell('th', 'header_cell'),
  callout: {
    // 'note', 'tip', 'warning' or 'danger'; others are shown as a note.
    attrs: { kind: { default: 'note', validate: 'string' } },
    content: 'block+',
    group: 'block',
    defining: true,
    parseDOM: [
      {
        tag: 'aside[data-callout]',
        getAttrs: (element) => ({ kind: element.getAttribute('data-callout') }),
      },
    ],
    toDOM: (node) => ['aside', { class: 'callout', 'data-callout': String(node.attrs['kind']) }, 0],
  },
  raw_block: {
    attrs: { source: { default: '', validate: 'string' } },
    group: 'block',
    atom: true,
    parseDOM: [
      { tag: 'pre[data-raw]', priority: 60, getAttrs: (element) => ({ source: element.textContent }) },
    ],
    toDOM: (node) => ['pre', { 'data-raw': '', class: 'raw' }, String(node.attrs['source'])],
  },
  text: { group: 'inline' },
  hard_break: {
    inline: true,
    group: 'inline',
    selectable: false,
    parseDOM: [{ tag: 'br' }],
    toDOM: () => ['br'],
    leafText: () => '\n',
  },
  image: {
    inline: true,
    group: 'inline',
    draggable: true,
    attrs: {
      src: { default: '', validate: 'string' },
      alt: { default: '', validate: 'string' },
      title: { default: '', validate: 'string' },
      blob: { default: '', validate: 'string' },
      // A link around a picture stands on the picture: y-prosemirror keeps no marks on nodes.
      href: { default: '', validate: 'string' },
      caption: { default: '', validate: 'string' },
    },
    marks: '',
    parseDOM: [{ tag: 'img[src]', getAttrs: imageAttrs }],
    toDOM: imageToDom,
  },
  mention,
  doc_link,
  date,
} satisfies Record<string, NodeSpec>;

const marks = {
  link: {
    attrs: { href: { validate: 'string' }, title: { default: '', validate: 'string' } },
    inclusive: false,
    parseDOM: [{ tag: 'a[href]', getAttrs: linkAttrs }],
    toDOM: (mark) => linkToDom(mark.attrs),
  },
  em: {
    parseDOM: [{ tag: 'i' }, { tag: 'em' }, { style: 'font-style=italic' }],
    toDOM: () => ['em', 0],
  },
  strong: {
    parseDOM: [
      { tag: 'strong' },
      // Google Docs wraps a whole page in <b style="font-weight:normal">.
      { tag: 'b', getAttrs: (element) => (element.style.fontWeight === 'normal' ? false : null) },
      { style: 'font-weight', getAttrs: (value) => (/^(bold(er)?|[6-9]\d{2})$/.test(value) ? null : false) },
    ],
    toDOM: () => ['strong', 0],
  },
  strike: {
    parseDOM: [{ tag: 's' }, { tag: 'del' }, { tag: 'strike' }, { style: 'text-decoration=line-through' }],
    toDOM: () => ['s', 0],
  },
  underline: {
    parseDOM: [{ tag: 'u' }, { tag: 'ins' }, { style: 'text-decoration=underline' }],
    toDOM: () => ['u', 0],
  },
  highlight: { parseDOM: [{ tag: 'mark' }], toDOM: () => ['mark', 0] },
  code: { code: true, parseDOM: [{ tag: 'code' }], toDOM: () => ['code', { spellcheck: 'false' }, 0] },
} satisfies Record<string, MarkSpec>;

/** Schema version 2 of text documents. */
export const schema = new Schema<keyof typeof nodes, keyof typeof marks>({ nodes, marks });
takeStrangeAttributes(schema);

/**
 * Whether a link may be followed: http, https, mailto, an address of the same site, or a place in the document.
 * `javascript:` and every other scheme stay text.
 */
export function isLiveHref(href: string): boolean {
  // Browsers skip control characters and spaces when they read a scheme; so does this.

  const bare = href.replace(/[\u0000-\u0020\u007f-\u009f]/g, '');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare)?.[1]?.toLowerCase();
  if (scheme === undefined) return bare !== '' && !/^[/\\]{2}/.test(bare);
  return scheme === 'http' || scheme === 'https' || scheme === 'mailto';
}

function cell(tag: 'td' | 'th', role: string): NodeSpec {
  return {
    attrs: {
      align: { default: '', validate: 'string' },
      colspan: { default: 1, validate: 'number' },
      rowspan: { default: 1, validate: 'number' },
      colwidth: { default: null },
    },
    content: 'inline*',
    isolating: true,
    tableRole: role,
    parseDOM: [{ tag, getAttrs: cellAttrs }],
    toDOM: (node) => cellToDom(tag, node.attrs),
  };
}

function cellAttrs(element: HTMLElement): Attrs {
  const align = element.style.textAlign || (element.getAttribute('align') ?? '');
  const span = (name: string): number => Math.min(99, Number(element.getAttribute(name)) || 1);
  const widths = element.getAttribute('data-colwidth')?.split(',').map(Number) ?? [];
  return {
    align: /^(left|center|right)$/.test(align) ? align : '',
    colspan: span('colspan'),
    rowspan: span('rowspan'),
    colwidth: widths.length === span('colspan') && widths.every((width) => width > 0) ? widths : null,
  };
}

function cellToDom(tag: string, { align, colspan, rowspan, colwidth }: Attrs): DOMOutputSpec {
  return [
    tag,
    {
      // An attribute that is null is not written.
      'data-align': align === '' ? null : String(align),
      colspan: colspan === 1 ? null : Number(colspan),
      rowspan: rowspan === 1 ? null : Number(rowspan),
      'data-colwidth': Array.isArray(colwidth) ? colwidth.join() : null,
    },
    0,
  ];
}

function codeParams(element: HTMLElement): Attrs {
  const name = element.querySelector('code')?.className ?? '';
  return { params: /(?:^|\s)language-(\S+)/.exec(name)?.[1] ?? '' };
}

function imageAttrs(element: HTMLElement): Attrs | false {
  const src = element.getAttribute('src') ?? '';
  // Bytes never enter a document: pasted data: and blob: pictures are taken as files or not at all.
  if (/^(data|blob|file):/i.test(src)) return false;
  const attribute = (name: string): string => element.getAttribute(name) ?? '';
  const href = element.closest('a')?.getAttribute('href') ?? '';
  return {
    ...{ src, alt: attribute('alt'), title: attribute('title'), blob: attribute('data-blob'), href },
    caption: attribute('data-caption'),
  };
}

/** What the clipboard gets; on the page the node view decides what is fetched. */
function imageToDom({ attrs }: { attrs: Attrs }): DOMOutputSpec {
  const { src, alt, title, blob, caption } = attrs;
  return [
    'img',
    {
      ...{ src: String(src), alt: String(alt), title: String(title), 'data-blob': String(blob) },
      'data-caption': caption === '' ? null : String(caption),
    },
  ];
}

function linkAttrs(element: HTMLElement): Attrs {
  return { href: element.getAttribute('href') ?? '', title: element.getAttribute('title') ?? '' };
}

function linkToDom({ href, title }: Attrs): DOMOutputSpec {
  const titled = title === '' ? {} : { title: String(title) };
  if (!isLiveHref(String(href))) return ['span', { class: 'dead-link', ...titled }, 0];
  return ['a', { href: String(href), rel: 'noopener noreferrer nofollow', ...titled }, 0];
}
