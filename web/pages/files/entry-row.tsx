import EllipsisVertical from 'lucide-solid/icons/ellipsis-vertical';
import LayoutTemplate from 'lucide-solid/icons/layout-template';
import Star from 'lucide-solid/icons/star';
import { For, onMount, Show } from 'solid-js';
import { isReader } from '../../client/rooms/may-write.ts';
import { formatAgo } from '../../i18n/translate.ts';
import { t } from '../../i18n/files/translate.ts';
import { t as library } from '../../i18n/library/translate.ts';
import { t as sharing } from '../../i18n/sharing/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import type { FileItem } from '../../state/files.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Thumbnail } from './entry-icon.tsx';
import { cutIds, favourite } from './labelling.ts';
import { folderTitle } from './operations.ts';
import './tags.css';
import './tiles.css';
import { WhereMark } from './where-mark.tsx';
import { shownSize, shownTitle } from './words.ts';

export interface EntryProps {
  item: FileItem;
  /** From 1. */
  position: number;
  chosen: boolean;
  /** Whether the Tab key comes here. */
  active: boolean;
  draggable: boolean;
  renaming: boolean;
  /** Whether the folder is told, as among search results. */
  showFolder: boolean;
  onRename: (title: string | undefined) => void;
}

/** One entry as a line: name, where it is, size, time. */
export function EntryLine(props: EntryProps) {
  return (
    <div class="entry-line" {...rowAttributes(props)}>
      <div role="gridcell" class="entry-name">
        <Thumbnail item={props.item} px={40} iconSize={20} />
        <span class="entry-words">
          <EntryTitle {...props} />
          <EntryMeta item={props.item} showFolder={props.showFolder} />
        </span>
      </div>
      <div role="gridcell" class="entry-where">
        <WhereMark item={props.item} />
        <Tags item={props.item} />
      </div>
      <div role="gridcell" class="entry-size">
        {shownSize(props.item)}
      </div>
      <div role="gridcell" class="entry-time">
        {formatAgo(timeOf(props.item), Date.now())}
      </div>
      <div role="gridcell" class="entry-end">
        <StarButton item={props.item} active={props.active} />
        <MenuDots item={props.item} active={props.active} />
      </div>
    </div>
  );
}

/** One entry as a tile with its picture. */
export function EntryTile(props: EntryProps) {
  return (
    <div class="entry-tile" {...rowAttributes(props)}>
      <div role="gridcell" class="tile-picture">
        <Thumbnail item={props.item} px={256} iconSize={40} />
      </div>
      <div role="gridcell" class="tile-foot">
        <span class="entry-words">
          <EntryTitle {...props} />
          <span class="tile-where">
            <WhereMark item={props.item} />
            <Tags item={props.item} />
          </span>
        </span>
        <StarButton item={props.item} active={props.active} />
        <MenuDots item={props.item} active={props.active} />
      </div>
    </div>
  );
}

/** What makes an element an entry for keys, pointers and screen readers. */
function rowAttributes(props: EntryProps) {
  return {
    role: 'row' as const,
    get 'data-entry'() {
      return props.item.id;
    },
    get 'data-type'() {
      return props.item.type;
    },
    get 'data-cut'() {
      return cutIds().has(props.item.id) ? '' : undefined;
    },
    get 'aria-label'() {
      return shownTitle(props.item);
    },
    get 'aria-rowindex'() {
      return props.position;
    },
    get 'aria-selected'() {
      return props.chosen;
    },
    get tabindex() {
      return props.active ? 0 : -1;
    },
    get draggable() {
      return props.draggable && !props.renaming;
    },
  };
}

function EntryTitle(props: EntryProps) {
  return (
    <Show
      when={props.renaming}
      fallback={
        <bdi class="entry-title" title={shownTitle(props.item)}>
          {shownTitle(props.item)}
        </bdi>
      }
    >
      <RenameField item={props.item} onDone={(title) => props.onRename(title)} />
    </Show>
  );
}

/** Under the name on a phone, and the folder among search results. */
function EntryMeta(props: { item: FileItem; showFolder: boolean }) {
  const size = () => shownSize(props.item);
  return (
    <span class="entry-meta">
      <Show when={props.item.owner}>
        {(owner) => (
          <bdi class="entry-owner">
            <Avatar idTag={owner()} name={owner()} src={faceUrl(owner())} small />
            {sharing('room.owner', { name: owner() })}
          </bdi>
        )}
      </Show>
      <Show when={props.showFolder}>
        <bdi class="entry-folder">{folderTitle(props.item.parent)}</bdi>
      </Show>
      <span class="entry-meta-narrow">
        <Show when={size()}>
          <span>{size()}</span>
        </Show>
        <span>{formatAgo(timeOf(props.item), Date.now())}</span>
        <WhereMark item={props.item} />
        <Tags item={props.item} />
      </span>
    </span>
  );
}

/** When it was edited; in the trash, since when it is there. */
function timeOf({ trashed, trashedAt, edited }: FileItem): number {
  return trashed === 1 ? (trashedAt ?? edited) : edited;
}

function Tags(props: { item: FileItem }) {
  return (
    <Show when={props.item.template !== undefined || props.item.tags}>
      <span class="entry-tags">
        <Show when={props.item.template !== undefined}>
          <span class="tag">
            <LayoutTemplate size={12} /> {library('library.isTemplate')}
          </span>
        </Show>
        <For each={props.item.tags ?? []}>
          {(tag) => (
            <span class="tag">
              <bdi>{tag}</bdi>
            </span>
          )}
        </For>
      </span>
    </Show>
  );
}

function StarButton(props: { item: FileItem; active: boolean }) {
  const on = () => props.item.favourite !== undefined;
  const label = () => library('library.star', { title: shownTitle(props.item) });
  return (
    <Show when={props.item.trashed === 0 && !isReader()}>
      <button
        type="button"
        class="icon-button star"
        data-menu="star"
        aria-label={label()}
        aria-pressed={on()}
        tabindex={props.active ? 0 : -1}
        onDblClick={(event) => event.stopPropagation()}
        onClick={(event) => {
          event.stopPropagation();
          void favourite([props.item.id], !on());
        }}
      >
        <Star size={16} />
      </button>
    </Show>
  );
}

function MenuDots(props: { item: FileItem; active: boolean }) {
  const label = () => t('files.menu', { title: shownTitle(props.item) });
  return (
    <button
      type="button"
      class="icon-button entry-menu"
      data-menu=""
      aria-label={label()}
      aria-haspopup="menu"
      tabindex={props.active ? 0 : -1}
    >
      <EllipsisVertical size={16} />
    </button>
  );
}

/** The name in place: Enter and leaving keep it, Escape does not. The ending is not selected. */
function RenameField(props: { item: FileItem; onDone: (title: string | undefined) => void }) {
  let input: HTMLInputElement | undefined;
  let done = false;
  const finish = (title: string | undefined) => {
    if (done) return;
    done = true;
    props.onDone(title);
  };
  onMount(() => {
    const { title, type } = props.item;
    const ending = type === 'folder' ? -1 : title.lastIndexOf('.');
    input?.focus();
    input?.setSelectionRange(0, ending > 0 ? ending : title.length);
  });
  return (
    <input
      ref={input}
      class="input rename-field"
      aria-label={t('files.renameLabel', { title: shownTitle(props.item) })}
      value={props.item.title}
      maxlength={255}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
        event.preventDefault();
        finish(event.key === 'Enter' ? event.currentTarget.value : undefined);
      }}
    />
  );
}
