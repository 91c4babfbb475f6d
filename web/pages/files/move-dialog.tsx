import ChevronRight from 'lucide-solid/icons/chevron-right';
import CornerLeftUp from 'lucide-solid/icons/corner-left-up';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { sortEntries } from '../../client/documents/find-entries.ts';
import { locale } from '../../i18n/translate.ts';
import { t } from '../../i18n/files/translate.ts';
import { type FileItem, fileItem, fileItems } from '../../state/files.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './dialogs.css';
import { KindIcon } from './entry-icon.tsx';
import { foldersBelow } from './listing.ts';
import { folderTitle, move } from './operations.ts';
import { pathOf } from './place.ts';
import { shownTitle } from './words.ts';

/** Walks the folders to where entries are to go; arrows move, Enter opens one. */
export default function MoveDialog(props: { ids: string[]; from: string; onClose: () => void }) {
  const [at, setAt] = createSignal(props.from);
  let list: HTMLUListElement | undefined;
  const inside = createMemo(() => {
    const own = new Set<string>();
    for (const id of props.ids) for (const below of foldersBelow(fileItems(), id)) own.add(below);
    return own;
  });
  const folders = createMemo(() =>
    sortEntries(
      fileItems().filter(
        ({ type, parent, trashed, id }) =>
          type === 'folder' && parent === at() && trashed === 0 && !inside().has(id),
      ),
      { by: 'name', descending: false, locale: locale() },
    ),
  );
  const go = (id: string) => {
    setAt(id);
    queueMicrotask(() => list?.querySelector('button')?.focus());
  };
  const here = () => props.ids.every((id) => fileItem(id)?.parent === at());
  const confirm = () => {
    void move(props.ids, at());
    props.onClose();
  };
  return (
    <Dialog open title={t('files.moveTitle')} closeLabel={t('files.close')} onClose={() => props.onClose()}>
      <div class="move">
        <p class="move-at" aria-live="polite">
          <bdi>{[t('files.title'), ...trail(at())].join(' / ')}</bdi>
        </p>
        <ul role="list" class="move-folders" ref={list} onKeyDown={moveByArrows}>
          <Show when={at() !== ''}>
            <li>
              <button type="button" class="move-folder" onClick={() => go(fileItem(at())?.parent ?? '')}>
                <CornerLeftUp size={18} />
                <span>{t('files.moveUp', { title: folderTitle(fileItem(at())?.parent ?? '') })}</span>
              </button>
            </li>
          </Show>
          <For each={folders()} fallback={<li class="quiet-text move-none">{t('files.moveNone')}</li>}>
            {(folder) => <MoveFolder folder={folder} onOpen={() => go(folder.id)} />}
          </For>
        </ul>
        <p class="quiet-text small move-hint">{sealingWords(props.ids, at())}</p>
        <div class="dialog-foot">
          <button type="button" class="button" onClick={() => props.onClose()}>
            {t('files.cancel')}
          </button>
          <button type="button" class="button primary" disabled={here()} onClick={confirm}>
            {t('files.moveHere')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}

function MoveFolder(props: { folder: FileItem; onOpen: () => void }) {
  return (
    <li>
      <button
        type="button"
        class="move-folder"
        aria-label={t('files.moveInto', { title: shownTitle(props.folder) })}
        onClick={() => props.onOpen()}
      >
        <KindIcon item={props.folder} size={18} />
        <bdi>{shownTitle(props.folder)}</bdi>
        <ChevronRight size={16} />
      </button>
    </li>
  );
}

/** The names of the folders down to this one, itself included. */
function trail(id: string): string[] {
  const folder = id === '' ? undefined : fileItem(id);
  return folder ? [...pathOf(folder), folder].map(shownTitle) : [];
}

/** What changes for the relay when entries cross the edge of a sealed folder. */
function sealingWords(ids: string[], to: string): string {
  const into = isSealedAt(to);
  const from = ids.some((id) => isSealedAt(fileItem(id)?.parent ?? ''));
  if (into && !from) return t('files.moveSeal');
  return from && !into ? t('files.moveUnseal') : '';
}

function isSealedAt(id: string): boolean {
  const folder = id === '' ? undefined : fileItem(id);
  return folder !== undefined && [...pathOf(folder), folder].some(({ vault }) => vault !== undefined);
}

function moveByArrows(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  event.preventDefault();
}
