import { Selection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { isEmpty } from './content-sync.ts';
import { schema } from './schema.ts';

const { nodes } = schema;

/** What begins a line of a list in Markdown. */
const MARKER = /^\s*(?:[-+*]|\d{1,9}[.)])\s(?:\[[ xX]?\]\s)?/;

/**
 * Enters what was typed before the editor was there, as if it were typed now: what turns into formatting while one
 * types Markdown does so here too.
 */
export function adopt(view: EditorView, text: string): void {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  if (lines.every((line) => line === '')) return;
  // A caret nobody placed stands at the very start: what was typed belongs after what is there.
  if (!view.hasFocus() && !isEmpty(view.state.doc)) {
    view.dispatch(view.state.tr.setSelection(Selection.atEnd(view.state.doc)));
  }
  lines.forEach((line, index) => {
    if (index > 0) pressEnter(view);
    // The editor goes on with a list by itself; a line without a marker ends it.
    const goesOn = index > 0 && isInItem(view);
    if (goesOn && line !== '' && !MARKER.test(line)) pressEnter(view);
    typeText(view, goesOn ? line.replace(MARKER, '') : line);
  });
  view.dispatch(view.state.tr.scrollIntoView());
}

function typeText(view: EditorView, text: string): void {
  for (const letter of text) {
    const { from, to } = view.state.selection;
    const insert = () => view.state.tr.insertText(letter, from, to);
    if (!view.someProp('handleTextInput', (handle) => handle(view, from, to, letter, insert))) {
      view.dispatch(insert());
    }
  }
}

function pressEnter(view: EditorView): void {
  const event = new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13 });
  view.someProp('handleKeyDown', (handle) => handle(view, event));
}

function isInItem(view: EditorView): boolean {
  const { $from } = view.state.selection;
  const parent = $from.depth > 1 ? $from.node(-1).type : undefined;
  return parent === nodes.list_item || parent === nodes.task_item;
}
