import type * as Y from 'yjs';

/**
 * Shows the words of a rich-text document that no editor may be bound to: it would drop, or count wrong, what it does
 * not know. Returns the end of showing.
 */
export function mountPlain(element: HTMLElement, text: Y.Text, notice: string): () => void {
  const box = document.createElement('div');
  const message = document.createElement('p');
  const words = document.createElement('div');
  box.className = 'rich-text rich-plain';
  message.className = 'notice';
  message.setAttribute('role', 'status');
  message.textContent = notice;
  box.append(message, words);
  const render = (): void => {
    words.textContent = text.toString();
  };
  render();
  text.observe(render);
  element.append(box);
  return () => {
    text.unobserve(render);
    box.remove();
  };
}
