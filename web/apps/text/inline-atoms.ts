import type { Attrs, DOMOutputSpec, NodeSpec } from 'prosemirror-model';

/** A person, by id tag. */
export const mention = inlineAtom(['idTag'], {
  tag: 'span[data-mention]',
  read: (element) => ({ idTag: element.getAttribute('data-mention') }),
  toDOM: ({ idTag }) => ['span', { class: 'mention', 'data-mention': String(idTag) }, `@${String(idTag)}`],
  leafText: ({ idTag }) => `@${String(idTag)}`,
});

/** Another document, with the title that was last known. */
export const doc_link = inlineAtom(['id', 'title'], {
  tag: 'span[data-doc]',
  read: (element) => ({ id: element.getAttribute('data-doc'), title: element.textContent }),
  toDOM: ({ id, title }) => ['span', { class: 'doc-link', 'data-doc': String(id) }, String(title)],
  leafText: ({ title }) => String(title),
});

/** A day. */
export const date = inlineAtom(['date'], {
  tag: 'time[datetime]',
  read: (element) => {
    const date = element.getAttribute('datetime')?.slice(0, 10) ?? '';
    return isDate(date) && { date };
  },
  toDOM: ({ date }) => ['time', { class: 'date', datetime: String(date) }, String(date)],
  leafText: ({ date }) => String(date),
});

/** Whether a text is a day as `date` nodes have it: `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

interface InlineAtom {
  tag: string;
  read(element: HTMLElement): Attrs | false;
  toDOM(attrs: Attrs): DOMOutputSpec;
  leafText(attrs: Attrs): string;
}

/** One thing among words, all of whose attributes are texts. */
function inlineAtom(names: string[], { tag, read, toDOM, leafText }: InlineAtom): NodeSpec {
  return {
    inline: true,
    group: 'inline',
    atom: true,
    attrs: Object.fromEntries(names.map((name) => [name, { default: '', validate: 'string' }])),
    marks: '',
    parseDOM: [{ tag, getAttrs: read }],
    toDOM: (node) => toDOM(node.attrs),
    leafText: (node) => leafText(node.attrs),
  };
}
