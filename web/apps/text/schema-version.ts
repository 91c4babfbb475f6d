import type { Node } from 'prosemirror-model';
import { schema } from './schema.ts';

const { nodes, marks } = schema;

/** What an editor of version 1 does not know, and y-prosemirror would delete there. */
const newNodes = new Set([nodes.callout, nodes.mention, nodes.doc_link, nodes.date]);
const newMarks = new Set([marks.underline, marks.highlight]);

/** Content that was looked through and found to be of version 1; nodes never change, so it stays so. */
const known = new WeakSet<Node>();

/**
 * The least version of the schema (2 or 1) that knows all of a node: a document says no greater one than it needs, so
 * that editors of before open what they can edit.
 */
export function schemaVersionOf(node: Node): 1 | 2 {
  if (known.has(node)) return 1;
  if (isNew(node) || node.children.some((child) => schemaVersionOf(child) === 2)) return 2;
  if (node.isBlock) known.add(node);
  return 1;
}

function isNew(node: Node): boolean {
  return (
    newNodes.has(node.type) ||
    node.marks.some((mark) => newMarks.has(mark.type)) ||
    (node.type === nodes.image && node.attrs['caption'] !== '')
  );
}
