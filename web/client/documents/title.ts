const LARGEST = 255;
/** Control characters, and those that turn the order of what is written around. */
const UNWANTED = /[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A title as it may stand in the index: at most 255 bytes of UTF-8, on one line, without `/`, control characters and
 * direction overrides. A name that is too long is cut before its ending (`.jpg`), between characters. Empty when nothing
 * is left, as of `..`.
 */
export function cleanTitle(text: string): string {
  const title = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .replace(UNWANTED, '')
    .replaceAll('/', '-')
    .trim();
  return /^\.{1,2}$/.test(title) ? '' : fit(title);
}

function fit(title: string): string {
  if (bytesOf(title) <= LARGEST) return title;
  const ending = /\.[^.\s]{1,15}$/u.exec(title)?.[0] ?? '';
  let left = LARGEST - bytesOf(ending);
  let stem = '';
  for (const character of title.slice(0, title.length - ending.length)) {
    left -= bytesOf(character);
    if (left < 0) break;
    stem += character;
  }
  return stem.trimEnd() + ending;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
