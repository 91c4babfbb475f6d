import { storageName } from '../client/spaces.ts';
import { readStored, writeStored } from '../state/stored.ts';

const storedKey = storageName('islet:first-words');

/** The editable element that is in the HTML before any script has run. */
function placeholder(): HTMLElement | null {
  return document.getElementById('first-words');
}

/** Removes it on pages that are not a document. */
export function dropFirstWords(): void {
  placeholder()?.remove();
}

/**
 * Hands over what was typed before the editor was there, once. `adopt` runs in the same task as the
 * removal, so no key falls between the two; a running input-method composition is waited for.
 */
export async function adoptFirstWords(adopt: (text: string, hadFocus: boolean) => void): Promise<void> {
  const element = placeholder();
  if (element) await compositionEnd(element);
  const typed = (element?.innerText ?? '').replace(/\n$/, '');
  const hadFocus = element !== null && document.activeElement === element;
  adopt((readStored(storedKey) ?? '') + typed, hadFocus);
  element?.remove();
  if (readStored(storedKey) !== null) writeStored(storedKey, null);
}

/** Whether the element is being composed into is only told by events, so they are watched from the start. */
let composing = false;
document.addEventListener('compositionstart', () => (composing = true), true);
document.addEventListener('compositionend', () => (composing = false), true);

function compositionEnd(element: HTMLElement): Promise<void> {
  if (!composing) return Promise.resolve();
  return new Promise((resolve) =>
    element.addEventListener('compositionend', () => resolve(), { once: true }),
  );
}
