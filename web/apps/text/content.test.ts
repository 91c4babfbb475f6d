import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { OpenDocument } from '../../client/documents/documents.ts';
import { buildAhead, takeContent } from './content.ts';

function documentWith(text: string): OpenDocument {
  const doc = new Y.Doc();
  const open = { doc, state: 'editable' } as OpenDocument;
  write(open, text);
  return open;
}

function write({ doc }: OpenDocument, text: string): void {
  doc.transact(() => {
    const line = new Y.XmlElement('paragraph');
    line.insert(0, [new Y.XmlText(text)]);
    doc.getXmlFragment('content').push([line]);
  });
}

test('what was built ahead is taken once, and only while it is what the document says', () => {
  const open = documentWith('one');
  buildAhead(open);
  const first = takeContent(open);
  expect(first?.doc.textContent).toBe('one');
  const again = takeContent(open);
  // An editor changes which node belongs to which part: the next has its own.
  expect(again?.mapping).not.toBe(first?.mapping);

  buildAhead(open);
  write(open, ' two');
  expect(takeContent(open)?.doc.textContent).toBe('one two');
});

test('a document of a later version, or one that is nested too deeply, has no content for an editor, built ahead or not', () => {
  const later = { ...documentWith('words'), state: 'newer-schema' } as OpenDocument;
  buildAhead(later);
  expect(takeContent(later)).toBeUndefined();

  const deep = documentWith('words');
  let inner: Y.XmlElement = new Y.XmlElement('blockquote');
  deep.doc.getXmlFragment('content').push([inner]);
  for (let level = 0; level < 500; level += 1) {
    const next = new Y.XmlElement('blockquote');
    inner.push([next]);
    inner = next;
  }
  buildAhead(deep);
  expect(takeContent(deep)).toBeUndefined();
});
