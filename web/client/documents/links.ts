import * as v from 'valibot';
import * as Y from 'yjs';
import { isDocumentId } from './document-id.ts';

/** No more links of a document are noted: the index goes to every device. */
const MOST = 100;
/** Deeper blocks are not looked into. */
const DEEPEST = 50;
const listSchema = v.pipe(v.string(), v.maxLength(100 * MOST));

/** The documents that the text of a document links to, each once, in the order of the text; at most 100. */
export function readLinks(doc: Y.Doc): string[] {
  const found = new Set<string>();
  const look = (node: Y.XmlFragment, depth: number): void => {
    for (const child of depth > DEEPEST ? [] : node.toArray()) {
      if (found.size === MOST) return;
      if (!(child instanceof Y.XmlElement)) continue;
      const id: unknown = child.nodeName === 'doc_link' ? child.getAttribute('id') : undefined;
      if (typeof id === 'string' && isDocumentId(id)) found.add(id);
      look(child, depth + 1);
    }
  };
  look(doc.getXmlFragment('content'), 0);
  return [...found];
}

/** Field `links` of an entry (SPEC J13); undefined without links. */
export function formatLinks(links: readonly string[]): string | undefined {
  return links.length === 0 ? undefined : JSON.stringify(links);
}

/** The links that an entry names; what another device wrote wrongly counts as none. */
export function parseLinks(field: unknown): string[] {
  const text = v.safeParse(listSchema, field);
  if (!text.success) return [];
  try {
    const links: unknown = JSON.parse(text.output);
    return Array.isArray(links) ? links.filter((id) => typeof id === 'string' && isDocumentId(id)) : [];
  } catch {
    return []; // no list: nothing is known of its links until it is edited again
  }
}
