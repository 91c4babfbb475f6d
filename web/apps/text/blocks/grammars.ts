import { common, createLowlight } from 'lowlight';
import type { Piece } from './highlight.ts';

const lowlight = createLowlight(common);

/** The part of a tree of lowlight that is read here. */
interface TreeNode {
  type: string;
  value?: string;
  properties?: { className?: unknown };
  children?: readonly TreeNode[];
}

/** Cuts code into pieces with the classes of highlight.js; nothing for a language without a grammar. */
export function highlightCode(language: string, code: string): Piece[] {
  if (!lowlight.registered(language)) return [];
  const pieces: Piece[] = [];
  let at = 0;
  const walk = (node: TreeNode, classes: readonly string[]): void => {
    if (node.type === 'text') {
      const length = node.value?.length ?? 0;
      if (classes.length > 0) pieces.push({ from: at, to: at + length, classes: classes.join(' ') });
      at += length;
      return;
    }
    const own: unknown = node.properties?.className;
    const all = Array.isArray(own) ? [...classes, ...own.map(String)] : classes;
    for (const child of node.children ?? []) walk(child, all);
  };
  walk(lowlight.highlight(language, code), []);
  return pieces;
}
