import { Show } from 'solid-js';
import { type FileItem, fileItem } from '../../state/files.ts';
import { fetched } from '../../ui/fetched.tsx';
import type { EntryActions } from './entry-actions.ts';
import { isVisual, type Listing } from './listing.ts';
import type { Look } from './look.ts';
import type { Place } from './place.ts';

const FolderDialog = fetched(() => import('./folder-dialog.tsx'));
const MoveDialog = fetched(() => import('./move-dialog.tsx'));
const PurgeDialog = fetched(() => import('./purge-dialog.tsx'));
const TagsDialog = fetched(() => import('./tags-dialog.tsx'));
const Preview = fetched(() => import('./previews/preview.tsx'));

/** Everything that the parts of a page of entries know of each other. */
export interface Parts {
  place: Place;
  look: Look;
  listing: Listing;
  actions: EntryActions;
}

/** What stands over the page: questions, and the entry that is looked at. */
export function Dialogs(props: Parts & { onCreated: (id: string) => void }) {
  const asking = () => props.actions.asking();
  const close = () => props.actions.ask({ kind: 'none' });
  const folder = () => {
    const now = asking();
    return now.kind === 'folder' ? now : undefined;
  };
  const idsOf = (kind: 'move' | 'purge' | 'tags') => {
    const now = asking();
    return now.kind === kind ? now.ids : undefined;
  };
  return (
    <>
      <Show when={folder()}>
        {(now) => (
          <FolderDialog
            sealed={now().sealed}
            parent={props.place.folderId()}
            onClose={close}
            onCreated={(id) => props.onCreated(id)}
          />
        )}
      </Show>
      <Show when={idsOf('move')}>
        {(ids) => <MoveDialog ids={ids()} from={props.place.folderId()} onClose={close} />}
      </Show>
      <Show when={idsOf('tags')}>{(ids) => <TagsDialog ids={ids()} onClose={close} />}</Show>
      <Show when={idsOf('purge')}>{(ids) => <PurgeDialog ids={ids()} onClose={close} />}</Show>
      <Show when={fileItem(props.place.openId() ?? '')}>
        {(item) => (
          <Preview
            item={item()}
            among={neighbours(item(), props.listing.items())}
            onShow={(id) => props.place.show(id)}
            onDownload={(id) => props.actions.download([id])}
            onClose={() => props.place.hide()}
          />
        )}
      </Show>
    </>
  );
}

/** What the arrows of a preview lead to: pictures and videos among themselves, other files among all. */
function neighbours(item: FileItem, items: FileItem[]): FileItem[] {
  const files = items.filter(({ type }) => type === 'file' || type === 'sealed');
  return isVisual(item) ? files.filter(isVisual) : files;
}
