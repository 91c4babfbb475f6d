import { A } from '@solidjs/router';
import FolderOpen from 'lucide-solid/icons/folder-open';
import Images from 'lucide-solid/icons/images';
import SearchX from 'lucide-solid/icons/search-x';
import Trash from 'lucide-solid/icons/trash';
import Upload from 'lucide-solid/icons/upload';
import { createMemo, createSignal, Match, Show, Suspense, Switch } from 'solid-js';
import { t } from '../../i18n/files/translate.ts';
import { type FileItem, fileItem, filesReady } from '../../state/files.ts';
import { addFiles, collectFiles } from '../../state/file-transfers.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Arrivals } from './arrivals.tsx';
import type { Choosing } from './choosing.ts';
import { DetailsRail } from './details-rail.tsx';
import { folderDroppedOn } from './dragging.ts';
import { Entries } from './entries.tsx';
import { Dialogs, type Parts } from './dialogs.tsx';
import { createActions } from './entry-actions.ts';
import { Filters } from './filters.tsx';
import './files.css';
import { Head } from './head.tsx';
import { createListing } from './listing.ts';
import { createLook } from './look.ts';
import { attempt, folderTitle } from './operations.ts';
import { createPlace, type Place, placePath } from './place.ts';
import { hearPaste } from './paste-key.ts';
import { SelectionBar } from './selection-bar.tsx';
import { Tools } from './tools.tsx';
import { Transfers } from './transfers.tsx';

/** Nothing can be dropped with a finger. */
const mouse = matchMedia('(hover: hover)');

/** The browser of files: folders, files and documents in one tree. */
export default function FilesPage() {
  const place = createPlace();
  const look = createLook();
  const listing = createListing(place, look);
  const actions = createActions(place, look);
  const parts: Parts = { place, look, listing, actions };
  const [choosing, setChoosing] = createSignal<Choosing>();
  const drop = createDrop(place);
  hearPaste(place);
  const detailed = createMemo((): FileItem[] => {
    const ids = choosing()?.ids() ?? [];
    const folder = place.folder();
    return ids.length > 0 ? itemsOf(ids) : folder ? [folder] : [];
  });
  return (
    <div class="files" data-over={drop.over() ? '' : undefined} {...drop.handlers}>
      <div class="files-main">
        <Head {...parts} shown={listing.ids()} />
        <Tools look={look} listing={listing} inTrash={place.inTrash()} />
        <Show when={!place.inTrash()}>
          <Filters look={look} />
        </Show>
        <Transfers />
        <Show when={filesReady()} fallback={<Skeleton />}>
          <Content {...parts} onChoosing={setChoosing} />
        </Show>
      </div>
      <DetailsRail items={detailed()} look={look} />
      <Show when={choosing()}>
        {(now) => <SelectionBar choosing={now()} actions={actions} inTrash={place.inTrash()} />}
      </Show>
      <div class="files-drop" aria-hidden="true">
        <Upload size={28} />
        {t('files.drop', { folder: folderTitle(place.folderId()) })}
      </div>
      <Arrivals place={place} choosing={choosing()} />
      <Suspense>
        <Dialogs {...parts} onCreated={(id) => choosing()?.one(id)} />
      </Suspense>
    </div>
  );
}

function itemsOf(ids: string[]): FileItem[] {
  return ids.map((id) => fileItem(id)).filter((item) => item !== undefined);
}

function Content(props: Parts & { onChoosing: (choosing: Choosing) => void }) {
  const gone = () => props.place.folderId() !== '' && props.place.folder() === undefined;
  return (
    <Switch
      fallback={
        <Entries
          ids={props.listing.ids()}
          shape={props.look.view()}
          showFolder={props.listing.searching() || props.look.view() === 'gallery'}
          label={t('files.title')}
          actions={props.actions}
          onChoosing={(choosing) => props.onChoosing(choosing)}
        />
      }
    >
      <Match when={gone()}>
        <EmptyState icon={FolderOpen} text={t('files.gone')}>
          <A class="button primary" href={placePath('')}>
            {t('files.back')}
          </A>
        </EmptyState>
      </Match>
      <Match when={props.listing.ids().length === 0}>
        <Nothing {...props} />
      </Match>
    </Switch>
  );
}

/** One sentence and one thing to do, for each way in which a list can be empty. */
function Nothing(props: Parts) {
  const showAll = () => {
    props.look.setWords('');
    props.look.setKind('all');
    props.look.setFilter({ kind: 'none' });
  };
  const narrowed = () =>
    props.look.filter().kind !== 'none' || (props.listing.count() > 0 && props.look.kind() !== 'all');
  const back = () => (
    <A class="button primary" href={placePath('')}>
      {t('files.back')}
    </A>
  );
  return (
    <Switch
      fallback={
        <EmptyState
          icon={FolderOpen}
          text={t(
            !mouse.matches
              ? 'files.emptyTouch'
              : props.place.folderId() === ''
                ? 'files.emptyRoot'
                : 'files.empty',
          )}
        >
          <AddFilesButton />
        </EmptyState>
      }
    >
      <Match when={props.place.inTrash() && props.look.words() === ''}>
        <EmptyState icon={Trash} text={t('files.emptyTrash')}>
          {back()}
        </EmptyState>
      </Match>
      <Match when={props.look.words() !== '' || narrowed()}>
        <EmptyState
          icon={SearchX}
          text={t(props.look.words() === '' ? 'files.emptyFilter' : 'files.emptySearch')}
        >
          <button type="button" class="button primary" onClick={showAll}>
            {t('files.showAll')}
          </button>
        </EmptyState>
      </Match>
      <Match when={props.look.view() === 'gallery'}>
        <EmptyState icon={Images} text={t('files.emptyGallery')}>
          <button type="button" class="button primary" onClick={() => props.look.setView('list')}>
            {t('files.showAll')}
          </button>
        </EmptyState>
      </Match>
    </Switch>
  );
}

function AddFilesButton() {
  const click = () => document.querySelector<HTMLInputElement>('[data-testid=add-files]')?.click();
  return (
    <button type="button" class="button primary" onClick={click}>
      {t('files.addFiles')}
    </button>
  );
}

/** The final shape of a list; it is only seen when opening takes longer than a moment. */
function Skeleton() {
  return (
    <div class="files-skeleton" aria-hidden="true">
      {Array.from({ length: 8 }, () => (
        <span />
      ))}
    </div>
  );
}

/** Files and whole folders of the system, dropped anywhere on the page or on a folder of the list. */
function createDrop(place: Place) {
  const [depth, setDepth] = createSignal(0);
  const carriesFiles = (event: DragEvent) =>
    !place.inTrash() && (event.dataTransfer?.types.includes('Files') ?? false);
  return {
    over: () => depth() > 0,
    handlers: {
      onDragEnter: (event: DragEvent) => carriesFiles(event) && setDepth(depth() + 1),
      onDragLeave: (event: DragEvent) => carriesFiles(event) && setDepth(Math.max(0, depth() - 1)),
      onDragOver: (event: DragEvent) => carriesFiles(event) && event.preventDefault(),
      onDrop(event: DragEvent) {
        setDepth(0);
        const { dataTransfer } = event;
        if (!dataTransfer || !carriesFiles(event)) return;
        event.preventDefault();
        const parent = folderDroppedOn(event) ?? place.folderId();
        const collected = collectFiles(dataTransfer);
        void attempt(async () => addFiles(await collected, parent));
      },
    },
  };
}
