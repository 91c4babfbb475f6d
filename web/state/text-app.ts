import type { Documents, OpenDocument } from '../client/documents/documents.ts';
import type { DeviceSaved } from './chip.ts';
import type { Exporter } from './exporting.ts';
import type { Refused } from './importing.ts';

/** What the toolbar can ask of the editor. */
export const editorCommands = [
  'heading1',
  'heading2',
  'heading3',
  'bold',
  'italic',
  'strike',
  'code',
  'bulletList',
  'orderedList',
  'taskList',
  'quote',
  'codeBlock',
  'undo',
  'redo',
] as const;
export type EditorCommand = (typeof editorCommands)[number];

/** What the toolbar shows: what is in effect at the caret, and what can be done. */
export interface EditorState {
  /** False for a document of a newer schema: it is shown and never bound. */
  editable: boolean;
  active: ReadonlySet<EditorCommand>;
  canUndo: boolean;
  canRedo: boolean;
  /** Address of the link at the caret. */
  link: string | undefined;
}

/** One document on the screen. */
export interface EditorSession {
  watchSaved(listener: (saved: DeviceSaved) => void): () => void;
  watchState(listener: (state: EditorState) => void): () => void;
  /** Who writes here, as carets on other devices say. `color` is `#rrggbb`. */
  setUser(user: { name: string; color: string }): void;
  focus(): void;
  /** Enters text that was typed before the editor was there. */
  adopt(text: string): void;
  run(command: EditorCommand): void;
  /** Links the selection, or ends the link at the caret (empty); false for an address that must not be live. */
  setLink(href: string): boolean;
  insertImage(file: File): Promise<void>;
  close(): void;
}

export interface EditorOptions {
  /** `color` is `#rrggbb`. */
  user: { name: string; color: string };
  onEscape(): void;
  onToolbar(): void;
  /** Told when a picture could not be kept or the end could not be saved. */
  onError(error: unknown): void;
}

/** What an app for documents of another type is given; closing its session closes the document. */
export interface ForeignDocument {
  documents: Documents;
  open: OpenDocument;
  element: HTMLElement;
  options: EditorOptions;
  /** Bytes of a file that belongs to the document, from its owner's relay; undefined when they cannot be had. */
  readFile?(fileId: string): Promise<Blob | undefined>;
  /** Bytes of a picture of the document (`b1~…`); undefined when they cannot be had. */
  loadBlob(blob: string): Promise<Blob | undefined>;
  /** Keeps a picture with the document; resolves with its blob id. */
  saveBlob(picture: Blob): Promise<string>;
}

/** Documents and their editor: one chunk, loaded beside the shell. */
export interface TextApp {
  documents: Documents;
  openEditor(id: string, element: HTMLElement, options: EditorOptions): Promise<EditorSession>;
}

/** A file with its place in the picked folder. */
export interface PickedFile {
  path: string;
  file: Blob;
}

/** Reading files in, and writing them out: a second chunk, loaded when first used. */
export interface TextImport {
  inputFiles(files: Iterable<File>): PickedFile[];
  importFiles(
    files: PickedFile[],
    options: {
      signal: AbortSignal;
      onProgress(progress: { done: number; total: number; name: string }): void;
      /** Takes files of ours as documents of their own, also where the document is here. */
      asCopy?: boolean;
      /** Takes documents of these paths alone. */
      only?: ReadonlySet<string>;
    },
  ): Promise<{
    imported: { name: string; id: string; title: string }[];
    /** Documents that were here already and have now what their file says too. */
    merged: { name: string; id: string }[];
    /** Paths of files that documents link to: they are files here. */
    attached: string[];
    refused: Refused[];
    /** Paths of files that are neither documents nor pictures of one, and that none links to. */
    left: string[];
    cancelled: boolean;
  }>;
  /** A document as Markdown, without opening it. */
  exportDocument(id: string): Promise<string>;
  /** Writing out in any format: one more chunk. */
  openExporter(): Promise<Exporter>;
}

interface Loaders {
  text(): Promise<TextApp>;
  /** Shows the beginning of a long document until its editor comes, where it was kept. */
  preview(id: string, element: HTMLElement): Promise<unknown>;
  import(): Promise<TextImport>;
  /** Reads a drop; must be called inside the drop event, because the browser empties it afterwards. */
  collect(transfer: DataTransfer): Promise<PickedFile[]>;
}

let loaders: Loaders | undefined;
let text: Promise<TextApp> | undefined;

/** Says where the chunks come from; the shell does, once. */
export function provideText(next: Loaders): void {
  loaders = next;
}

/** The documents and the editor. A failed load is tried again next time. */
export function openText(): Promise<TextApp> {
  if (!loaders) throw new Error('provideText has not been called');
  text ??= loaders.text().catch((error: unknown) => {
    text = undefined;
    throw error;
  });
  return text;
}

/** Shows the beginning of a long document until its editor comes. Never rejects: what fails is told when it opens. */
export async function previewText(id: string, element: HTMLElement): Promise<void> {
  await loaders?.preview(id, element).catch(() => undefined);
}

/** The importer. */
export function openTextImport(): Promise<TextImport> {
  if (!loaders) throw new Error('provideText has not been called');
  return loaders.import();
}

/** The files of a drop, folders read through. Call it inside the drop event. */
export function collectDropped(transfer: DataTransfer): Promise<PickedFile[]> {
  if (!loaders) throw new Error('provideText has not been called');
  return loaders.collect(transfer);
}
