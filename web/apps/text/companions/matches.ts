import type { Node } from 'prosemirror-model';
import type { FindOptions } from '../../../state/text-panels.ts';

export interface Match {
  from: number;
  to: number;
}

/** More places are neither shown nor counted. */
export const MOST_MATCHES = 10_000;

/** The places of a text in a document, in their order. A place lies in one block; what has no text of its own matches nothing. */
export function findIn(doc: Node, options: FindOptions, most = MOST_MATCHES): Match[] {
  const pattern = toPattern(options);
  const found: Match[] = [];
  if (pattern === undefined) return found;
  doc.descendants((node, pos) => {
    if (found.length >= most) return false;
    if (!node.isTextblock) return true;
    // Each piece without text counts as one character, as it does in positions.
    const text = node.textBetween(0, node.content.size, '', '\ufffc');
    for (const match of text.matchAll(pattern)) {
      const from = pos + 1 + match.index;
      found.push({ from, to: from + match[0].length });
      if (found.length >= most) break;
    }
    return false;
  });
  return found;
}

function toPattern({ query, matchCase, wholeWord }: FindOptions): RegExp | undefined {
  if (query === '') return undefined;
  const literal = query.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const source = wholeWord ? `(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])` : literal;
  return new RegExp(source, matchCase ? 'gu' : 'giu');
}

/** The first place at or after a position, else the first of all; -1 when there is none. */
export function matchFrom(matches: readonly Match[], pos: number): number {
  if (matches.length === 0) return -1;
  return Math.max(
    0,
    matches.findIndex(({ from }) => from >= pos),
  );
}
