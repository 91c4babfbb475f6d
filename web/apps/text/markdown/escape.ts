import type { InlinePlace } from './serialize-inline.ts';

/** Text with every character escaped that Markdown would take for more than itself. */
export function escapeText(text: string): string {
  return (
    text
      .replace(/[\\`*[\]~]/g, '\\$&')
      // Inside a word an underscore is only itself, and names read better without backslashes.
      .replace(/_/g, (mark, at: number, whole: string) => (isWord(whole, at) ? mark : '\\_'))
      .replace(/<(?=[A-Za-z/!?])/g, '\\<')
      .replace(/&(?=#?\w+;)/g, '\\&')
  );
}

/** What a line may not begin with if it is to be text. `text` is one block's inline Markdown. */
export function escapeLineStarts(text: string, place: InlinePlace): string {
  const lines = text
    .split('\n')
    .map((line) =>
      line
        .replace(/^(\s*)([#>+=:|-])/, (whole, space: string, mark: string) =>
          startsBlock(line.slice(space.length)) ? `${space}\\${mark}` : whole,
        )
        .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2'),
    );
  const joined = lines.join('\n');
  // Closing hashes belong to a heading's syntax.
  return place === 'heading' ? joined.replace(/#(?=#*$)/, '\\#') : joined;
}

/** A code span that holds exactly this text. */
export function codeSpan(text: string): string {
  const runs = new Set([...text.matchAll(/`+/g)].map((run) => run[0].length));
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = '`'.repeat(length);
  const edge = /^`|`$/.test(text) || (/^ .* $/.test(text) && text.trim() !== '');
  return edge ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

/** The address of a link or picture. */
export function escapeAddress(address: string): string {
  const bare = address.replace(/[\r\n]+/g, '');
  const escaped = bare.replace(/[\\<>]/g, '\\$&').replace(/&(?=#?\w+;)/g, '\\&');

  if (bare === '' || /[\u0000-\u0020\u007f()]/.test(bare)) return `<${escaped}>`;
  return escaped;
}

/** The title of a link or picture, in quotes. */
export function escapeTitle(title: string): string {
  const text = title.replace(/\n\s*/g, '\n').replace(/[\\"]/g, '\\$&');
  return `"${text.replace(/&(?=#?\w+;)/g, '\\&')}"`;
}

function isWord(text: string, at: number): boolean {
  const word = /[\p{L}\p{N}]/u;
  return word.test(text.charAt(at - 1)) && word.test(text.charAt(at + 1));
}

function startsBlock(line: string): boolean {
  return /^(#{1,6}(\s|$)|>|[-+](\s|$)|-{2,}\s*$|(-\s*){3,}$|=+\s*$|[-:|\s]*-[-:|\s]*$)/.test(line);
}
