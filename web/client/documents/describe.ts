import * as Y from 'yjs';

const TITLE_LENGTH = 120;
const EXCERPT_LENGTH = 160;
/** Enough of a document for its title and excerpt; a long one is not read to its end. */
const ENOUGH = 600;
/** No more of one piece is looked at: others write into shared documents what they like, and patterns read some texts very slowly. */
const MOST = 4 * ENOUGH;
/** Deeper blocks are not looked into. */
const DEEPEST = 50;

/** What a list shows of a text document. Both are empty when the document is. */
export interface Description {
  title: string;
  excerpt: string;
}

/** Title (the first heading, else the first line) and excerpt (the words after it) of a text document. */
export function describeText(doc: Y.Doc): Description {
  const lines = readLines(doc.getXmlFragment('content'));
  const heading = lines.findIndex((line) => line.heading);
  const at = heading === -1 ? 0 : heading;
  const rest = lines.filter((_, index) => index !== at).map((line) => line.text);
  return {
    title: shorten(lines[at]?.text ?? '', TITLE_LENGTH),
    excerpt: shorten(rest.join(' '), EXCERPT_LENGTH),
  };
}

/** Whether a text document holds anything a person put there. */
export function hasContent(doc: Y.Doc): boolean {
  const fragment = doc.getXmlFragment('content');
  if (fragment.length > 1) return true;
  const first = fragment.length === 0 ? undefined : fragment.get(0);
  if (!(first instanceof Y.XmlElement)) return false;
  return (
    first.nodeName !== 'paragraph' ||
    first.toArray().some((child) => isAtom(child) || (child instanceof Y.XmlText && child.length > 0))
  );
}

interface Line {
  heading: boolean;
  text: string;
}

function readLines(fragment: Y.XmlFragment): Line[] {
  const lines: Line[] = [];
  let length = 0;
  for (const node of fragment.toArray()) {
    if (!(node instanceof Y.XmlElement)) continue;
    const heading = node.nodeName === 'heading' || /^\s*(<h[1-6]|#{1,6}\s)/i.test(rawSource(node));
    for (const text of textOf(node).slice(0, MOST).split('\n')) {
      const trimmed = text.replace(/\s+/g, ' ').trim();
      if (trimmed !== '') lines.push({ heading, text: trimmed });
      length += trimmed.length;
    }
    if (length > ENOUGH) break;
  }
  return lines;
}

/** Plain text of an element; blocks inside it stand on lines of their own. */
function textOf(element: Y.XmlElement, depth = 0): string {
  if (depth > DEEPEST) return '';
  let text = readableSource(rawSource(element));
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) {
      for (const part of child.toDelta() as { insert?: unknown }[]) {
        if (typeof part.insert === 'string') text += part.insert;
      }
    } else if (child instanceof Y.XmlElement) {
      text += inlineWords(child) ?? (isAtom(child) ? '\n' : `${textOf(child, depth + 1)}\n`);
    }
    if (text.length > ENOUGH) break;
  }
  return text;
}

function rawSource(element: Y.XmlElement): string {
  const source: unknown = element.nodeName === 'raw_block' ? element.getAttribute('source') : undefined;
  return typeof source === 'string' ? source.slice(0, MOST) : '';
}

/** The words of kept Markdown or HTML source, roughly: enough for a list. */
function readableSource(source: string): string {
  if (source.startsWith('---\n')) return '';
  return source
    .replace(/<!--.*?-->|<[^>]*>/gs, '')
    .replace(/^\s{0,3}\[[^\]]+\]:.*$/gm, '')
    .replace(/!\[[^\]]*\](\([^)]*\)|\[[^\]]*\])/g, '')
    .replace(/\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/^\s{0,3}(#{1,6}\s+|[=-]{3,}\s*$)/gm, '');
}

const attributeInWords = new Map([
  ['mention', 'idTag'],
  ['doc_link', 'title'],
  ['date', 'date'],
]);

/** What stands among the words for a person, a document or a day. */
function inlineWords(child: Y.XmlElement): string | undefined {
  const name = attributeInWords.get(child.nodeName);
  const words: unknown = name === undefined ? undefined : child.getAttribute(name);
  if (typeof words !== 'string') return undefined;
  return `${child.nodeName === 'mention' ? '@' : ''}${words.slice(0, MOST)}`;
}

/** An inline node without text of its own: a picture or a line break. */
function isAtom(child: unknown): boolean {
  return child instanceof Y.XmlElement && (child.nodeName === 'hard_break' || child.nodeName === 'image');
}

function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length).join('').trimEnd()}…`;
}
