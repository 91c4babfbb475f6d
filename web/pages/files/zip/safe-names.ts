/** Names that Windows keeps for devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** Control and format characters (line breaks, NUL, bidirectional overrides, zero-width marks) and what some system refuses. */
const refused = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\/:*?"<>|]/gu;
/** Space and dots at either end; one dot in front of a name is its own (`.gitignore`). */
const edges = /^(?:\s|\.{2,}|\.(?=\s))+|[\s.]+$/g;
/** Bytes of one name that every file system takes. */
const longest = 200;

/**
 * One part of a path that is safe on every system: no separator, no `..`, no control or direction-changing character, no
 * reserved name, at most 200 UTF-8 bytes with its ending kept. `fallback` when nothing is left of it.
 */
export function safeName(title: string, fallback: string): string {
  const cleaned = title.normalize('NFC').replace(refused, ' ').replace(/\s+/g, ' ').replace(edges, '');
  const name = cut(cleaned) || fallback;
  return reserved.test(name) ? `_${name}` : name;
}

function cut(name: string): string {
  const { stem, ending } = splitEnding(name);
  let kept = stem;
  while (byteLength(kept + ending) > longest) kept = [...kept].slice(0, -1).join('');
  return kept.trimEnd() + ending;
}

/** `photo` and `.jpg`; an ending has at most 12 characters. */
function splitEnding(name: string): { stem: string; ending: string } {
  const at = name.lastIndexOf('.');
  return at > 0 && name.length - at <= 12
    ? { stem: name.slice(0, at), ending: name.slice(at) }
    : { stem: name, ending: '' };
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * Gives each name of one folder once: the second becomes ` (2)`. Names that differ only in capitals count as the same, because
 * some systems think so.
 */
export function createNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const { stem, ending } = splitEnding(name);
    let unique = name;
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${stem} (${n})${ending}`;
    taken.add(unique.toLowerCase());
    return unique;
  };
}
