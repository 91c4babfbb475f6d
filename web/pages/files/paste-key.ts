import { onCleanup } from 'solid-js';
import { cutIds, pasteInto } from './labelling.ts';
import type { Place } from './place.ts';

/** Ctrl or Cmd with V anywhere on the page moves what was cut into the folder that is shown; Escape forgets it. */
export function hearPaste(place: Place): void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'v' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const field =
      event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]');
    if (field || cutIds().size === 0 || place.inTrash() || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    pasteInto(place.folderId());
  };
  document.addEventListener('keydown', onKeyDown);
  onCleanup(() => document.removeEventListener('keydown', onKeyDown));
}
