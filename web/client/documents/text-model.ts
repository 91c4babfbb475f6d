import * as Y from 'yjs';
import { describeText } from './describe.ts';
import { describeRichText } from './describe-rich-text.ts';
import type { DocumentModel } from './document-model.ts';
import { NEWEST_SCHEMA, SCHEMA } from './index-entries.ts';
import { documentTypes } from './types.ts';

/** Attributes of blocks that a person reads. */
const readable = ['alt', 'caption', 'date', 'idTag', 'source', 'title'];
/** Deeper blocks are not looked into. */
const DEEPEST = 50;

/** Text documents, of which the editor knows the rest. */
export const text: DocumentModel = {
  mime: documentTypes.text,
  schema: NEWEST_SCHEMA,
  describe: describeText,
  searchText: (doc) => wordsOf(doc.getXmlFragment('content')).trim(),
};

/** Rich text of stock nodes. */
export const quill: DocumentModel = {
  mime: documentTypes.quill,
  schema: SCHEMA,
  describe: describeRichText,
  searchText: (doc) => plainText(doc.getText('doc')).trim(),
};

function wordsOf(node: Y.XmlFragment, depth = 0): string {
  if (depth > DEEPEST) return '';
  const own = node instanceof Y.XmlElement ? readable.map((name) => attribute(node, name)) : [];
  const inside = node.toArray().map((child) => {
    if (child instanceof Y.XmlText) return plainText(child);
    return child instanceof Y.XmlFragment ? `${wordsOf(child, depth + 1)}\n` : '';
  });
  return [...own.map((words) => `${words} `), ...inside].join('');
}

function attribute(element: Y.XmlElement, name: string): string {
  const value: unknown = element.getAttribute(name);
  return typeof value === 'string' ? value : '';
}

function plainText(words: Y.Text): string {
  return (words.toDelta() as { insert?: unknown }[])
    .map(({ insert }) => (typeof insert === 'string' ? insert : ' '))
    .join('');
}
