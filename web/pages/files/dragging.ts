import { carriesEntries, draggedIds, dragEntries } from '../../state/dragged.ts';
import { fileItem } from '../../state/files.ts';
import type { Choosing } from './choosing.ts';
import { move } from './operations.ts';
import { entryOf } from './pointing.ts';

/** Entries are dragged onto folders of the list. */
export function createDragging(choosing: Choosing) {
  let over: HTMLElement | undefined;
  const mark = (next: HTMLElement | undefined) => {
    if (over === next) return;
    delete over?.dataset['over'];
    over = next;
    if (over) over.dataset['over'] = '';
  };
  return {
    handlers: {
      onDragStart(event: DragEvent) {
        const id = entryOf(event);
        if (id === undefined || !event.dataTransfer) return;
        if (!choosing.chosen().has(id)) choosing.one(id);
        dragEntries(event, choosing.ids());
      },
      onDragOver(event: DragEvent) {
        const folder = folderUnder(event, choosing);
        mark(folder);
        if (!folder || !carriesEntries(event)) return;
        event.preventDefault();
        if (event.dataTransfer) event.dataTransfer.dropEffect = 'move';
      },
      onDragLeave(event: DragEvent) {
        if (!(event.relatedTarget instanceof Node && over?.contains(event.relatedTarget))) mark(undefined);
      },
      onDragEnd: () => mark(undefined),
      onDrop(event: DragEvent) {
        const target = folderUnder(event, choosing)?.dataset['entry'];
        mark(undefined);
        if (target !== undefined) dropEntries(event, target);
      },
    },
  };
}

/** Moves what was dragged; files of the system are left to the page. */
export function dropEntries(event: DragEvent, parent: string): void {
  const ids = draggedIds(event);
  if (ids.length === 0) return;
  event.preventDefault();
  event.stopPropagation();
  void move(ids, parent);
}

/** The folder of the list that something is held over; not one that is dragged itself. */
function folderUnder(event: DragEvent, choosing: Choosing): HTMLElement | undefined {
  const element = event.target instanceof Element ? event.target.closest('[data-type=folder]') : null;
  if (!(element instanceof HTMLElement)) return undefined;
  const id = element.dataset['entry'] ?? '';
  const dragged = carriesEntries(event) && choosing.chosen().has(id);
  return dragged || fileItem(id)?.trashed === 1 ? undefined : element;
}

/** The folder that files of the system were dropped on; undefined when they fell beside one. */
export function folderDroppedOn(event: DragEvent): string | undefined {
  const element = event.target instanceof Element ? event.target.closest('[data-type=folder]') : null;
  return element instanceof HTMLElement ? element.dataset['entry'] : undefined;
}
