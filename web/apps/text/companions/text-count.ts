import type { Node } from 'prosemirror-model';
import type { OutlineEntry, TextCount } from '../../../state/text-panels.ts';

/** Words that people read in a minute. */
const WORDS_A_MINUTE = 230;
const WORD = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[\p{L}\p{N}\p{M}]+(?:['’‑-][\p{L}\p{N}\p{M}]+)*/gu;

/** Words, characters (spaces counted, line ends not) and reading time; signs of Chinese and Japanese count as a word each. */
export function countText(text: string): TextCount {
  const words = text.match(WORD)?.length ?? 0;
  const characters = [...text.replaceAll('\n', '')].length;
  return { words, characters, minutes: Math.ceil(words / WORDS_A_MINUTE) };
}

/** The words of a stretch of a document, blocks on lines of their own. */
export function textOf(doc: Node, from = 0, to = doc.content.size): string {
  return doc.textBetween(from, to, '\n');
}

/** The headings that have words, in their order. */
export function readHeadings(doc: Node): OutlineEntry[] {
  const headings: OutlineEntry[] = [];
  doc.descendants((node, pos) => {
    if (node.type.name === 'heading' && node.textContent.trim() !== '')
      headings.push({ pos, level: Number(node.attrs['level']), text: textOf(node).replaceAll('\n', ' ') });
    return !node.isTextblock;
  });
  return headings;
}

/** Index of the last heading at or before a position; -1 before the first. */
export function headingAt(headings: readonly OutlineEntry[], pos: number): number {
  return headings.findLastIndex((heading) => heading.pos <= pos);
}
