import Quill from 'quill/core.js';
import type { OpenDocument } from '../../client/documents/documents.ts';
import { bindQuill } from './binding.ts';
import { type CommandName, activeCommands, linkSelection, runCommand } from './commands.ts';
import { type ColorOf, NamedCarets } from './cursors.ts';
import { createFormats } from './formats.ts';
import { createKeys } from './keys.ts';
import { isLiveLink, openLinks } from './links.ts';
import { TEXT_NAME, textOps } from './model.ts';
import { cleanPasted, pastedPicture } from './paste.ts';
import { type EmbedLabels, type LoadFile, createDrawings } from './pictures.ts';
import { mountPlain } from './plain.ts';
import { SharedUndo } from './undo.ts';
import './editor.css';

/** Words of the editor, in the reader's language. */
export interface EditorLabels extends EmbedLabels {
  /** Name of the text field for screen readers. */
  editor: string;
  placeholder: string;
  /** Said above a document that holds what this version could damage. */
  cannotEdit: string;
}

export interface EditorOptions {
  user: { name: string; color: string };
  labels: EditorLabels;
  loadFile: LoadFile;
  /** A picture as a `data:` address that fits into a document; rejects in words. */
  readPicture: (file: File) => Promise<string>;
  colorOf: ColorOf;
  writable: boolean;
  onEscape: () => void;
  /** Told when a picture could not be put in. */
  onError: (error: unknown) => void;
}

/** What a toolbar shows. */
export interface EditorStatus {
  editable: boolean;
  active: CommandName[];
  link: string | undefined;
  canUndo: boolean;
  canRedo: boolean;
}

export interface MountedEditor {
  focus(): void;
  /** Inserts what was typed before the editor was there: at the caret, or at the end when there is none. */
  adopt(text: string): void;
  run(command: CommandName): void;
  setWritable(writable: boolean): void;
  /** False for an address that must not be live. */
  setLink(href: string): boolean;
  insertPictures(files: File[]): Promise<void>;
  /** Called after every change of selection or text, and at once. Returns its end. */
  subscribe(listener: (status: EditorStatus) => void): () => void;
  close(): void;
}

Quill.register({ 'modules/history': SharedUndo, 'modules/cursors': NamedCarets }, true);

interface Shown {
  quill: Quill | undefined;
  close(): void;
}

/**
 * Puts an editor for a rich-text document of Quillo into `element`. What the document uses beside what is known here is
 * kept; where that cannot be promised, its words are shown and nothing can be written.
 */
export function mountEditor(element: HTMLElement, open: OpenDocument, options: EditorOptions): MountedEditor {
  const listeners = new Set<(status: EditorStatus) => void>();
  const tell = (): void => {
    for (const listener of [...listeners]) listener(readStatus(shown.quill));
  };
  const show = (): Shown => {
    const onApart = (): void => {
      const caret = shown.quill?.hasFocus() ? shown.quill.selection.lastRange?.index : undefined;
      shown.close();
      shown = show();
      if (caret !== undefined) shown.quill?.setSelection(caret, 0);
      tell();
    };
    return (
      showEditor(element, open, { ...options, writable, onApart, tell }) ?? showPlain(element, open, options)
    );
  };
  let shown: Shown = { quill: undefined, close: () => undefined };
  let writable = options.writable;
  open.awareness.setLocalStateField('user', options.user);
  shown = show();
  return {
    focus: () => shown.quill?.focus(),
    adopt(text) {
      const { quill } = shown;
      if (quill === undefined || text === '') return;
      const at = quill.getSelection()?.index ?? quill.getLength() - 1;
      quill.insertText(at, text, 'user');
      quill.setSelection(at + text.length, 0, 'user');
    },
    run(command) {
      if (shown.quill?.isEnabled()) runCommand(shown.quill, command);
    },
    setWritable(next) {
      if (next === writable) return;
      writable = next;
      if (shown.quill) enable(shown.quill, next);
      tell();
    },
    setLink(href) {
      if (href !== '' && !isLiveLink(href)) return false;
      if (shown.quill?.isEnabled()) linkSelection(shown.quill, href);
      return true;
    },
    async insertPictures(files) {
      if (shown.quill) await insertPictures(shown.quill, files, options);
    },
    subscribe(listener) {
      listeners.add(listener);
      listener(readStatus(shown.quill));
      return () => listeners.delete(listener);
    },
    close() {
      listeners.clear();
      shown.close();
    },
  };
}

type Surroundings = EditorOptions & { onApart: () => void; tell: () => void };

/** Undefined when the document cannot be bound to an editor. */
function showEditor(element: HTMLElement, open: OpenDocument, options: Surroundings): Shown | undefined {
  const text = open.doc.getText(TEXT_NAME);
  const ops = open.state === 'editable' ? textOps(text) : undefined;
  if (ops === undefined) return undefined;
  const formats = createFormats(ops, createDrawings(options.labels, options.loadFile));
  const host = document.createElement('div');
  host.className = 'rich-text';
  element.append(host);
  const quill = createQuill(host, formats.registry, options);
  const clear = (): void => {
    const carets = quill.getModule('cursors');
    if (carets instanceof NamedCarets) carets.destroy();
    host.remove();
  };
  try {
    const unbind = bindQuill(quill, { text, awareness: open.awareness, formats, onApart: options.onApart });
    quill.on('editor-change', options.tell);
    return { quill, close: () => (unbind(), clear()) };
  } catch {
    // Shown plainly instead.
    clear();
    return undefined;
  }
}

function showPlain(element: HTMLElement, open: OpenDocument, { labels }: EditorOptions): Shown {
  const close = mountPlain(element, open.doc.getText(TEXT_NAME), labels.cannotEdit);
  return { quill: undefined, close };
}

function createQuill(
  host: HTMLElement,
  registry: Quill['options']['registry'],
  options: Surroundings,
): Quill {
  const { labels, writable, colorOf, onEscape } = options;
  const quill: Quill = new Quill(host, {
    registry,
    placeholder: labels.placeholder,
    modules: {
      cursors: { colorOf, transformOnTextChange: true },
      keyboard: { bindings: createKeys({ run: (command) => runCommand(quill, command), onEscape }) },
      clipboard: {
        matchers: [
          ['img', pastedPicture],
          [Node.ELEMENT_NODE, cleanPasted],
        ],
      },
      uploader: {
        mimetypes: ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'],
        handler: (_range: unknown, files: File[]) =>
          void insertPictures(quill, files, options).catch(options.onError),
      },
    },
  });
  quill.root.classList.add('text-editor');
  const words = { role: 'textbox', 'aria-multiline': 'true', 'aria-label': labels.editor };
  for (const [name, value] of Object.entries(words)) quill.root.setAttribute(name, value);
  enable(quill, writable);
  openLinks(quill.root, () => !quill.isEnabled());
  return quill;
}

/** What can only be read is still reached with the keyboard. */
function enable(quill: Quill, writable: boolean): void {
  quill.enable(writable);
  quill.root.setAttribute('aria-readonly', String(!writable));
  quill.root.tabIndex = 0;
}

async function insertPictures(quill: Quill, files: File[], options: EditorOptions): Promise<void> {
  for (const file of files) {
    const address = await options.readPicture(file);
    if (!quill.root.isConnected || !quill.isEnabled()) return;
    // The picture was picked elsewhere: the caret is where it was last.
    const at = quill.selection.savedRange.index;
    quill.insertEmbed(at, 'image', address, 'user');
    quill.setSelection(at + 1, 0, 'user');
  }
}

function readStatus(quill: Quill | undefined): EditorStatus {
  const range = quill?.getSelection();
  const at = quill !== undefined && range ? quill.getFormat(range) : {};
  const history = quill?.getModule('history');
  const undo = history instanceof SharedUndo ? history : undefined;
  const { link } = at;
  return {
    editable: quill?.isEnabled() ?? false,
    active: activeCommands(at),
    link: typeof link === 'string' ? link : undefined,
    canUndo: undo?.canUndo() ?? false,
    canRedo: undo?.canRedo() ?? false,
  };
}
