import Download from 'lucide-solid/icons/download';
import EllipsisVertical from 'lucide-solid/icons/ellipsis-vertical';
import FolderInput from 'lucide-solid/icons/folder-input';
import Trash from 'lucide-solid/icons/trash';
import Undo2 from 'lucide-solid/icons/undo-2';
import X from 'lucide-solid/icons/x';
import { Show } from 'solid-js';
import { isReader } from '../../client/rooms/may-write.ts';
import { t, tCount } from '../../i18n/files/translate.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import type { Choosing } from './choosing.ts';
import type { EntryActions } from './entry-actions.ts';
import { restore } from './operations.ts';
import './selection-bar.css';

/** What can be done with what is chosen, at the foot of the page. */
export function SelectionBar(props: { choosing: Choosing; actions: EntryActions; inTrash: boolean }) {
  const ids = () => props.choosing.ids();
  return (
    <Show when={ids().length > 0}>
      <div class="selection-bar" role="toolbar" aria-label={t('files.selection')}>
        <IconButton icon={X} label={t('files.clear')} run={() => props.choosing.clear()} />
        <span class="selection-count" role="status">
          {tCount('files.selected', ids().length)}
        </span>
        <Show
          when={props.inTrash}
          fallback={
            <>
              <IconButton
                icon={Download}
                label={t('files.download')}
                run={() => props.actions.download(ids())}
              />
              <Show when={!isReader()}>
                <IconButton
                  icon={FolderInput}
                  label={t('files.move')}
                  run={() => props.actions.ask({ kind: 'move', ids: ids() })}
                />
                <IconButton icon={Trash} label={t('files.trash')} run={() => props.actions.remove(ids())} />
              </Show>
              <MenuButton label={t('files.selection')} items={props.actions.menu(ids())}>
                <EllipsisVertical size={18} />
              </MenuButton>
            </>
          }
        >
          <Show when={!isReader()}>
            <IconButton icon={Undo2} label={t('files.restore')} run={() => void restore(ids())} />
            <IconButton icon={Trash} label={t('files.purge')} run={() => props.actions.remove(ids())} />
          </Show>
        </Show>
      </div>
    </Show>
  );
}
