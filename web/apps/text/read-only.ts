import * as Y from 'yjs';

/** Blocks that stand on lines of their own in the plain view. */
const BLOCK_INSIDE = /^(list_item|task_item|table_row|blockquote|bullet_list|ordered_list|task_list|table)$/;

/**
 * Shows the text of a document that a later version made. No editor is bound to it: y-prosemirror deletes what its
 * schema does not know, for everyone. Returns the end of showing.
 */
export function mountReadOnly(element: HTMLElement, fragment: Y.XmlFragment, notice: string): () => void {
  const box = document.createElement('div');
  const message = document.createElement('p');
  const text = document.createElement('div');
  box.className = 'text-editor text-newer';
  message.className = 'notice';
  message.setAttribute('role', 'status');
  message.textContent = notice;
  box.append(message, text);
  const render = (): void => {
    text.replaceChildren(
      ...readBlocks(fragment).map((line) => {
        const paragraph = document.createElement('p');
        paragraph.textContent = line;
        return paragraph;
      }),
    );
  };
  render();
  fragment.observeDeep(render);
  element.append(box);
  return () => {
    fragment.unobserveDeep(render);
    box.remove();
  };
}

/** The words of a document, block by block, whatever its nodes are called and however deep they lie. */
export function readBlocks(fragment: Y.XmlFragment): string[] {
  const lines: string[] = [];
  const waiting: unknown[] = fragment.toArray().reverse();
  while (waiting.length > 0) {
    const child = waiting.pop();
    if (!(child instanceof Y.XmlElement)) continue;
    if (!BLOCK_INSIDE.test(child.nodeName)) lines.push(wordsOf(child));
    else for (const inside of child.toArray().reverse()) waiting.push(inside);
  }
  return lines;
}

function wordsOf(element: Y.XmlElement): string {
  let text = '';
  const waiting: unknown[] = [element];
  while (waiting.length > 0) {
    const child = waiting.pop();
    if (child instanceof Y.XmlText) {
      for (const part of child.toDelta() as { insert?: unknown }[])
        if (typeof part.insert === 'string') text += part.insert;
    } else if (child instanceof Y.XmlElement) {
      if (text !== '') text += ' ';
      text += String(child.getAttribute('source') ?? '');
      for (const inside of child.toArray().reverse()) waiting.push(inside);
    }
  }
  return text;
}
