import File from 'lucide-solid/icons/file';
import FileText from 'lucide-solid/icons/file-text';
import Folder from 'lucide-solid/icons/folder';
import Kanban from 'lucide-solid/icons/kanban';
import NotebookPen from 'lucide-solid/icons/notebook-pen';
import Presentation from 'lucide-solid/icons/presentation';
import type { Component } from 'solid-js';

/** The sign of each type of entry that opens as something of its own. */
export const typeIcons = {
  folder: Folder,
  text: FileText,
  quill: NotebookPen,
  board: Kanban,
  whiteboard: Presentation,
  other: FileText,
} as const satisfies Record<string, Component<{ size?: number }>>;

/** The sign of a type; undefined for files. */
export function findTypeIcon(type: string): Component<{ size?: number }> | undefined {
  return Object.entries(typeIcons).find(([name]) => name === type)?.[1];
}

/** The sign of an entry by its type; what is no document has the one of a file. */
export function TypeIcon(props: { type: string; size: number }) {
  return <>{(findTypeIcon(props.type) ?? File)({ size: props.size })}</>;
}
