import { type EditorState, TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { createSignal } from 'solid-js';
import type * as Y from 'yjs';
import type { CommentMessage, CommentsPort, CommentThread } from '../../../state/text-panels.ts';
import { createAnchor } from './anchors.ts';
import { type CommentState, DRAFT, commentKey, contentOf, tellComments } from './comment-plugin.ts';
import { QUOTE_LENGTH, addMessage, addThread, removeMessage, setResolved } from './threads.ts';

export interface CommentSurroundings {
  view: EditorView;
  doc: Y.Doc;
  /** Id tag and name of who writes here. */
  self(): { by: string; name: string };
  /** Whether the document is ours: then what nobody's name stands under is ours, too. */
  isOwn(): boolean;
  mayComment(): boolean;
  newId(): string;
  /** Milliseconds since 1970. */
  now(): number;
}

/** What the panel of comments sees and does. `refresh` is to be called when the plugin changed. */
export function createComments(around: CommentSurroundings): CommentsPort & { refresh(): void } {
  const { view, doc, newId, now } = around;
  const [state, setState] = createSignal<CommentState>();
  const message = (text: string): CommentMessage => ({ id: newId(), ...around.self(), at: now(), text });
  return {
    refresh: () => setState(commentKey.getState(view.state)),
    threads: () => inOrder(state()),
    isPlaced: (thread) => state()?.ranges.has(thread) === true,
    active: () => state()?.active,
    draft: () => state()?.draft?.quote,
    mayComment: () => around.mayComment(),
    isMine: ({ by }) => (by === '' ? around.isOwn() : by === around.self().by),
    begin() {
      const selected = around.mayComment() ? selectedWords(view.state) : undefined;
      const content = contentOf(view.state, doc.getXmlFragment('content'));
      if (selected === undefined || content === undefined) return false;
      const { quote, ...range } = selected;
      tellComments(view, { draft: { anchor: createAnchor(content, range), quote }, active: undefined });
      return true;
    },
    cancel: () => tellComments(view, { draft: undefined }),
    start(text) {
      const { draft, ranges } = commentKey.getState(view.state) ?? {};
      const content = contentOf(view.state, doc.getXmlFragment('content'));
      if (draft === undefined || content === undefined) return;
      const range = ranges?.get(DRAFT);
      const anchor = range ? createAnchor(content, range) : draft.anchor;
      const id = newId();
      addThread(doc, id, { anchor, quote: draft.quote, message: message(text) });
      tellComments(view, { draft: undefined, active: id });
    },
    answer: (thread, text) => addMessage(doc, thread, message(text)),
    resolve: (thread, resolved) => setResolved(doc, thread, resolved ? now() : 0),
    remove: (thread, id) => removeMessage(doc, thread, id),
    show(thread) {
      tellComments(view, { active: thread });
      const range = thread === undefined ? undefined : commentKey.getState(view.state)?.ranges.get(thread);
      if (range) bringIntoView(view, range.from);
    },
  };
}

/** Scrolls a place of the text to where it can be read, without moving the caret. */
export function bringIntoView(view: EditorView, pos: number): void {
  const { node } = view.domAtPos(pos);
  const element = node instanceof Element ? node : node.parentElement;
  element?.scrollIntoView({ block: 'center', behavior: scrollBehavior() });
}

/** Smooth, unless the reader asked for less motion. */
export function scrollBehavior(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
}

function selectedWords({
  selection,
  doc,
}: EditorState): { from: number; to: number; quote: string } | undefined {
  if (!(selection instanceof TextSelection) || selection.empty) return undefined;
  const { from, to } = selection;
  const quote = doc.textBetween(from, to, ' ', ' ').trim().slice(0, QUOTE_LENGTH);
  return quote === '' ? undefined : { from, to, quote };
}

/** As the words stand in the text; those without words follow, as they began. */
function inOrder(state: CommentState | undefined): CommentThread[] {
  if (state === undefined) return [];
  const place = (thread: CommentThread) => state.ranges.get(thread.id)?.from ?? Infinity;
  const began = (thread: CommentThread) => thread.messages[0]?.at ?? 0;
  return [...state.threads].sort((a, b) => compare(place(a), place(b)) || began(a) - began(b));
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
