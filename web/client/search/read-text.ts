import * as Y from 'yjs';

/** Gives all words of a document of some type, blocks on lines of their own. */
export type ReadText = (doc: Y.Doc) => string;

/** More of one document is not looked through. */
const most = 1_000_000;
/** Deeper blocks are not looked into. */
const deepest = 60;

/** All words of a text document: its blocks, what stands in them without being text, and the comments beside it. */
export function readDocumentText(doc: Y.Doc): string {
  const lines: string[] = [];
  readBlock(doc.getXmlFragment('content'), { lines, left: most }, 0);
  if (doc.share.has('comments')) lines.push(...readComments(doc.getMap('comments')));
  return lines.join('\n').slice(0, most);
}

/** All words of a rich-text document of Quillo. */
export function readRichText(doc: Y.Doc): string {
  return doc
    .getText('doc')
    .toDelta()
    .map(({ insert }: { insert?: unknown }) => (typeof insert === 'string' ? insert : ' '))
    .join('')
    .trim()
    .slice(0, most);
}

interface Reading {
  lines: string[];
  /** Characters that are still read. */
  left: number;
}

function readBlock(block: Y.XmlFragment, reading: Reading, depth: number): void {
  if (depth > deepest || reading.left <= 0) return;
  let line = block instanceof Y.XmlElement ? namesOf(block) : '';
  const end = (): void => {
    if (line.trim() !== '') reading.lines.push(line.trim());
    reading.left -= line.length;
    line = '';
  };
  for (const child of block.toArray()) {
    if (child instanceof Y.XmlText) line += textOf(child);
    else if (!(child instanceof Y.XmlElement)) continue;
    else if (isInline(child)) line += ` ${namesOf(child)} `;
    else {
      end();
      readBlock(child, reading, depth + 1);
    }
  }
  end();
}

const inline = ['hard_break', 'image', 'mention', 'doc_link', 'date'];

function isInline(element: Y.XmlElement): boolean {
  return inline.includes(element.nodeName);
}

function textOf(text: Y.XmlText): string {
  return text
    .toDelta()
    .map(({ insert }: { insert?: unknown }) => (typeof insert === 'string' ? insert : ' '))
    .join('');
}

/** What an element says in its attributes: whom it names, what a picture shows, kept source without its tags. */
function namesOf(element: Y.XmlElement): string {
  const source = asText(element.getAttribute('source'));
  const named = ['alt', 'caption', 'idTag', 'title', 'date'].map((name) =>
    asText(element.getAttribute(name)),
  );
  return [...named, source.replace(/<[^>]{0,2000}>/g, ' ')].filter((text) => text !== '').join(' ');
}

function readComments(threads: Y.Map<unknown>): string[] {
  return [...threads.values()].flatMap((thread) => {
    const messages = thread instanceof Y.Map ? thread.get('messages') : undefined;
    if (!(messages instanceof Y.Array)) return [];
    return messages.toArray().map((message: unknown) => {
      if (message instanceof Y.Map) return asText(message.get('text'));
      return typeof message === 'object' && message !== null && 'text' in message ? asText(message.text) : '';
    });
  });
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
