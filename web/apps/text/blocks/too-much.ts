import type { Node, Slice } from 'prosemirror-model';
import { t } from '../../../i18n/blocks/translate.ts';

/** More blocks, cells and stretches of words are not taken at once: the page would stand still for seconds. Importing a file takes more. */
export const MOST_NODES = 40_000;
/** Markdown is read twice, to prove that it says the same. */
export const MOST_MARKDOWN = 2_000_000;
/** Characters at once, and in one block: browsers lay out all lines of a block for each letter that is typed in it. */
export const MOST_TEXT = 5_000_000;
export const LONGEST_BLOCK = 1_000_000;
/** Blocks in one another, with those around the caret. A document with 300 of them cannot be edited any more. */
export const DEEPEST = 100;
/** Tags of HTML, at both ends of an element: Word writes many for one node. */
export const MOST_TAGS = 300_000;

/** Said to whoever pastes too much; nothing was changed then. */
export class TooMuch extends Error {
  override name = 'TooMuch';
  constructor() {
    super(t('paste.tooMuch'));
  }
}

/** Whether HTML has so many tags that it is not even read. */
export function isTooMuchHtml(html: string): boolean {
  return hasMore(html, '<', MOST_TAGS);
}

/** Whether words, each line of which becomes a paragraph with words, have too many lines. */
export function isTooMuchText(text: string): boolean {
  return hasMore(text.replace(/(?:\r\n?|\n)+/g, '\n'), '\n', MOST_NODES / 2);
}

function hasMore(text: string, part: string, most: number): boolean {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1 && count <= most; at = text.indexOf(part, at + 1)) count += 1;
  return count > most;
}

/** Whether content is more than is put into a document at once, into a place that is so deep; what is open at its beginning opens into that. */
export function isTooMuch({ content, openStart }: Slice, depth: number): boolean {
  const place = Math.max(0, depth - openStart);
  let nodes = 0;
  const isWithin = (node: Node, at: number): boolean => {
    nodes += 1;
    const length = node.isText || node.inlineContent ? node.nodeSize : 0;
    if (nodes > MOST_NODES || at > DEEPEST || length > LONGEST_BLOCK) return false;
    return node.content.content.every((child) => isWithin(child, at + 1));
  };
  return content.size > MOST_TEXT || !content.content.every((node) => isWithin(node, place));
}
