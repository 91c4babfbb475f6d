import { createEffect, createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { isReader } from '../../client/rooms/may-write.ts';
import { t } from '../../i18n/files/translate.ts';
import { fileItem } from '../../state/files.ts';
import type { MenuItem } from '../../ui/menu.tsx';
import { type MenuPoint, PopupMenu } from '../../ui/popup-menu.tsx';
import { createVisibleRange } from '../../ui/visible-range.ts';
import { createChoosing, type Choosing } from './choosing.ts';
import { createDragging } from './dragging.ts';
import type { EntryActions } from './entry-actions.ts';
import './entries.css';
import { EntryLine, EntryTile } from './entry-row.tsx';
import { createPointing } from './pointing.ts';
import type { View } from './look.ts';
import { cut, cutIds } from './labelling.ts';
import { rename, undoLast } from './operations.ts';
import { createTypeAhead } from './type-ahead.ts';
import { shownTitle } from './words.ts';

/** Heights and least widths in CSS pixels. */
const sizes = { line: 40, narrowLine: 60, tile: 208, tileWidth: 160, square: 176, narrowSquare: 112 };
const narrow = matchMedia('(max-width: 767px)');

/**
 * The entries as lines or tiles. Only those in sight are drawn, and the one that has the focus. One Tab stop; keys and pointers
 * are heard here for all of them.
 */
export function Entries(props: {
  ids: string[];
  shape: View;
  showFolder: boolean;
  label: string;
  actions: EntryActions;
  /** Hears the selection from the start. */
  onChoosing: (choosing: Choosing) => void;
}) {
  let grid: HTMLDivElement | undefined;
  const [menu, setMenu] = createSignal<{ at: MenuPoint; label: string; items: MenuItem[] }>();
  const [width, setWidth] = createSignal(0);
  const columns = createMemo(() => columnsOf(props.shape, width()));
  const height = createMemo(() => heightOf(props.shape, width() / columns()));
  const rows = () => Math.ceil(props.ids.length / columns());
  const range = createVisibleRange({ count: rows, height, onWidth: setWidth });
  const focusEntry = (id: string) => {
    range.reveal(Math.floor(props.ids.indexOf(id) / columns()));
    queueMicrotask(() => find(grid, id)?.focus({ preventScroll: true }));
  };
  const choosing = createChoosing(() => props.ids, focusEntry);
  props.onChoosing(choosing);
  const dragging = createDragging(choosing);
  const openMenu = (id: string, at: MenuPoint) => {
    if (!choosing.chosen().has(id)) choosing.one(id);
    showMenu(choosing.ids(), at);
  };
  const showMenu = (ids: string[], at: MenuPoint) => {
    const items = props.actions.menu(ids);
    if (items.length > 0) setMenu({ at, label: menuLabel(ids), items });
  };
  const pointing = createPointing({ choosing, open: (id) => props.actions.open(id), openMenu });
  followRemovals(() => props.ids, choosing, focusEntry);

  const drawn = createMemo(() => {
    const { first, last } = range.rows();
    const ids = props.ids.slice(first * columns(), last * columns());
    const active = choosing.active();
    return active !== undefined && !ids.includes(active) && props.ids.includes(active)
      ? [...ids, active]
      : ids;
  });
  const typeAhead = createTypeAhead();
  /** `g` begins a way to another page too (and the next letter may end it): both hear it. */
  const lead = (event: KeyboardEvent) => {
    const id = typeAhead.lead(event, props.ids, choosing.active());
    if (id === undefined) return;
    choosing.one(id);
    focusEntry(id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const shape = {
      columns: columns(),
      page: Math.max(1, Math.floor(innerHeight / height()) - 3),
      rtl: isRtl(),
    };
    if (event.target instanceof HTMLElement && event.target.closest('[data-menu]')) return;
    if (actOnKey(event, choosing, props.actions, openMenuAt)) event.preventDefault();
    else if (choosing.onKey(event, shape)) event.preventDefault();
    else lead(event);
  };
  const openMenuAt = (ids: string[]) => {
    const box = find(grid, choosing.active() ?? '')?.getBoundingClientRect();
    if (box) showMenu(ids, { x: box.left + 40, y: box.top + 24 });
  };
  const endRename = (id: string, title: string | undefined) => {
    const item = fileItem(id);
    props.actions.endRename();
    focusEntry(id);
    if (item && title !== undefined) void rename(item, title);
  };
  const index = createMemo(() => new Map(props.ids.map((id, at) => [id, at])));
  const place = (id: string): JSX.CSSProperties => {
    const at = index().get(id) ?? 0;
    const row = Math.floor(at / columns());
    return { '--row-at': `${row * height()}px`, '--column': String(at % columns()) };
  };
  return (
    <>
      <div
        ref={(element) => {
          grid = element;
          range.ref(element);
        }}
        class="entries"
        data-shape={props.shape}
        role="grid"
        aria-label={props.label}
        aria-multiselectable="true"
        aria-rowcount={props.ids.length}
        style={{
          '--columns': String(columns()),
          '--row-height': `${height()}px`,
          'block-size': `${rows() * height()}px`,
        }}
        onKeyDown={onKeyDown}
        {...pointing.handlers}
        {...dragging.handlers}
      >
        <For each={drawn()}>
          {(id) => (
            <Show when={fileItem(id)}>
              {(item) => (
                <div class="entry-place" role="presentation" style={place(id)}>
                  <Dynamic
                    component={props.shape === 'list' ? EntryLine : EntryTile}
                    item={item()}
                    position={(index().get(id) ?? 0) + 1}
                    chosen={choosing.chosen().has(id)}
                    active={choosing.active() === id}
                    draggable={!pointing.touch()}
                    renaming={props.actions.renaming() === id}
                    showFolder={props.showFolder}
                    onRename={(title: string | undefined) => endRename(id, title)}
                  />
                </div>
              )}
            </Show>
          )}
        </For>
      </div>
      <PopupMenu
        at={menu()?.at}
        label={menu()?.label ?? ''}
        items={menu()?.items ?? []}
        onClose={() => setMenu(undefined)}
      />
    </>
  );
}

function columnsOf(shape: View, width: number): number {
  const least = shape === 'gallery' && narrow.matches ? sizes.narrowSquare : sizes.tileWidth;
  return shape === 'list' ? 1 : Math.max(2, Math.floor((width || 800) / least));
}

/** Lines and tiles have their height; a picture of the gallery is a square. */
function heightOf(shape: View, cell: number): number {
  if (shape === 'list') return narrow.matches ? sizes.narrowLine : sizes.line;
  return shape === 'grid' ? sizes.tile : Math.round(cell) || sizes.square;
}

function menuLabel(ids: string[]): string {
  const item = ids.length === 1 ? fileItem(ids[0] ?? '') : undefined;
  return item ? t('files.menu', { title: shownTitle(item) }) : t('files.selection');
}

function isRtl(): boolean {
  return getComputedStyle(document.documentElement).direction === 'rtl';
}

function find(grid: HTMLElement | undefined, id: string): HTMLElement | null | undefined {
  return grid?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(id)}"]`);
}

/** When the entry with the focus goes, the focus goes to its neighbour and not to the page. */
function followRemovals(ids: () => string[], choosing: Choosing, focusEntry: (id: string) => void): void {
  let had = false;
  createEffect(() => {
    const shown = ids();
    const lost = had && (document.activeElement === document.body || document.activeElement === null);
    const active = choosing.active();
    const goesOn = lost && active !== undefined && shown.includes(active);
    if (goesOn) focusEntry(active);
    // The neighbour has it only after this.
    had = goesOn || document.activeElement?.closest('.entries') !== null;
  });
}

/** Keys that do something with the entries; returns whether it was one. */
function actOnKey(
  event: KeyboardEvent,
  choosing: Choosing,
  actions: EntryActions,
  openMenuAt: (ids: string[]) => void,
): boolean {
  const id = choosing.active();
  if (id === undefined) return false;
  const ids = choosing.ids().length > 0 ? choosing.ids() : [id];
  const mod = event.ctrlKey || event.metaKey;
  if (event.key === 'Enter' && !mod) actions.open(id);
  else if (event.key === 'F2') actions.startRename(id);
  else if (event.key === 'Delete' || (event.key === 'Backspace' && event.metaKey)) actions.remove(ids);
  else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) openMenuAt(ids);
  else if (event.key === 'z' && mod && !event.shiftKey) void undoLast();
  else if (event.key === 'x' && mod && !isReader()) cut(ids);
  else if (event.key === 'Escape' && cutIds().size > 0) cut([]);
  else return false;
  return true;
}
