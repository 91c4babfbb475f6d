import type * as Y from 'yjs';
import type { Description } from './describe.ts';

const EXCERPT_LENGTH = 160;
/** Enough of a text for its excerpt; a long one is not read to its end. */
const ENOUGH = 1000;

/**
 * Excerpt of a rich-text document of Quillo: its first words. It has no title of its own: its owner names it as a file is
 * named.
 */
export function describeRichText(doc: Y.Doc): Pick<Description, 'excerpt'> {
  let words = '';
  for (const part of doc.getText('doc').toDelta() as { insert?: unknown }[]) {
    words += typeof part.insert === 'string' ? part.insert.slice(0, ENOUGH) : ' ';
    if (words.length > ENOUGH) break;
  }
  const characters = [...words.replace(/\s+/g, ' ').trim()];
  const excerpt = characters.slice(0, EXCERPT_LENGTH).join('');
  return { excerpt: characters.length <= EXCERPT_LENGTH ? excerpt : `${excerpt.trimEnd()}…` };
}
