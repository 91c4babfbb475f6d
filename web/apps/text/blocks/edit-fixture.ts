import type { Node } from 'prosemirror-model';
import { type Command, EditorState, TextSelection } from 'prosemirror-state';
import { initProseMirrorDoc, updateYFragment } from 'y-prosemirror';
import * as Y from 'yjs';
import { writeContent } from '../markdown/document.ts';
import { parseMarkdown } from '../markdown/parse.ts';
import { serializeMarkdown } from '../markdown/serialize.ts';
import { schema } from '../schema.ts';

/** A state of Markdown in which the caret stands at `||`, or the words between `{{` and `}}` are selected. For tests. */
export function stateOf(source: string | Node): EditorState {
  let state = EditorState.create({ doc: typeof source === 'string' ? parseMarkdown(source) : source });
  const cut = (mark: string): number => {
    const at = findText(state.doc, mark);
    if (at !== -1) state = state.apply(state.tr.delete(at, at + mark.length));
    return at;
  };
  const caret = cut('||');
  const from = caret === -1 ? cut('{{') : caret;
  const to = caret === -1 ? cut('}}') : caret;
  if (from === -1) return state;
  return state.apply(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
}

/** Where words begin in a document; -1 when it has them nowhere. */
export function findText(doc: Node, words: string): number {
  let found = -1;
  doc.descendants((node, pos) => {
    const at = node.text?.indexOf(words) ?? -1;
    if (at !== -1 && found === -1) found = pos + at;
  });
  return found;
}

/** Runs commands one after the other; gives what they made. */
export function run(
  source: string | Node,
  ...list: Command[]
): { done: boolean; text: string; state: EditorState } {
  let state = stateOf(source);
  let done = true;
  for (const command of list) done = command(state, (tr) => (state = state.apply(tr))) && done;
  return { done, text: serializeMarkdown(state.doc).trimEnd(), state };
}

/** A shared document of Markdown. */
export function sharedOf(source: string): Y.Doc {
  const doc = new Y.Doc();
  writeContent(doc, parseMarkdown(source));
  return doc;
}

/** The same document on another device, as far as it is now. */
export function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

/** Lets an editor with the caret before some words change a shared document. */
export function edit(doc: Y.Doc, before: string, ...list: Command[]): void {
  const fragment = doc.getXmlFragment('content');
  const { doc: content, meta } = initProseMirrorDoc(fragment, schema);
  let state = EditorState.create({ doc: content });
  const at = findText(content, before);
  if (at === -1) throw new Error(`no such words: ${before}`);
  state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, at)));
  for (const command of list) {
    if (!command(state, (tr) => (state = state.apply(tr)))) throw new Error('the command does not apply');
  }
  doc.transact(() => updateYFragment(doc, fragment, state.doc, meta));
}

/** Types words at the caret. */
export function typing(words: string): Command {
  return (state, dispatch) => {
    dispatch?.(state.tr.insertText(words));
    return true;
  };
}

/** Gives both devices what the other has. */
export function exchange(one: Y.Doc, other: Y.Doc): void {
  const [ours, theirs] = [Y.encodeStateAsUpdate(one), Y.encodeStateAsUpdate(other)];
  Y.applyUpdate(one, theirs);
  Y.applyUpdate(other, ours);
}

/** What an editor shows of a shared document. */
export function contentOf(doc: Y.Doc): Node {
  return initProseMirrorDoc(copyOf(doc).getXmlFragment('content'), schema).doc;
}
