import type * as Y from 'yjs';

/** A text field of the page, or what stands for one. */
export type TextField = Pick<
  HTMLTextAreaElement,
  | 'value'
  | 'selectionStart'
  | 'selectionEnd'
  | 'setSelectionRange'
  | 'addEventListener'
  | 'removeEventListener'
>;

/** Sets a shared text to `after`, by the one piece that differs, so that what others write elsewhere in it stays. */
export function writeText(text: Y.Text, after: string): void {
  const before = text.toString();
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  // Half a character is no text.
  while (start > 0 && isHigh(before, start - 1)) start -= 1;
  while (end > 0 && isLow(before, before.length - end)) end -= 1;
  const removed = before.length - start - end;
  if (removed > 0) text.delete(start, removed);
  const added = after.slice(start, after.length - end);
  if (added !== '') text.insert(start, added);
}

const isHigh = (text: string, at: number): boolean => /[\ud800-\udbff]/.test(text[at] ?? '');
const isLow = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text[at] ?? '');

/** Keeps a text field and a shared text the same; the caret stays where it is in the words. Returns the end. */
export function bindText(field: TextField, text: Y.Text, origin: unknown): () => void {
  const onInput = (): void => {
    text.doc?.transact(() => writeText(text, field.value), origin);
  };
  const onText = (event: Y.YTextEvent): void => {
    const after = text.toString();
    if (after === field.value) return;
    const [start, end] = [field.selectionStart, field.selectionEnd].map((at) => moveCaret(at, event.delta));
    field.value = after;
    field.setSelectionRange(start ?? 0, end ?? 0);
  };
  field.value = text.toString();
  field.addEventListener('input', onInput);
  text.observe(onText);
  return () => {
    field.removeEventListener('input', onInput);
    text.unobserve(onText);
  };
}

function moveCaret(caret: number, delta: Y.YTextEvent['delta']): number {
  let at = 0;
  let moved = caret;
  for (const { retain = 0, insert, delete: removed = 0 } of delta) {
    at += retain;
    if (at > moved) break;
    if (typeof insert === 'string') {
      moved += insert.length;
      at += insert.length;
    }
    moved -= Math.min(removed, moved - at);
  }
  return Math.max(0, moved);
}
