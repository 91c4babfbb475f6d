import type { Token } from 'markdown-it';
import type { Node } from 'prosemirror-model';
import { isDate } from '../inline-atoms.ts';
import { schema } from '../schema.ts';
import { escapeAddress, escapeText } from './escape.ts';

const { nodes } = schema;

/** A person, a document or a day as Markdown, so that other readers show its words. */
export function writeAtom({ type, attrs }: Node): string {
  const { idTag, id, title, date } = attrs;
  if (type === nodes.mention) {
    return `[@${escapeText(String(idTag))}](${escapeAddress(`https://${String(idTag)}`)} "mention")`;
  }
  if (type === nodes.doc_link)
    return `[${escapeText(String(title))}](${escapeAddress(`islet:${String(id)}`)})`;
  if (type === nodes.date && isDate(String(date))) {
    return `<time datetime="${String(date)}">${String(date)}</time>`;
  }
  return escapeText(String(date ?? ''));
}

/** A person, a document or a day that `writeAtom` wrote, and the index of its last token. */
export function readAtom(tokens: readonly Token[], at: number): { node: Node; end: number } | undefined {
  const [open, inner] = [tokens[at], tokens[at + 1]];
  const words = inner?.type === 'text' ? inner.content : '';
  const end = inner?.type === 'text' ? at + 2 : at + 1;
  const close = tokens[end];
  if (open?.type === 'link_open' && close?.type === 'link_close') {
    const node = readLink(open, words);
    return node && { node, end };
  }
  const date =
    /^<time datetime="([\d-]+)">$/.exec(open?.type === 'html_inline' ? open.content : '')?.[1] ?? '';
  if (!isDate(date) || words !== date || close?.content !== '</time>') return undefined;
  return { node: nodes.date.create({ date }), end };
}

function readLink(open: Token, words: string): Node | undefined {
  const [href, title] = [open.attrGet('href') ?? '', open.attrGet('title') ?? ''];
  const id = /^islet:(\S+)$/.exec(href)?.[1];
  if (id !== undefined && title === '') return nodes.doc_link.create({ id, title: words });
  const idTag = words.slice(1);
  const isMention = title === 'mention' && words.startsWith('@') && href === `https://${idTag}`;
  return isMention ? nodes.mention.create({ idTag }) : undefined;
}
