import type { Node } from 'prosemirror-model';
import { prosemirrorToYXmlFragment, yXmlFragmentToProseMirrorRootNode } from 'y-prosemirror';
import * as Y from 'yjs';
import { schemaVersionOf } from '../schema-version.ts';
import { schema } from '../schema.ts';
import { serializeMarkdown } from './serialize.ts';

/** Fills an empty document, in one transaction, so that it is one update. It says the version that its content needs. */
export function writeContent(doc: Y.Doc, content: Node): void {
  doc.transact(() => {
    const meta = doc.getMap('meta');
    meta.set('schema', schemaVersionOf(content));
    meta.set('type', 'text');
    prosemirrorToYXmlFragment(content, doc.getXmlFragment('content'));
  });
}

/** The content of a text document. Works on a copy: reading by y-prosemirror deletes what its schema refuses. */
export function readContent(doc: Y.Doc): Node {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  const content = yXmlFragmentToProseMirrorRootNode(copy.getXmlFragment('content'), schema);
  copy.destroy();
  return content;
}

/** A text document as Markdown. Raw blocks come out verbatim. */
export function exportMarkdown(doc: Y.Doc): string {
  return serializeMarkdown(readContent(doc));
}
