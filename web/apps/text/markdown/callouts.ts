import type { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';

const { nodes } = schema;

/** How each kind is called in Markdown. */
const words = new Map([
  ['note', 'NOTE'],
  ['tip', 'TIP'],
  ['warning', 'WARNING'],
  ['danger', 'CAUTION'],
]);

/** `[!NOTE]`, with which the quote begins that a callout is in Markdown. */
export function calloutMarker(block: Node): string {
  return `[!${words.get(String(block.attrs['kind'])) ?? 'NOTE'}]`;
}

/**
 * The callout that a quote is; undefined for a plain one. `source` is the Markdown of its first line of words, in which a
 * marker that is only text is escaped.
 */
export function readCallout(source: string, blocks: readonly Node[]): Node | undefined {
  const [first, second] = blocks;
  const marker = /^\[!(\w+)\](?:\n|$)/.exec(source);
  const kind = [...words].find(([, word]) => word === marker?.[1])?.[0];
  const isMarked = first?.firstChild?.isText === true && first.firstChild.marks.length === 0;
  if (kind === undefined || marker === null || first?.type !== nodes.paragraph || !isMarked) return undefined;
  // The words go on in the paragraph of the marker, or other blocks follow it.
  const length = marker[0].length;
  if (first.content.size > length) {
    const paragraph = nodes.paragraph.create(null, first.content.cut(length));
    return nodes.callout.create({ kind }, [paragraph, ...blocks.slice(1)]);
  }
  if (second?.type === nodes.paragraph) return undefined;
  return nodes.callout.create({ kind }, second === undefined ? nodes.paragraph.create() : blocks.slice(1));
}
