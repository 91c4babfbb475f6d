import type { PastNode, PastText } from './past-view.ts';

/** So many pieces before and behind a change come with it. */
const around = 12;

/** A view of which only a part is drawn. */
export interface ShortPast {
  readonly nodes: readonly PastNode[];
  /** How many pieces are left out. */
  readonly left: number;
}

/**
 * A view with `most` pieces, and what they stand in. What changed comes first, with what is around it; then the beginning. Each piece is
 * an element of the page or more: all of a board with thousands of cards took many seconds at every moment.
 */
export function shortenPast(nodes: readonly PastNode[], most: number): ShortPast {
  const changed = listChanges(nodes);
  if (changed.length <= most) return { nodes, left: 0 };
  const picked = pickPieces(changed, most);
  let at = 0;
  let count = 0;
  const keep = <T extends PastNode | PastText>(children: readonly T[]): T[] =>
    children.flatMap((child) => {
      const isPicked = picked.has(at++);
      const inner = child.kind === 'node' ? keep(child.children) : [];
      if (!isPicked && inner.length === 0) return [];
      count++;
      return child.kind === 'node' ? { ...child, children: inner } : child;
    });
  return { nodes: keep(nodes), left: changed.length - count };
}

/** Of every piece, in the order of reading, whether it differs. */
function listChanges(nodes: readonly PastNode[]): boolean[] {
  const changed: boolean[] = [];
  const visit = (children: readonly (PastNode | PastText)[]): void => {
    for (const child of children) {
      changed.push(child.change !== 'same');
      if (child.kind === 'node') visit(child.children);
    }
  };
  visit(nodes);
  return changed;
}

function pickPieces(changed: readonly boolean[], most: number): Set<number> {
  const picked = new Set<number>();
  const pick = (from: number, to: number): void => {
    for (let at = Math.max(0, from); at < Math.min(to, changed.length) && picked.size < most; at++)
      picked.add(at);
  };
  for (let at = 0; at < changed.length && picked.size < most; at++)
    if (changed[at]) pick(at - around, at + around + 1);
  pick(0, changed.length);
  return picked;
}
