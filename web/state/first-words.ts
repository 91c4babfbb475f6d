import { storageName } from '../client/spaces.ts';
import { t } from '../i18n/translate.ts';
import { isCoarse } from './pointer.ts';
import { readStored, writeStored } from './stored.ts';

const storedKey = storageName('islet:first-words');

/** The editable element that is in the HTML before any script has run. */
function placeholder(): HTMLElement | null {
  return document.getElementById('first-words');
}

/** Removes it where the first page is not a document, and lets it be seen on those that are opened later. */
export function dropFirstWords(): void {
  placeholder()?.remove();
  delete document.documentElement.dataset['page'];
}

/**
 * Puts it there again, with the focus: what is typed until the next document has its editor would be keys of the page. Not on a
 * touch screen, whose keyboard is not to jump up by itself.
 */
export function catchWords(): void {
  if (isCoarse()) return;
  const there = placeholder();
  if (there) return there.focus({ preventScroll: true });
  const element = document.createElement('div');
  element.id = 'first-words';
  element.contentEditable = 'plaintext-only';
  element.role = 'textbox';
  element.ariaMultiLine = 'true';
  element.ariaLabel = t('document.label');
  element.spellcheck = false;
  document.getElementById('app')?.after(element);
  element.focus({ preventScroll: true });
}

/** Does so already while a document is made, which opens when that has its path. */
export async function catchingWords(make: () => Promise<string>): Promise<string> {
  catchWords();
  try {
    return await make();
  } catch (error) {
    takeWords();
    throw error;
  }
}

/** Removes it with a document that is left before its editor was there. Gives the words, which are that document's. */
export function takeWords(): string {
  const element = placeholder();
  const typed = readWords(element);
  element?.remove();
  // Its end is not told of an element that is gone.
  composing = false;
  return typed;
}

function readWords(element: HTMLElement | null): string {
  return (element?.innerText ?? '').replace(/\n$/, '');
}

/**
 * Hands over what was typed before the editor was there, once. `adopt` runs in the same task as the
 * removal, so no key falls between the two; a running input-method composition is waited for.
 */
export async function adoptFirstWords(adopt: (text: string, hadFocus: boolean) => void): Promise<void> {
  const element = placeholder();
  if (element) await compositionEnd(element);
  if (element?.isConnected === false) return;
  const typed = readWords(element);
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
