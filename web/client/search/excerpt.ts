import { fold, readWords, type Word } from './words.ts';

/** A piece of a text, and where in it the words stand that were looked for (UTF-16 units, `to` exclusive). */
export interface Excerpt {
  text: string;
  marks: [from: number, to: number][];
}

/** Characters of an excerpt, and how many of them stand before the first word that was found. */
const length = 160;
const before = 36;
/** No more of a text is looked through for the best place. */
const most = 200_000;

/** The place of a text where the most of the words stand; its beginning when none does. */
export function excerptOf(text: string, terms: ReadonlySet<string>): Excerpt {
  const seen = text.length > most ? text.slice(0, most) : text;
  const found = readWords(seen).filter((word) => terms.has(word.text));
  const first = bestStart(found);
  const from = first === undefined ? 0 : startOf(seen, first.from);
  const to = endOf(seen, from + length);
  const lead = from > 0 ? '…' : '';
  const shown = seen.slice(from, to).replace(/\s/g, ' ');
  const marks = found
    .filter((word) => word.from >= from && word.to <= to)
    .map((word): [number, number] => [word.from - from + lead.length, word.to - from + lead.length]);
  return { text: `${lead}${shown}${to < text.length ? '…' : ''}`, marks: join(marks) };
}

/** Where in a short text, such as a title, the words stand. */
export function markWords(text: string, terms: ReadonlySet<string>): [from: number, to: number][] {
  return join(
    readWords(text)
      .filter((word) => terms.has(word.text))
      .map((word): [number, number] => [word.from, word.to]),
  );
}

/** Where in a title words begin as one types, before the index has answered. */
export function markBeginnings(text: string, sought: readonly string[]): [from: number, to: number][] {
  return join(
    readWords(text)
      .filter((word) => sought.some((beginning) => word.text.startsWith(beginning)))
      .map((word): [number, number] => [word.from, word.to]),
  );
}

/** The word from which on an excerpt's length holds the most different words, the earliest of several. */
function bestStart(found: readonly Word[]): Word | undefined {
  let best: Word | undefined;
  let most = 0;
  for (let i = 0; i < found.length; i++) {
    const start = found[i]!;
    const different = new Set<string>();
    for (let j = i; j < found.length && found[j]!.to - start.from <= length - before; j++)
      different.add(fold(found[j]!.text));
    if (different.size > most) [best, most] = [start, different.size];
  }
  return best;
}

/** A little before the word, where a word begins. */
function startOf(text: string, at: number): number {
  if (at <= before) return 0;
  const space = text.slice(at - before, at).search(/\s\S/);
  return space === -1 ? at : at - before + space + 1;
}

function endOf(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const space = text.slice(0, at).search(/\s\S*$/);
  return space > at - 30 ? space : at;
}

/** Ranges that touch become one. */
function join(ranges: [from: number, to: number][]): [from: number, to: number][] {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}
