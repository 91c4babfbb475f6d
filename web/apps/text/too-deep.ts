import * as Y from 'yjs';

/** Blocks that are deeper in one another cannot be edited: browsers and y-prosemirror read them by calling themselves. */
const DEEPEST = 300;

/** Whether a document has blocks in one another that are too many to edit them; neighbours may send what they like. */
export function isTooDeep(fragment: Y.XmlFragment): boolean {
  return isHigher([fragment], DEEPEST);
}

/** Whether what came with a transaction made it so. */
export function becameTooDeep(fragment: Y.XmlFragment, { changed, beforeState }: Y.Transaction): boolean {
  const isNew = ({ _item: item }: Y.XmlElement): boolean =>
    item !== null && item.id.clock >= (beforeState.get(item.id.client) ?? 0);
  return [...changed.keys()].some((type) => {
    if (!(type instanceof Y.XmlFragment)) return false;
    const depth = depthIn(fragment, type);
    return depth !== undefined && isHigher(elementsIn(type).filter(isNew), DEEPEST - depth - 1);
  });
}

function isHigher(level: readonly Y.XmlFragment[], most: number): boolean {
  let [now, height] = [level, 0];
  for (; now.length > 0 && height <= most; height++) now = now.flatMap(elementsIn);
  return now.length > 0;
}

function elementsIn(type: Y.XmlFragment): Y.XmlElement[] {
  return type.toArray().filter((child) => child instanceof Y.XmlElement);
}

/** How deep something lies; undefined when it is no part of the content. */
function depthIn(fragment: Y.XmlFragment, type: Y.XmlFragment): number | undefined {
  let depth = 0;
  for (let at: unknown = type; at instanceof Y.XmlFragment; at = at.parent) {
    if (at === fragment) return depth;
    depth += 1;
  }
  return undefined;
}
