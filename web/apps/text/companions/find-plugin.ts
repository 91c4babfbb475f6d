import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { createSignal } from 'solid-js';
import { yUndoPluginKey } from 'y-prosemirror';
import { type FindOptions, type FindPort, finding, setFinding } from '../../../state/text-panels.ts';
import { bringIntoView } from './comments.ts';
import { MOST_MATCHES, type Match, findIn, matchFrom } from './matches.ts';
import { replaceMatches } from './replace.ts';

export interface FindState {
  options: FindOptions;
  matches: readonly Match[];
  /** Which of them is the current one; -1: none. */
  current: number;
}

export const findKey = new PluginKey<FindState>('find');
const nothing: FindState = {
  options: { query: '', matchCase: false, wholeWord: false },
  matches: [],
  current: -1,
};

/** Shows the places of what is looked for while the text changes. */
export function findPlugin(onChange: () => void): Plugin<FindState> {
  return new Plugin<FindState>({
    key: findKey,
    state: {
      init: () => nothing,
      apply(tr, value) {
        const next = (tr.getMeta(findKey) as FindState | undefined) ?? value;
        return tr.docChanged && next.options.query !== '' ? searchAgain(next, tr) : next;
      },
    },
    props: { decorations: (state) => decorate(state) },
    view: () => ({
      update: (view, before) => {
        if (findKey.getState(view.state) !== findKey.getState(before)) onChange();
      },
    }),
  });
}

/** After a change the current place is the next one from where it was. */
function searchAgain({ options, matches, current }: FindState, tr: Transaction): FindState {
  const now = findIn(tr.doc, options);
  const at = matches[current];
  return { options, matches: now, current: at ? matchFrom(now, tr.mapping.map(at.from)) : -1 };
}

function decorate(state: EditorState): DecorationSet {
  const { matches, current } = findKey.getState(state) ?? nothing;
  if (matches.length === 0) return DecorationSet.empty;
  const marks = matches.map(({ from, to }, index) =>
    Decoration.inline(from, to, { class: index === current ? 'find-match find-current' : 'find-match' }),
  );
  return DecorationSet.create(state.doc, marks);
}

/** What the bar for finding sees and does. `refresh` is to be called when the plugin changed. */
export function createFind(view: EditorView, mayWrite: () => boolean): FindPort & { refresh(): void } {
  const [state, setState] = createSignal<FindState>(nothing);
  const read = (): FindState => findKey.getState(view.state) ?? nothing;
  const tell = (next: FindState) =>
    view.dispatch(view.state.tr.setMeta(findKey, next).setMeta('addToHistory', false));
  const goTo = (current: number) => {
    const { options, matches } = read();
    tell({ options, matches, current });
    const match = matches[current];
    if (match) bringIntoView(view, match.from);
  };
  return {
    refresh: () => setState(read()),
    options: () => state().options,
    found: () => {
      const count = state().matches.length;
      return { count, isCut: count === MOST_MATCHES, current: state().current + 1 };
    },
    search(options) {
      const matches = findIn(view.state.doc, options);
      tell({ options, matches, current: -1 });
      if (matches.length > 0) goTo(matchFrom(matches, view.state.selection.from));
    },
    move(by) {
      const { matches, current } = read();
      if (matches.length > 0) goTo((current + by + matches.length) % matches.length);
    },
    replace(text) {
      const match = read().matches[read().current];
      if (match === undefined || !mayWrite()) return;
      view.dispatch(replaceMatches(view.state, [match], text));
      const next = matchFrom(read().matches, match.from + text.length);
      if (next >= 0) goTo(next);
    },
    replaceAll(text) {
      // Also those that are too many to be shown.
      const matches = findIn(view.state.doc, read().options, Infinity);
      if (matches.length === 0 || !mayWrite()) return 0;
      stopCapturing(view.state);
      view.dispatch(replaceMatches(view.state, matches, text));
      stopCapturing(view.state);
      return matches.length;
    },
    end() {
      const match = read().matches[read().current];
      const { tr } = view.state;
      if (match) tr.setSelection(TextSelection.create(tr.doc, match.from, match.to));
      view.dispatch(tr.setMeta(findKey, { ...nothing, options: read().options, matches: [] }));
      setFinding(false);
      view.focus();
    },
  };
}

/** Opens the bar, with what is selected as what is looked for. */
export function openFind(view: EditorView, find: FindPort): void {
  const { from, to } = view.state.selection;
  const selected = view.state.doc.textBetween(from, to, '\n');
  const query = selected !== '' && selected.length <= 200 && !selected.includes('\n') ? selected : undefined;
  if (finding()) document.querySelector<HTMLInputElement>('.find-bar input')?.select();
  setFinding(true);
  find.search({ ...find.options(), query: query ?? find.options().query });
}

/** So that what comes next is a step of its own for undo. */
function stopCapturing(state: EditorState): void {
  yUndoPluginKey.getState(state)?.undoManager.stopCapturing();
}
