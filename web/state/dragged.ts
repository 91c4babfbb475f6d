/** What is dragged inside the page: the ids, a line each. Files of the system have the type `Files`. */
const entriesType = 'application/x-islet-entries';

/** Begins a drag of entries. */
export function dragEntries(event: DragEvent, ids: readonly string[]): void {
  if (!event.dataTransfer) return;
  event.dataTransfer.setData(entriesType, ids.join('\n'));
  event.dataTransfer.effectAllowed = 'move';
}

/** Whether entries of this page are dragged, and not files of the system. */
export function carriesEntries(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(entriesType) ?? false;
}

/** The ids of what is dropped; empty when it is something else. */
export function draggedIds(event: DragEvent): string[] {
  return event.dataTransfer?.getData(entriesType).split('\n').filter(Boolean) ?? [];
}
