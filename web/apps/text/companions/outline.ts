import { TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { createSignal } from 'solid-js';
import { isCoarse } from '../../../state/pointer.ts';
import type { OutlineEntry, OutlinePort, TextCount } from '../../../state/text-panels.ts';
import { scrollBehavior } from './comments.ts';
import { countText, headingAt, readHeadings, textOf } from './text-count.ts';

/** A document that is written in is read again after this pause, in milliseconds. */
const PAUSE = 150;

/** Headings and size of the text, read only while somebody looks. `refresh` is to be called when text or selection changed. */
export function createOutline(view: EditorView): OutlinePort & { refresh(): void; close(): void } {
  const [headings, setHeadings] = createSignal<readonly OutlineEntry[]>([]);
  const [current, setCurrent] = createSignal(-1);
  const [count, setCount] = createSignal<TextCount>(countText(''));
  const [selected, setSelected] = createSignal<TextCount>();
  let watchers = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let counted: unknown;
  const read = () => {
    timer = undefined;
    if (view.isDestroyed) return;
    const { doc, selection } = view.state;
    if (counted !== doc) {
      counted = doc;
      setHeadings(readHeadings(doc));
      setCount(countText(textOf(doc)));
    }
    setSelected(selection.empty ? undefined : countText(textOf(doc, selection.from, selection.to)));
    setCurrent(headingAt(headings(), placeOf(view)));
  };
  const refresh = () => {
    if (watchers > 0) timer ??= setTimeout(read, PAUSE);
  };
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
    removeEventListener('scroll', refresh, true);
  };
  return {
    ...{ headings, current, count, selected, refresh },
    watch() {
      watchers += 1;
      if (watchers === 1) addEventListener('scroll', refresh, { capture: true, passive: true });
      read();
      return () => {
        watchers -= 1;
        if (watchers === 0) stop();
      };
    },
    jump({ pos }) {
      if (pos >= view.state.doc.content.size) return;
      view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(pos + 1))));
      const heading = view.nodeDOM(pos);
      if (heading instanceof Element) heading.scrollIntoView({ block: 'start', behavior: scrollBehavior() });
      // On a phone the keyboard would cover what one wanted to see.
      if (!isCoarse()) view.focus();
    },
    close: stop,
  };
}

/** Where one is: at the caret while one writes, else at what stands at the top of the window. */
function placeOf(view: EditorView): number {
  if (view.hasFocus()) return view.state.selection.head;
  const { left, top } = view.dom.getBoundingClientRect();
  const at = view.posAtCoords({ left: left + 24, top: Math.max(top + 4, innerHeight * 0.2) });
  return at?.pos ?? view.state.selection.head;
}
