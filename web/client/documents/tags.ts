/** Fields `tag:<name>` say since when an entry has a tag (SPEC J8). */
export const TAG = 'tag:';

const LONGEST = 40;
/** Control characters, and those that turn the order of what is written around. */
const UNWANTED = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** A tag as a device gives it: on one line, at most 40 characters, without `#` before it and `,` in it. Empty when nothing is left. */
export function cleanTag(text: string): string {
  const tag = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s,]+/g, ' ')
    .replace(UNWANTED, '')
    .trim()
    .replace(/^#+\s*/, '');
  return [...tag].slice(0, LONGEST).join('').trim();
}

/** The tag among those there that is written the same but for upper and lower case; else the one given. */
export function knownTag(tag: string, known: Iterable<string>): string {
  const wanted = tag.toLowerCase();
  for (const each of known) if (each.toLowerCase() === wanted) return each;
  return tag;
}

/** All tags of entries that are not in the trash, with how many have each, the most used first. */
export function countTags(
  rows: Iterable<{ tags?: readonly string[] | undefined; trashed: 0 | 1 }>,
): { tag: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { tags = [], trashed } of rows)
    if (trashed === 0) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1));
}
