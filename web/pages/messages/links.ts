/** A piece of what somebody wrote: words, or an address that may be gone to. */
export interface Piece {
  text: string;
  /** http or https. */
  href?: string;
}

const address = /https?:\/\/[^\s<>"'`]+/g;
/** What ends a sentence, not an address. */
const trailing = /[.,;:!?)\]}…]+$/;

/** Finds web addresses in plain text; nothing else becomes a link. */
export function splitLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = match[0].replace(trailing, '');
    if (!URL.canParse(found)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: found, href: found });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}
