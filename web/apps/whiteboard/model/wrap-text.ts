/** Words as they are drawn: lines, and the size of the letters in units of the board. */
export interface Lines {
  lines: string[];
  size: number;
}

export const lineHeight = 1.3;
const smallest = 8;
/** More characters of one object are not drawn. */
const mostDrawn = 4000;

/** Lines of at most `width` units at a size of letters. The widths are those of a common sans-serif, so that every device breaks alike. */
export function wrapText(text: string, width: number, size: number): string[] {
  const shown = text.length > mostDrawn ? `${text.slice(0, mostDrawn)}…` : text;
  return shown.split('\n').flatMap((line) => wrapLine(line, width / size));
}

/** The largest letters, up to `most`, with which a text fits into a box. */
export function fitText(text: string, box: { w: number; h: number }, most: number): Lines {
  for (let size = most; ; size *= 0.9) {
    const lines = wrapText(text, box.w, size);
    if (lines.length * size * lineHeight <= box.h || size * 0.9 < smallest) return { lines, size };
  }
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let now = '';
  for (const word of line.match(/\S+\s*|^\s+/g) ?? []) {
    if (now !== '' && widthOf(now + word.trimEnd()) > width) {
      lines.push(now.trimEnd());
      now = '';
    }
    now += word;
    while (widthOf(now.trimEnd()) > width && [...now].length > 1) {
      const fits = cut(now, width);
      lines.push(fits);
      now = now.slice(fits.length);
    }
  }
  return [...lines, now.trimEnd()];
}

/** As many characters as fit, at least one. */
function cut(text: string, width: number): string {
  let taken = '';
  for (const char of text) {
    if (taken !== '' && widthOf(taken + char) > width) break;
    taken += char;
  }
  return taken;
}

/** Width of a text in letters of size 1, roughly. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += widthOfCharacter(char);
  return width;
}

function widthOfCharacter(char: string): number {
  if (
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u.test(
      char,
    )
  )
    return char <= '\u00ff' ? 0.6 : 1.05;
  if (/[ijl.,:;'|!ItfrI() ]/.test(char)) return 0.34;
  if (/[mwMW@%]/.test(char)) return 0.9;
  return /[A-ZÄÖÜ]/.test(char) ? 0.7 : 0.57;
}
