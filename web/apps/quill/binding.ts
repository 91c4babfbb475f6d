import type Quill from 'quill/core.js';
import type { Awareness } from 'y-protocols/awareness';
import { QuillBinding } from 'y-quill';
import * as Y from 'yjs';
import type { Formats } from './formats.ts';
import { type DeltaOp, isAligned, opsToCharacters, readOps, textOps } from './model.ts';
import { SharedUndo } from './undo.ts';

export interface BindingOptions {
  text: Y.Text;
  awareness: Awareness;
  formats: Formats;
  /**
   * Told when the editor can no longer stand for the text, character by character. The binding has ended by then: another
   * keystroke would damage what others wrote.
   */
  onApart: () => void;
}

type ChangeListener = (...told: unknown[]) => void;

/** Holds an editor and a shared text together. Returns the end. @throws Error at a text that the editor cannot stand for */
export function bindQuill(quill: Quill, options: BindingOptions): () => void {
  const { text, awareness, formats, onApart } = options;
  let apart = false;
  let ended = false;
  const part = (): void => {
    if (apart) return;
    apart = true;
    // The binding's own observers are still being told of this change.
    queueMicrotask(() => (ended ? undefined : onApart()));
  };
  const apply = (delta: unknown, put: (ops: DeltaOp[]) => unknown): void => {
    if (apart) return;
    const ops = readOps(delta);
    if (ops === undefined || !formats.admit(ops)) return part();
    try {
      put(ops);
    } catch {
      // Whatever it was, the editor did not take it in: it is shown plainly instead.
      part();
    }
  };
  const check = (): void => {
    if (!apart && !isInStep(quill, text)) part();
  };
  const told = new Map<ChangeListener, ChangeListener>();
  /** The part of Quill that y-quill speaks to. What comes from others is looked at before Quill hears of it. */
  const face = {
    getModule: (name: string): unknown => quill.getModule(name),
    getSelection: () => quill.getSelection(),
    setContents: (delta: unknown, source: unknown) =>
      apply(delta, (ops) => quill.setContents(ops as never, source as never)),
    updateContents: (delta: unknown, source: unknown) =>
      apply(delta, (ops) => quill.updateContents(ops as never, source as never)),
    on(event: 'editor-change', listener: ChangeListener) {
      const guarded: ChangeListener = (...words) => (apart ? undefined : listener(...words));
      told.set(listener, guarded);
      quill.on(event, guarded);
    },
    off: (event: 'editor-change', listener: ChangeListener) =>
      quill.off(event, told.get(listener) ?? listener),
  };
  const binding = new QuillBinding(text, face, awareness);
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([binding]) });
  const history = quill.getModule('history');
  if (history instanceof SharedUndo) history.use(undo);
  quill.on('text-change', check);
  const end = (): void => {
    apart = true;
    ended = true;
    quill.off('text-change', check);
    undo.destroy();
    binding.destroy();
  };
  check();
  if (apart) {
    end();
    throw new Error('this text cannot be held by the editor');
  }
  return end;
}

/** Whether editor and text have the same characters. Lengths say it, unless the editor ends with a line end of its own. */
function isInStep(quill: Quill, text: Y.Text): boolean {
  const more = quill.getLength() - text.length;
  if (more === 0) return true;
  if (more !== 1) return false;
  if (quill.root.querySelector(':scope > .kept-embed') === null) return true;
  const shown = readOps(quill.getContents().ops);
  const ops = textOps(text);
  return shown !== undefined && ops !== undefined && isAligned(opsToCharacters(shown), opsToCharacters(ops));
}
