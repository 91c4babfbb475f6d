import { initProseMirrorDoc } from 'y-prosemirror';
import type { OpenDocument } from '../../client/documents/documents.ts';
import { schema } from './schema.ts';
import { isTooDeep } from './too-deep.ts';

/** A text as ProseMirror has it, and which part of the shared one each of its nodes is. */
export type Content = ReturnType<typeof initProseMirrorDoc>;

const built = new WeakMap<OpenDocument['doc'], Content>();

/** Builds the text of a document that may be shown next; what is built is good until the document changes. */
export function buildAhead(open: OpenDocument): void {
  const content = build(open);
  if (content === undefined) return;
  built.set(open.doc, content);
  open.doc.once('beforeTransaction', () => built.delete(open.doc));
}

/** The text of a document for one editor; undefined when an editor of this build cannot hold it. */
export function takeContent(open: OpenDocument): Content | undefined {
  const ahead = built.get(open.doc);
  // The editor changes what belongs to which.
  built.delete(open.doc);
  return ahead ?? build(open);
}

function build({ doc, state }: OpenDocument): Content | undefined {
  const fragment = doc.getXmlFragment('content');
  return state === 'editable' && !isTooDeep(fragment) ? initProseMirrorDoc(fragment, schema) : undefined;
}
