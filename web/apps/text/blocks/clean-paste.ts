import { Fragment, type Node, Slice } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { schemaVersionOf } from '../schema-version.ts';
import { schema } from '../schema.ts';
import { isInCode } from '../commands.ts';
import type { LaterContext } from '../later.ts';
import { cleanHtml } from './clean-html.ts';
import { TooMuch, isTooMuch, isTooMuchHtml, isTooMuchText } from './too-much.ts';

const { nodes, marks } = schema;

/**
 * What is pasted comes without the noise of where it was, and as this document may hold it. What is too much for a moment is refused in
 * words. Stands before all that takes what is pasted.
 */
export function cleanPaste({ mayWriteNew, onError }: Pick<LaterContext, 'mayWriteNew' | 'onError'>): Plugin {
  let refused = false;
  const refuse = (): boolean => {
    if (!refused) return false;
    refused = false;
    onError(new TooMuch());
    return true;
  };
  return new Plugin({
    props: {
      transformPastedHTML(html) {
        refused = isTooMuchHtml(html);
        if (refused) return '';
        // What an editor like this one copied is in order.
        if (html.includes('data-pm-slice')) return html;
        const clean = cleanHtml(html);
        refused = clean === undefined;
        return clean ?? '';
      },
      transformPastedText(text, _plain, { state }) {
        refused = !isInCode(state) && isTooMuchText(text);
        // Not nothing, which is no text of a code block that something is dropped on.
        return refused ? text.slice(0, 1) : text;
      },
      transformPasted(slice, { state, dragging }) {
        // What is moved within the document is there already.
        if (dragging) return slice;
        refused ||= isTooMuch(slice, state.selection.$from.depth);
        if (refused) return Slice.empty;
        return mayWriteNew() ? slice : toFirstVersion(slice);
      },
      handlePaste: refuse,
      handleDrop: refuse,
    },
  });
}

/** The same words as schema version 1 has them. */
export function toFirstVersion(slice: Slice): Slice {
  if (slice.content.content.every((node) => schemaVersionOf(node) === 1)) return slice;
  // What was open at the sides may have been a callout: closed, it fits everywhere.
  return new Slice(downgrade(slice.content), 0, 0);
}

function downgrade(content: Fragment): Fragment {
  return Fragment.fromArray(content.content.flatMap(downgradeNode));
}

function downgradeNode(node: Node): Node[] {
  if (node.type === nodes.callout) return downgrade(node.content).content.slice();
  if (node.isText) {
    const kept = node.marks.filter(({ type }) => type !== marks.underline && type !== marks.highlight);
    return [node.mark(kept)];
  }
  if (node.type === nodes.image) return [nodes.image.create({ ...node.attrs, caption: '' })];
  if (schemaVersionOf(node) === 1) return [node];
  const words = node.type.spec.leafText?.(node) ?? '';
  if (node.isInline) return words === '' ? [] : [schema.text(words)];
  return [node.copy(downgrade(node.content))];
}
