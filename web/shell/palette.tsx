import SearchIcon from 'lucide-solid/icons/search';
import { createEffect, For, onMount, Show } from 'solid-js';
import { Portal } from 'solid-js/web';
import { t } from '../i18n/search/translate.ts';
import { startSearch } from '../state/search.ts';
import { keyNames } from './key-names.ts';
import './palette.css';
import { Finder } from './palette-finder.tsx';

/** Later than the first words of a page, which need the machine more. */
const beginAfter = 3000;

const makeWorker = () => new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });

interface PaletteProps {
  open: boolean;
  onOpen: () => void;
  onClose: () => void;
  onHelp: () => void;
}

/** Search and commands over every page, and the buttons that open them. */
export default function Palette(props: PaletteProps) {
  let dialog: HTMLDialogElement | undefined;
  onMount(() => setTimeout(() => startSearch(makeWorker), beginAfter));
  createEffect(() => {
    if (props.open && !dialog?.open) {
      startSearch(makeWorker);
      dialog?.showModal();
    }
    if (!props.open && dialog?.open) dialog.close();
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
              onClick={() => props.onOpen()}
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
        onClose={() => props.onClose()}
        onClick={(event) => event.target === dialog && dialog.close()}
      >
        <Show when={props.open}>
          <Finder onHelp={() => props.onHelp()} onClose={() => props.onClose()} />
        </Show>
      </dialog>
    </>
  );
}
