import SearchIcon from 'lucide-solid/icons/search';
import { createEffect, For, onCleanup, onMount, Show } from 'solid-js';
import { Portal } from 'solid-js/web';
import { t } from '../i18n/search/translate.ts';
import { closePalette, openPalette, paletteOpen, providePalette } from '../state/palette.ts';
import { startSearch } from '../state/search.ts';
import { keyNames } from './key-names.ts';
import './palette.css';
import { Finder } from './palette-finder.tsx';

/** Later than the first words of a page, which need the machine more. */
const beginAfter = 3000;

const makeWorker = () => new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });

/** Search and commands over every page, and the buttons that open them. */
export default function Palette(props: { onHelp: () => void }) {
  let dialog: HTMLDialogElement | undefined;
  onCleanup(providePalette());
  onMount(() => setTimeout(() => startSearch(makeWorker), beginAfter));
  createEffect(() => {
    if (paletteOpen() && !dialog?.open) {
      startSearch(makeWorker);
      dialog?.showModal();
    }
    if (!paletteOpen() && dialog?.open) dialog.close();
  });
  return (
    <>
      <For each={[...document.querySelectorAll<HTMLElement>('.search-slot')]}>
        {(slot) => (
          <Portal mount={slot}>
            <button
              type="button"
              class="icon-button"
              aria-label={t('search.open')}
              aria-keyshortcuts="Control+K Meta+K"
              title={`${t('search.open')} (${keyNames.search.join(' ')})`}
              onClick={() => openPalette()}
            >
              <SearchIcon size={18} />
              <span class="search-word">{t('search.open')}</span>
            </button>
          </Portal>
        )}
      </For>
      <dialog
        ref={dialog}
        class="palette"
        aria-label={t('search.title')}
        onCancel={(event) => {
          // At once: what is told of the end comes after the next key.
          event.preventDefault();
          closePalette();
        }}
        onClose={() => closePalette()}
        onClick={(event) => event.target === dialog && dialog.close()}
      >
        <Show when={paletteOpen()}>
          <Finder onHelp={() => props.onHelp()} onClose={() => closePalette()} />
        </Show>
      </dialog>
    </>
  );
}
