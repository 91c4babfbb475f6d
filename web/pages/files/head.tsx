import FolderPlus from 'lucide-solid/icons/folder-plus';
import FolderUp from 'lucide-solid/icons/folder-up';
import FolderLock from 'lucide-solid/icons/folder-lock';
import Info from 'lucide-solid/icons/info';
import Plus from 'lucide-solid/icons/plus';
import Trash from 'lucide-solid/icons/trash';
import Upload from 'lucide-solid/icons/upload';
import { createEffect, createSignal, For, Show } from 'solid-js';
import { t } from '../../i18n/files/translate.ts';
import { carriesEntries } from '../../state/dragged.ts';
import { addFiles, inputFiles } from '../../state/file-transfers.ts';
import { FileInput } from '../../ui/file-picker.tsx';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';
import { dropEntries } from './dragging.ts';
import type { EntryActions } from './entry-actions.ts';
import type { Look } from './look.ts';
import { attempt } from './operations.ts';
import { type Place, placePath, trashPath } from './place.ts';
import { shownTitle } from './words.ts';

interface HeadProps {
  place: Place;
  look: Look;
  actions: EntryActions;
  /** What is listed now. */
  shown: string[];
}

/** The way here from the top, the name of the folder, and what can be added. */
export function Head(props: HeadProps) {
  const title = () => {
    if (props.place.inTrash()) return t('files.trashTitle');
    const folder = props.place.folder();
    return folder ? shownTitle(folder) : t('files.title');
  };
  createEffect(() => {
    document.title = `${title()} · Islet`;
  });
  return (
    <div class="files-head">
      <div class="files-where">
        <Crumbs place={props.place} />
        <h1>
          <bdi>{title()}</bdi>
        </h1>
      </div>
      <div class="files-tools">
        <a
          class="icon-button"
          href={props.place.inTrash() ? placePath('') : trashPath}
          aria-label={t('files.trashTitle')}
          title={t('files.trashTitle')}
          aria-current={props.place.inTrash() ? 'page' : undefined}
        >
          <Trash size={18} />
        </a>
        <button
          type="button"
          class="icon-button details-button"
          aria-label={t('files.details')}
          title={t('files.details')}
          aria-pressed={props.look.details()}
          onClick={() => props.look.setDetails(!props.look.details())}
        >
          <Info size={18} />
        </button>
        <Show when={props.place.inTrash() && props.shown.length > 0}>
          <button
            type="button"
            class="button"
            onClick={() => props.actions.ask({ kind: 'purge', ids: [...props.shown] })}
          >
            {t('files.purgeAll')}
          </button>
        </Show>
        <Show when={!props.place.inTrash()}>
          <AddButton place={props.place} actions={props.actions} />
        </Show>
      </div>
    </div>
  );
}

/** The folders above, with `here` this one too; what is dragged can be dropped on them. */
export function Crumbs(props: { place: Place; top?: string; here?: boolean }) {
  const inside = () => props.place.folderId() !== '' || props.place.inTrash();
  return (
    <Show when={inside()}>
      <nav class="crumbs" aria-label={t('files.path')}>
        <ol role="list">
          <Crumb id="" title={props.top ?? t('files.title')} base={props.place.base} />
          <For each={props.place.path()}>
            {(folder) => <Crumb id={folder.id} title={shownTitle(folder)} base={props.place.base} />}
          </For>
          <Show when={props.here && props.place.folder()}>
            {(folder) => (
              <li aria-current="page">
                <bdi>{shownTitle(folder())}</bdi>
              </li>
            )}
          </Show>
        </ol>
      </nav>
    </Show>
  );
}

function Crumb(props: { id: string; title: string; base: Place['base'] }) {
  const [over, setOver] = createSignal(false);
  return (
    <li
      data-over={over() ? '' : undefined}
      onDragOver={(event) => {
        if (!carriesEntries(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        dropEntries(event, props.id);
      }}
    >
      <a href={placePath(props.id, props.base)} draggable={false}>
        <bdi>{props.title}</bdi>
      </a>
    </li>
  );
}

/** Files and folders of the system, and new folders. */
export function AddButton(props: { place: Place; actions: EntryActions }) {
  let files: HTMLInputElement | undefined;
  let folder: HTMLInputElement | undefined;
  const picked = (list: File[]) => void attempt(() => addFiles(inputFiles(list), props.place.folderId()));
  const items = (): MenuItem[] => [
    { label: t('files.addFiles'), icon: Upload, run: () => files?.click() },
    { label: t('files.addFolder'), icon: FolderUp, run: () => folder?.click() },
    {
      label: t('files.newFolder'),
      icon: FolderPlus,
      run: () => props.actions.ask({ kind: 'folder', sealed: false }),
    },
    {
      label: t('files.newSealed'),
      icon: FolderLock,
      run: () => props.actions.ask({ kind: 'folder', sealed: true }),
    },
  ];
  return (
    <>
      <MenuButton class="button primary" label={t('files.add')} items={items()}>
        <Plus size={16} />
        {t('files.add')}
      </MenuButton>
      <FileInput ref={(element) => (files = element)} multiple testId="add-files" onPick={picked} />
      <FileInput ref={(element) => (folder = element)} folder testId="add-folder" onPick={picked} />
    </>
  );
}
