import { useNavigate } from '@solidjs/router';
import FolderOpen from 'lucide-solid/icons/folder-open';
import SearchX from 'lucide-solid/icons/search-x';
import Star from 'lucide-solid/icons/star';
import { createEffect, createSignal, on, Show, Suspense } from 'solid-js';
import { isDocumentType } from '../../client/documents/find-entries.ts';
import { isReader } from '../../client/rooms/may-write.ts';
import { t } from '../../i18n/library/translate.ts';
import { t as app } from '../../i18n/translate.ts';
import { t as tFiles } from '../../i18n/files/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { type FileItem, filesReady } from '../../state/files.ts';
import { newDocumentIn } from '../../state/library.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { Choosing } from './choosing.ts';
import { Dialogs } from './dialogs.tsx';
import { Entries } from './entries.tsx';
import { createActions } from './entry-actions.ts';
import { Filters } from './filters.tsx';
import { Crumbs } from './head.tsx';
import './library.css';
import { createListing } from './listing.ts';
import { createLook } from './look.ts';
import { hearPaste } from './paste-key.ts';
import { createPlace } from './place.ts';
import { SelectionBar } from './selection-bar.tsx';
import { Tools } from './tools.tsx';

/** All documents in their folders, or the favourites of every kind, with everything that can be done to them. */
export default function Library(props: { favourites: boolean }) {
  const place = createPlace('/home');
  const look = createLook('home');
  const listing = createListing(place, look, (item) =>
    props.favourites ? item.favourite !== undefined : isOfLibrary(item),
  );
  const actions = createActions(place, look);
  const [choosing, setChoosing] = createSignal<Choosing>();
  const parts = { place, look, listing, actions };
  createEffect(
    on(
      () => props.favourites,
      (favourites) => look.setFilter(favourites ? { kind: 'favourites' } : { kind: 'none' }),
    ),
  );
  hearPaste(place);
  return (
    <div class="library">
      <Crumbs place={place} top={t('library.all')} here />
      <Tools look={look} listing={listing} inTrash={false} ofDocuments />
      <Show when={!props.favourites}>
        <Filters look={look} noFavourites />
      </Show>
      <Show when={filesReady()}>
        <Show
          when={listing.ids().length > 0}
          fallback={<Nothing look={look} favourites={props.favourites} folder={place.folderId()} />}
        >
          <Entries
            ids={listing.ids()}
            shape={look.view()}
            showFolder={listing.searching()}
            label={t(props.favourites ? 'library.favourites' : 'library.all')}
            actions={actions}
            onChoosing={setChoosing}
          />
        </Show>
      </Show>
      <Show when={choosing()}>
        {(now) => <SelectionBar choosing={now()} actions={actions} inTrash={false} />}
      </Show>
      <Suspense>
        <Dialogs {...parts} onCreated={(id) => choosing()?.one(id)} />
      </Suspense>
    </div>
  );
}

function isOfLibrary({ type }: FileItem): boolean {
  return type === 'folder' || isDocumentType(type);
}

function Nothing(props: { look: ReturnType<typeof createLook>; favourites: boolean; folder: string }) {
  const navigate = useNavigate();
  const write = () => void attempt(newDocumentIn(props.folder).then((path) => navigate(path)));
  const narrowed = () =>
    props.look.words() !== '' || (!props.favourites && props.look.filter().kind !== 'none');
  const showAll = () => {
    props.look.setWords('');
    if (!props.favourites) props.look.setFilter({ kind: 'none' });
  };
  return (
    <Show
      when={narrowed()}
      fallback={
        <EmptyState
          icon={props.favourites ? Star : FolderOpen}
          text={t(props.favourites ? 'library.noFavourites' : 'library.empty')}
        >
          <Show when={!props.favourites && !isReader()}>
            <button type="button" class="button primary" onClick={write}>
              {app('nav.newDocument')}
            </button>
          </Show>
        </EmptyState>
      }
    >
      <EmptyState icon={SearchX} text={tFiles('files.emptySearch')}>
        <button type="button" class="button primary" onClick={showAll}>
          {tFiles('files.showAll')}
        </button>
      </EmptyState>
    </Show>
  );
}
