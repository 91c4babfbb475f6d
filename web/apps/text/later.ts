import type { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import type { OpenDocument } from '../../client/documents/documents.ts';
import type { SaveBlob } from './paste.ts';

/** What a part of the editor that comes after the first words is given. */
export interface LaterContext {
  readonly view: EditorView;
  readonly open: OpenDocument;
  readonly saveBlob: SaveBlob;
  /**
   * Whether nodes and marks of schema version 2 may be written here. A guest writes none into a document of version 1:
   * the relay refuses a guest who raises it.
   */
  mayWriteNew(): boolean;
  onError(error: unknown): void;
}

/** Menus, tables, comments, …: plugins that stand before those that the editor started with. */
export type LaterPart = (context: LaterContext) => readonly Plugin[];
