import { Plugin } from 'prosemirror-state';
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view';
import { createEffect, createRoot } from 'solid-js';
import {
  focusMode,
  opensForReading,
  reading,
  setFocusMode,
  setReadingMode,
} from '../../../state/text-panels.ts';
import { isEmpty } from '../content-sync.ts';

/** Reading instead of editing on touch screens, and the focus mode in which all but the line one writes fades. */
export function modes(mayWrite: () => boolean): Plugin {
  return new Plugin({
    props: {
      editable: () => !reading(),
      attributes: (): Record<string, string> => (reading() ? { 'aria-readonly': 'true', tabindex: '0' } : {}),
      decorations({ doc, selection }) {
        if (!focusMode()) return null;
        const { $head } = selection;
        if ($head.depth === 0) return null;
        return DecorationSet.create(doc, [
          Decoration.node($head.before(1), $head.after(1), { class: 'focus-here' }),
        ]);
      },
      handleKeyDown(_view, event) {
        if (event.key !== 'Escape' || !focusMode()) return false;
        setFocusMode(false);
        return true;
      },
    },
    view(view) {
      const isBegun = view.hasFocus() || isEmpty(view.state.doc);
      setReadingMode(opensForReading() && mayWrite() && !isBegun, false);
      const stop = followModes(view, mayWrite);
      return {
        update: () => letTick(view, mayWrite()),
        destroy: () => {
          stop();
          setReadingMode(false, false);
        },
      };
    },
  });
}

function followModes(view: EditorView, mayWrite: () => boolean): () => void {
  return createRoot((dispose) => {
    createEffect(() => {
      focusMode();
      reading();
      // The plugin is part of the editor only after this; and an editor that is gone is left alone.
      queueMicrotask(() => {
        if (view.isDestroyed) return;
        view.setProps({});
        letTick(view, mayWrite());
      });
    });
    return dispose;
  });
}

/** Who reads a list on a phone ticks it off there, too. */
function letTick(view: EditorView, may: boolean): void {
  for (const box of view.dom.querySelectorAll<HTMLInputElement>('.task-box input')) {
    if (box.disabled === may) box.disabled = !may;
  }
}
