/** A piece of what somebody wrote: words, or an address that may be gone to. */
export interface Piece {
  text: string;
  /** http or https. */
  href?: string;
}

const address = /https?:\/\/[^\s<>"'`]+/g;
/** What ends a sentence, not an address. */
const trailing = '.,;:!?)]}…';

function withoutEnd(found: string): string {
  let end = found.length;
  while (end > 0 && trailing.includes(found.charAt(end - 1))) end--;
  return found.slice(0, end);
}

/** Finds web addresses in plain text; nothing else becomes a link. */
export function splitLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = withoutEnd(match[0]);
    if (!URL.canParse(found)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: found, href: found });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}
