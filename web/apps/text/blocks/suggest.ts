import { type EditorState, Plugin, TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { isInCode } from '../commands.ts';
import { type ListPopup, type PopupLine, createListPopup } from './list-popup.ts';

/** A thing that can be put where one types. */
export interface Suggestion extends PopupLine {
  /** Called when the characters that asked for it are gone. */
  apply(view: EditorView): void;
}

export interface SuggestOptions {
  /** Matches the words before the caret; the first group is what is taken away, the second what is looked for. */
  trigger: RegExp;
  /** Name of the list for screen readers, and the id of its element. */
  label: string;
  id: string;
  /** Best first; empty hides the list. */
  find(query: string): readonly Suggestion[] | Promise<readonly Suggestion[]>;
  onError(error: unknown): void;
}

interface Match {
  from: number;
  to: number;
  query: string;
}

/** Most characters of a line that are looked at. */
const LONGEST = 40;

/** What the characters before the caret ask for. */
export function matchTrigger(state: EditorState, trigger: RegExp): Match | undefined {
  const { selection } = state;
  if (!(selection instanceof TextSelection) || !selection.empty || isInCode(state)) return undefined;
  const { $from } = selection;
  const before = $from.parent.textBetween(
    Math.max(0, $from.parentOffset - LONGEST),
    $from.parentOffset,
    '',
    '\ufffc',
  );
  const found = trigger.exec(before);
  if (found === null) return undefined;
  return { from: $from.pos - (found[1] ?? '').length, to: $from.pos, query: found[2] ?? '' };
}

/** Offers things while one types: a list at the caret, with arrows, Enter or Tab, Escape, and a tap. */
export function suggest(options: SuggestOptions): Plugin {
  let session: Session | undefined;
  return new Plugin({
    view(view) {
      const own = new Session(view, options);
      session = own;
      return {
        update: (_view, before) => own.update(before),
        destroy() {
          own.close();
          session = undefined;
        },
      };
    },
    props: {
      handleKeyDown: (_view, event) => session?.onKey(event) ?? false,
      handleDOMEvents: {
        blur: () => {
          session?.close();
          return false;
        },
      },
    },
  });
}

/** One list in one view. */
class Session {
  readonly #view: EditorView;
  readonly #options: SuggestOptions;
  readonly #popup: ListPopup;
  #match: Match | undefined;
  #found: readonly Suggestion[] = [];
  #at = 0;
  /** Where Escape was pressed: nothing is offered there again. */
  #dismissed: number | undefined;

  constructor(view: EditorView, options: SuggestOptions) {
    this.#view = view;
    this.#options = options;
    this.#popup = createListPopup({
      field: view.dom,
      id: options.id,
      label: options.label,
      onPick: (index) => this.#pick(index),
    });
  }

  update(before: EditorState): void {
    const { state } = this.#view;
    if (state.doc === before.doc && state.selection.eq(before.selection)) return;
    const match = this.#view.editable ? matchTrigger(state, this.#options.trigger) : undefined;
    if (match === undefined) this.#dismissed = undefined;
    // A caret that only comes by asks for nothing.
    const isTyped = state.doc !== before.doc && this.#view.hasFocus();
    const isWanted = this.#match !== undefined || isTyped;
    if (match === undefined || !isWanted || match.from === this.#dismissed) return this.close();
    this.#match = match;
    this.#look(match).catch(this.#options.onError);
  }

  onKey(event: KeyboardEvent): boolean {
    if (!this.#popup.isOpen || event.isComposing) return false;
    const count = this.#found.length;
    if (event.key === 'ArrowDown') this.#choose((this.#at + 1) % count);
    else if (event.key === 'ArrowUp') this.#choose((this.#at - 1 + count) % count);
    else if (event.key === 'Escape') {
      this.#dismissed = this.#match?.from;
      this.close();
    } else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) this.#pick(this.#at);
    else return false;
    event.preventDefault();
    return true;
  }

  close(): void {
    this.#match = undefined;
    this.#popup.hide();
  }

  async #look(match: Match): Promise<void> {
    const looked = this.#options.find(match.query);
    const found = looked instanceof Promise ? await looked : looked;
    // Something else was typed meanwhile, or the list was closed.
    if (this.#match !== match || this.#view.isDestroyed) return;
    if (found.length === 0) return this.#popup.hide();
    if (found !== this.#found) this.#at = 0;
    this.#found = found;
    this.#choose(Math.min(this.#at, found.length - 1));
  }

  #choose(at: number): void {
    if (this.#match === undefined) return;
    this.#at = at;
    this.#popup.show(this.#found, at, this.#view.coordsAtPos(this.#match.from));
  }

  #pick(index: number): void {
    const [match, chosen] = [this.#match, this.#found[index]];
    this.close();
    if (match === undefined || chosen === undefined) return;
    this.#view.dispatch(this.#view.state.tr.delete(match.from, match.to));
    chosen.apply(this.#view);
    this.#view.focus();
  }
}
