/** A word of a text: as the index knows it, and where it stands (UTF-16 units, `to` exclusive). */
export interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Scripts that put no spaces between words: pairs of neighbours stand for words there. */
const unspaced =
  '\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\u30FC\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}\\p{sc=Bopo}';
const pieces = new RegExp(`[${unspaced}]+|(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}])+`, 'gu');
const pairs = new RegExp(`^[${unspaced}]`, 'u');
const plain = /^[a-z0-9]+$/;
/** Accents and vowel points; not the marks without which words of other scripts are other words. */
const points = /[\u0300-\u036F\u0591-\u05C7\u064B-\u065F\u0670]/g;
/** Nobody looks for longer words, and blobs in base64 would fill the index. */
const longest = 40;

/** The form in which words are compared: neither case nor accents count, and `ß` is `ss`. */
export function fold(text: string): string {
  if (plain.test(text)) return text;
  return text.toUpperCase().toLowerCase().normalize('NFKD').replace(points, '').normalize('NFC');
}

/** The words of a text in order. Of scripts without spaces the pairs of characters, and the last character by itself. */
export function readWords(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    if (pairs.test(piece)) words.push(...readPairs(piece, index));
    else words.push({ text: fold(piece).slice(0, longest), from: index, to: index + piece.length });
  }
  return words.filter((word) => word.text !== '');
}

/** The words that somebody looks for. A single character of a script without spaces begins any pair. */
export function readSought(text: string): string[] {
  const sought: string[] = [];
  for (const [piece] of text.matchAll(pieces)) {
    if (!pairs.test(piece)) sought.push(fold(piece).slice(0, longest));
    else sought.push(...readPairs(piece, 0, [...piece].length > 1).map((pair) => pair.text));
  }
  return [...new Set(sought)].filter((word) => word !== '');
}

/** Whether a word is a pair of characters: such are not compared loosely. */
export function isPair(word: string): boolean {
  return pairs.test(word);
}

function readPairs(piece: string, at: number, whole = false): Word[] {
  const characters = [...piece];
  const words: Word[] = [];
  let from = at;
  for (const [i, character] of characters.entries()) {
    const text = character + (characters[i + 1] ?? '');
    if (!whole || i + 1 < characters.length) words.push({ text: fold(text), from, to: from + text.length });
    from += character.length;
  }
  return words;
}
