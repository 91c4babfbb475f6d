import * as Y from 'yjs';
import { type Edit, createTrace } from './trace.ts';

/** A line of the text as a paragraph, and how long it is: asking Yjs for a length is cheap, walking to a place is not. */
interface Line {
  readonly text: Y.XmlText;
  length: number;
}

/** Writes a trace into a document as our editor does: a line is a paragraph, and Enter cuts one in two. */
export function writeTrace(doc: Y.Doc, trace: readonly Edit[]): void {
  const content = doc.getXmlFragment('content');
  const lines: Line[] = [];
  const addLine = (index: number, words: string): void => {
    const paragraph = new Y.XmlElement('paragraph');
    const text = new Y.XmlText(words);
    paragraph.insert(0, [text]);
    content.insert(index, [paragraph]);
    lines.splice(index, 0, { text, length: words.length });
  };
  addLine(0, '');
  for (const { at, removed, inserted } of trace) {
    const { index, offset } = findLine(lines, at);
    const line = lines[index]!;
    if (inserted === '\n') {
      addLine(index + 1, cut(line, offset));
    } else if (inserted !== '') {
      line.text.insert(offset, inserted);
      line.length += inserted.length;
    } else if (offset < line.length) {
      line.text.delete(offset, removed);
      line.length -= removed;
    } else {
      const next = lines[index + 1]!;
      line.text.insert(line.length, next.text.toString());
      line.length += next.length;
      lines.splice(index + 1, 1);
      content.delete(index + 1, 1);
    }
  }
}

function findLine(lines: readonly Line[], at: number): { index: number; offset: number } {
  let offset = at;
  for (const [index, line] of lines.entries()) {
    if (offset <= line.length) return { index, offset };
    offset -= line.length + 1;
  }
  throw new RangeError(`no place ${at}`);
}

function cut(line: Line, offset: number): string {
  const tail = line.text.toString().slice(offset);
  if (tail !== '') line.text.delete(offset, tail.length);
  line.length = offset;
  return tail;
}

/** The long document of the bench as one update: our editor's content, about 105,000 characters that took 260,000 edits. */
export function encodeLongDocument(seed?: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  doc.transact(() => {
    const meta = doc.getMap('meta');
    meta.set('schema', 1);
    meta.set('type', 'text');
  });
  writeTrace(doc, createTrace(seed));
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}
