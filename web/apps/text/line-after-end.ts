import type { Node } from 'prosemirror-model';
import { type Command, Plugin, Selection, TextSelection } from 'prosemirror-state';
import { schema } from './schema.ts';

const { nodes } = schema;

/** Makes a line below a document that ends with something one cannot write after, where one clicks for it. */
export function lineAfterEnd(): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        mousedown(view, event) {
          const foot = view.dom.lastElementChild?.getBoundingClientRect().bottom ?? Infinity;
          if (event.button !== 0 || event.target !== view.dom || event.clientY <= foot) return false;
          if (!view.editable || !endsClosed(view.state.doc)) return false;
          event.preventDefault();
          addLine(view.state, view.dispatch);
          view.focus();
          return true;
        },
      },
    },
  });
}

/** To the end of the document, and past it when nothing can be written after it. */
export const goPastEnd: Command = (state, dispatch) => {
  const last = deepestLast(state.doc);
  const isText = last?.inlineContent === true && !endsInTable(state.doc);
  if (!endsClosed(state.doc)) return false;
  // In code and behind a picture the end itself is a place to write: only from there one goes on.
  if (isText && state.selection.to < Selection.atEnd(state.doc).to) return false;
  return addLine(state, dispatch);
};

/** Down or Enter in the last row of a table, or on a block without text, that ends the document. */
export function leaveEndDown(key: 'down' | 'enter'): Command {
  return (state, dispatch, view) => {
    const { selection } = state;
    const { $to } = selection;
    if (!endsClosed(state.doc)) return false;
    if (!(selection instanceof TextSelection)) {
      return selection.to === state.doc.content.size && addLine(state, dispatch);
    }
    const isCell = $to.parent.type === nodes.table_cell || $to.parent.type === nodes.table_header;
    if (!selection.empty || !isCell || !endsInTable(state.doc)) return false;
    if (!isEnd(state.doc, $to.before(-1))) return false;
    if (key === 'down' && view?.endOfTextblock('down') === false) return false;
    return addLine(state, dispatch);
  };
}

const addLine: Command = (state, dispatch) => {
  const end = state.doc.content.size;
  const tr = state.tr.insert(end, nodes.paragraph.create());
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
  return true;
};

/** Whether the document ends with a table, code, a picture, a rule or kept source. */
function endsClosed(doc: Node): boolean {
  const last = deepestLast(doc);
  if (last === undefined || endsInTable(doc)) return last !== undefined;
  return !last.inlineContent || last.type === nodes.code_block || last.lastChild?.type === nodes.image;
}

/** The block at the very end: the last of the last. */
function deepestLast(doc: Node): Node | undefined {
  let last = doc.lastChild ?? undefined;
  while (last !== undefined && !last.inlineContent && last.lastChild !== null) last = last.lastChild;
  return last;
}

function endsInTable(doc: Node): boolean {
  let last = doc.lastChild;
  while (last !== null && last.type !== nodes.table && !last.inlineContent) last = last.lastChild;
  return last?.type === nodes.table;
}

/** Whether the node at `pos` ends the document: nothing but ends follow it. */
function isEnd(doc: Node, pos: number): boolean {
  const $pos = doc.resolve(pos);
  for (let depth = $pos.depth; depth >= 0; depth--) {
    if ($pos.index(depth) < $pos.node(depth).childCount - 1) return false;
  }
  return true;
}
