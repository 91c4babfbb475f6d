import * as Y from 'yjs';
import type { Documents } from './documents.ts';
import { cleanTitle } from './title.ts';

/** The heading that gives a text document its title; undefined when its first line does. */
function headingOf(doc: Y.Doc): Y.XmlElement | undefined {
  return doc
    .getXmlFragment('content')
    .toArray()
    .find((node): node is Y.XmlElement => isElement(node, 'heading') && wordsOf(node).trim() !== '');
}

/** Writes the title of a text document into the heading that it has; false when it has none. */
export function setHeading(doc: Y.Doc, title: string): boolean {
  const heading = headingOf(doc);
  if (heading === undefined) return false;
  const texts = heading.toArray().filter((child) => child instanceof Y.XmlText);
  for (const text of texts) text.delete(0, text.length);
  // What stands in it besides words, such as a picture, stays.
  texts[0]?.insert(0, title, {});
  return true;
}

/**
 * Calls a text document by another title: its first heading says it then, and where it has none a heading is put before its words. Resolves
 * when it is saved, with the way back, which does nothing (false) once somebody has changed that heading. Rejects in words.
 */
export async function retitleDocument(
  documents: Documents,
  id: string,
  text: string,
): Promise<() => Promise<boolean>> {
  const title = cleanTitle(text);
  const before = await edit(documents, id, (doc) => {
    const heading = headingOf(doc);
    const kept = heading?.toArray().map((child) => child.clone() as Y.XmlElement | Y.XmlText);
    if (!setHeading(doc, title)) addHeading(doc, title);
    return kept;
  });
  return () =>
    edit(documents, id, (doc) => {
      const heading = headingOf(doc);
      if (heading === undefined || wordsOf(heading) !== title) return false;
      if (before === undefined) removeElement(doc, heading);
      else {
        heading.delete(0, heading.length);
        heading.insert(0, before);
      }
      return true;
    });
}

async function edit<T>(documents: Documents, id: string, change: (doc: Y.Doc) => T): Promise<T> {
  const open = await documents.open(id);
  try {
    if (open.state !== 'editable') throw new Error('This document was made by a later version.');
    const result = open.doc.transact(() => change(open.doc));
    await open.whenSaved();
    return result;
  } finally {
    await open.close();
  }
}

/** Behind front matter, which must stay the first thing in the document. */
function addHeading(doc: Y.Doc, title: string): void {
  const content = doc.getXmlFragment('content');
  const [first] = content.toArray();
  const source: unknown = isElement(first, 'raw_block') ? first.getAttribute('source') : undefined;
  const heading = new Y.XmlElement<{ level: number }>('heading');
  heading.setAttribute('level', 1);
  heading.insert(0, [new Y.XmlText(title)]);
  content.insert(typeof source === 'string' && source.startsWith('---\n') ? 1 : 0, [
    heading as unknown as Y.XmlElement,
  ]);
}

function removeElement(doc: Y.Doc, element: Y.XmlElement): void {
  const content = doc.getXmlFragment('content');
  content.delete(content.toArray().indexOf(element), 1);
}

function isElement(node: unknown, name: string): node is Y.XmlElement {
  return node instanceof Y.XmlElement && node.nodeName === name;
}

function wordsOf(element: Y.XmlElement): string {
  return element
    .toArray()
    .map((child) => (child instanceof Y.XmlText ? plain(child) : ''))
    .join('');
}

function plain(text: Y.XmlText): string {
  return (text.toDelta() as { insert?: unknown }[])
    .map(({ insert }) => (typeof insert === 'string' ? insert : ''))
    .join('');
}
