import { Fragment, type Mark, type Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { codeSpan, escapeAddress, escapeLineStarts, escapeText, escapeTitle } from './escape.ts';
import { writeAtom } from './inline-atoms.ts';
import { reader } from './parser.ts';
import { inlineToNodes } from './tokens-to-nodes.ts';

const { nodes, marks } = schema;

/** Where inline content stands: what needs escaping differs. */
export type InlinePlace = 'paragraph' | 'heading' | 'cell';

/** How emphasis is written: with stars where they can stand, with tags where they cannot. */
type Style = Readonly<Record<string, readonly [string, string]>>;

/** Markdown has no signs for these. */
const ALWAYS_TAGS: Style = { underline: ['<u>', '</u>'], highlight: ['<mark>', '</mark>'] };
const STARS: Style = { em: ['*', '*'], strong: ['**', '**'], strike: ['~~', '~~'], ...ALWAYS_TAGS };
const TAGS: Style = {
  ...{ em: ['<em>', '</em>'], strong: ['<strong>', '</strong>'], strike: ['<s>', '</s>'] },
  ...ALWAYS_TAGS,
};

/**
 * Inline content as Markdown. Stars beside punctuation may not count as emphasis, so marked text is read back, and
 * written with tags when it did not come out the same.
 */
export function serializeInline(block: Node, place: InlinePlace): string {
  const parts = spread(block);
  const text = write(parts, place, STARS);
  const plain = parts.every((part) => part.marks.every((mark) => mark.type === marks.code));
  return plain || readsBack(text, parts) ? text : write(parts, place, TAGS);
}

/** A piece of text or an inline node, with the marks it is written in. */
interface Part {
  node: Node;
  text: string;
  marks: Mark[];
}

/** Splits into pieces, moving spaces at the edges of emphasis out of it, where Markdown wants them. */
function spread(block: Node): Part[] {
  const parts: Part[] = [];
  block.forEach((node) => {
    if (!node.isText) {
      const href = String(node.attrs['href'] ?? '');
      const linked = href === '' ? [] : [marks.link.create({ href })];
      parts.push({ node, text: '', marks: linked });
      return;
    }
    const text = (node.text ?? '').replace(/[\r\n]+/g, ' ');
    const own = [...node.marks];
    if (marks.code.isInSet(own) !== undefined) parts.push({ node, text, marks: own });
    else parts.push(...splitEdges(node, text, own));
  });
  return parts;
}

function splitEdges(node: Node, text: string, own: Mark[]): Part[] {
  const [, before = '', inner = '', after = ''] = /^(\s*)([^]*?)(\s*)$/.exec(text) ?? [];
  const outside = own.filter((mark) => mark.type === marks.link);
  if (outside.length === own.length) return [{ node, text, marks: own }];
  return [
    { node, text: before, marks: outside },
    { node, text: inner, marks: own },
    { node, text: after, marks: outside },
  ].filter((part) => part.text !== '');
}

function write(parts: Part[], place: InlinePlace, style: Style): string {
  let out = '';
  const active: Mark[] = [];
  const close = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const mark = active.pop();
      if (mark !== undefined) out += closing(mark, style);
    }
  };
  parts.forEach((part, index) => {
    const wanted = part.marks.filter((mark) => mark.type !== marks.code);
    const autolink = asAutolink(part, parts, index);
    if (autolink !== undefined) {
      close(active.length);
      out += autolink;
      return;
    }
    const kept = active.findIndex((mark) => !mark.isInSet(wanted));
    if (kept !== -1) close(active.length - kept);
    for (const mark of orderToOpen(wanted, active, parts, index)) {
      out += opening(mark, style);
      active.push(mark);
    }
    out += content(part, place);
  });
  close(active.length);
  return place === 'cell' ? out.trim() : escapeLineStarts(keepEdges(out), place);
}

/** New marks, longest first, so that shorter ones nest inside them; a link goes around all others it can. */
function orderToOpen(wanted: Mark[], active: Mark[], parts: Part[], index: number): Mark[] {
  const length = (mark: Mark): number => {
    let end = index;
    while (parts[end + 1] !== undefined && mark.isInSet(parts[end + 1]?.marks ?? [])) end += 1;
    return end - index;
  };
  return wanted
    .filter((mark) => !mark.isInSet(active))
    .sort((a, b) => length(b) - length(a) || rank(a) - rank(b));
}

function rank(mark: Mark): number {
  return mark.type === marks.link ? 0 : mark.type === marks.em ? 1 : mark.type === marks.strong ? 2 : 3;
}

function opening(mark: Mark, style: Style): string {
  if (mark.type === marks.link) return '[';
  return delimiters(mark, style)[0];
}

function closing(mark: Mark, style: Style): string {
  if (mark.type !== marks.link) return delimiters(mark, style)[1];
  const title = String(mark.attrs['title'] ?? '');
  const address = escapeAddress(String(mark.attrs['href']));
  return title === '' ? `](${address})` : `](${address} ${escapeTitle(title)})`;
}

function delimiters(mark: Mark, style: Style): readonly [string, string] {
  return style[mark.type.name] ?? ['', ''];
}

function content({ node, text, marks: own }: Part, place: InlinePlace): string {
  if (node.type === nodes.image) return picture(node, place);
  if (node.type === nodes.hard_break) return place === 'paragraph' ? '\\\n' : '<br>';
  if (!node.isText) return forPlace(writeAtom(node), place);
  if (marks.code.isInSet(own) !== undefined) return forPlace(codeSpan(text), place);
  return forPlace(escapeText(text), place);
}

function forPlace(text: string, place: InlinePlace): string {
  return place === 'cell' ? text.replaceAll('|', '\\|') : text;
}

function picture(node: Node, place: InlinePlace): string {
  const { src, alt, title, blob, caption } = node.attrs;
  const address = escapeAddress(String(src) === '' ? String(blob) : String(src));
  // Markdown has no captions: as the title its words are at least kept.
  const words = [title, caption].map(String).filter((one) => one !== '');
  const named = words.length === 0 ? address : `${address} ${escapeTitle(words.join(' — '))}`;
  return forPlace(`![${escapeText(String(alt))}](${named})`, place);
}

/** `<https://…>` when a link's text is its address and nothing else belongs to the link. */
function asAutolink(part: Part, parts: Part[], index: number): string | undefined {
  const [link] = part.marks;
  if (part.marks.length !== 1 || link?.type !== marks.link || link.attrs['title'] !== '') return undefined;
  const isAlone = [parts[index - 1], parts[index + 1]].every((other) => !link.isInSet(other?.marks ?? []));
  const href = String(link.attrs['href']);
  const fits = /^[a-z][a-z0-9+.-]{1,31}:[^\s<>\\&|]*$/i.test(href);
  return isAlone && fits && part.text === href ? `<${href}>` : undefined;
}

/** Spaces at the ends of a line are lost in Markdown unless they are written as references. */
function keepEdges(text: string): string {
  return text
    .replace(/^[ \t]+/, (space) => `&#${space.charCodeAt(0)};${space.slice(1)}`)
    .replace(/[ \t]+$/, (space) => `${space.slice(1)}&#${space.charCodeAt(0)};`);
}

function readsBack(text: string, parts: Part[]): boolean {
  const wanted = Fragment.fromArray(
    parts.map(({ node, text: words, marks: own }) => (node.isText ? schema.text(words, own) : node.mark([]))),
  );
  try {
    const found = reader.parseInline(text, {})[0]?.children ?? [];
    return Fragment.fromArray(inlineToNodes(found)).eq(wanted);
  } catch {
    // Not even readable as inline content: tags are the safe way.
    return false;
  }
}
