import type { Node } from 'prosemirror-model';
import { type EditorState, Plugin, PluginKey, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { ySyncPluginKey } from 'y-prosemirror';
import type * as Y from 'yjs';
import { type Content, type Range, createAnchor, locate, readAnchor } from './anchors.ts';
import { type Anchor, type PlacedThread, moveAnchor, readThreads, threadsOf } from './threads.ts';

/** A comment that is being written: where, and about which words. */
export interface Draft {
  anchor: Anchor;
  quote: string;
}

export interface CommentState {
  threads: readonly PlacedThread[];
  /** Where the words of each thread are, as far as they are there; the draft under `DRAFT`. */
  ranges: ReadonlyMap<string, Range>;
  active: string | undefined;
  draft: Draft | undefined;
  /** The last change of the text was made, or undone, in this window. */
  local: boolean;
}

interface CommentMeta {
  threads?: readonly PlacedThread[];
  active?: string | undefined;
  draft?: Draft | undefined;
}

interface SyncMeta {
  isChangeOrigin?: boolean;
  isUndoRedoOperation?: boolean;
}

export const DRAFT = '';
export const commentKey = new PluginKey<CommentState>('comments');

/** Tells the plugin of other threads, another active one, or another draft. */
export function tellComments(view: EditorView, meta: CommentMeta): void {
  if (!view.isDestroyed)
    view.dispatch(view.state.tr.setMeta(commentKey, meta).setMeta('addToHistory', false));
}

/** The shared content as the editor shows it; undefined before it is bound. */
export function contentOf(state: EditorState, fragment: Y.XmlFragment, doc = state.doc): Content | undefined {
  const sync = ySyncPluginKey.getState(state) as { binding?: { mapping: Content['mapping'] } } | undefined;
  return sync?.binding ? { fragment, mapping: sync.binding.mapping, doc } : undefined;
}

/** Shows which words are spoken of, and keeps the threads with them while the text changes. */
export function commentPlugin(
  ydoc: Y.Doc,
  { onChange, onPick }: { onChange: () => void; onPick: (thread: string) => void },
): Plugin<CommentState> {
  const fragment = ydoc.getXmlFragment('content');
  return new Plugin<CommentState>({
    key: commentKey,
    state: {
      init: (_config, state) => {
        const empty = { ranges: new Map(), active: undefined, draft: undefined, local: false };
        const threads = readThreads(ydoc);
        return { ...empty, threads, ranges: locateAll({ ...empty, threads }, contentOf(state, fragment)) };
      },
      apply: (tr, value, before) => applyTo(value, tr, contentOf(before, fragment, tr.doc)),
    },
    props: {
      decorations: (state) => decorate(state.doc, commentKey.getState(state)),
      handleClick(view, pos) {
        const thread = threadAt(commentKey.getState(view.state), pos);
        if (thread !== undefined) onPick(thread);
        return false;
      },
    },
    view(view) {
      const threads = threadsOf(ydoc);
      const onThreads = () => tellComments(view, { threads: readThreads(ydoc) });
      threads.observeDeep(onThreads);
      // The plugin may stand in an editor that was there before it: what it read at the start had no content yet.
      queueMicrotask(onThreads);
      return {
        update(now, before) {
          const [state, last] = [commentKey.getState(now.state), commentKey.getState(before)];
          if (state !== last) onChange();
          if (now.state.doc.eq(before.doc) || state?.local !== true) return;
          const changed = changedRange(before.doc, now.state.doc);
          // The shared content follows the editor in the same task.
          if (!changed || state.threads.length === 0) return;
          queueMicrotask(() => (now.isDestroyed ? undefined : moveAnchors(now.state, ydoc, changed)));
        },
        destroy: () => threads.unobserveDeep(onThreads),
      };
    },
  });
}

function applyTo(value: CommentState, tr: Transaction, content: Content | undefined): CommentState {
  const meta = tr.getMeta(commentKey) as CommentMeta | undefined;
  if (meta === undefined && !tr.docChanged) return value;
  const next = { ...value, ...meta };
  const shared = tr.getMeta(ySyncPluginKey) as SyncMeta | undefined;
  if (tr.docChanged && shared?.isChangeOrigin !== true)
    return { ...next, ranges: mapRanges(value.ranges, tr), local: true };
  const local = tr.docChanged ? shared?.isUndoRedoOperation === true : value.local;
  return { ...next, ranges: locateAll(next, content), local };
}

function mapRanges(ranges: ReadonlyMap<string, Range>, tr: Transaction): Map<string, Range> {
  const mapped = new Map<string, Range>();
  for (const [id, range] of ranges) {
    const [from, to] = [tr.mapping.map(range.from, 1), tr.mapping.map(range.to, -1)];
    if (from < to && tr.doc.textBetween(from, to, '', '\ufffc').trim() !== '') mapped.set(id, { from, to });
  }
  return mapped;
}

function locateAll(
  { threads, draft }: Pick<CommentState, 'threads' | 'draft'>,
  content: Content | undefined,
): Map<string, Range> {
  const ranges = new Map<string, Range>();
  if (content === undefined) return ranges;
  for (const thread of threads) {
    const range = locate(content, thread);
    if (range !== undefined) ranges.set(thread.id, range);
  }
  const range = draft && readAnchor(content, draft.anchor);
  if (range) ranges.set(DRAFT, range);
  return ranges;
}

/** What differs, in positions of the newer document; undefined when nothing does. */
export function changedRange(before: Node, now: Node): Range | undefined {
  const from = before.content.findDiffStart(now.content);
  const end = before.content.findDiffEnd(now.content);
  return from === null || end === null ? undefined : { from, to: Math.max(from, end.b) };
}

/** An edit in this window may have put words into other blocks, where the old anchors do not point (SPEC J12). */
export function moveAnchors(editor: EditorState, ydoc: Y.Doc, changed: Range): void {
  const state = commentKey.getState(editor);
  const content = contentOf(editor, ydoc.getXmlFragment('content'));
  if (state === undefined || content === undefined) return;
  ydoc.transact(() => {
    for (const thread of state.threads) {
      const range = state.ranges.get(thread.id);
      if (!range || !isTouched(editor.doc, range, changed)) continue;
      const anchor = createAnchor(content, range);
      // Other devices do not see which deleted characters an undo brought back: they need the new ones by name.
      if (!isSameAnchor(thread.anchors[0], anchor)) moveAnchor(ydoc, thread, anchor);
    }
  });
}

function isSameAnchor(one: Anchor | undefined, other: Anchor): boolean {
  return one?.join(';') === other.join(';');
}

/** Whether a change lies in one of the blocks of the words. */
function isTouched(doc: Node, range: Range, changed: Range): boolean {
  const [start, end] = [doc.resolve(range.from), doc.resolve(range.to)];
  return changed.from <= end.end() + 1 && changed.to >= start.start() - 1;
}

function threadAt(state: CommentState | undefined, pos: number): string | undefined {
  const open = state?.threads.find(({ id, resolved }) => {
    const range = state.ranges.get(id);
    return resolved === 0 && range !== undefined && range.from <= pos && pos <= range.to;
  });
  return open?.id;
}

function decorate(doc: Node, state: CommentState | undefined): DecorationSet {
  if (state === undefined || state.ranges.size === 0) return DecorationSet.empty;
  const shown = state.threads.filter(({ id, resolved }) => resolved === 0 || id === state.active);
  const marks = shown.flatMap(({ id }) => {
    const range = state.ranges.get(id);
    const name = id === state.active ? 'comment-words comment-active' : 'comment-words';
    return range ? [Decoration.inline(range.from, range.to, { class: name, 'data-thread': id })] : [];
  });
  const draft = state.ranges.get(DRAFT);
  if (draft) marks.push(Decoration.inline(draft.from, draft.to, { class: 'comment-words comment-active' }));
  return DecorationSet.create(doc, marks);
}
