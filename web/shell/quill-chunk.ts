import { type EditorStatus, mountEditor, type MountedEditor } from '../apps/quill/editor.ts';
import { embedPicture } from '../apps/quill/embed-picture.ts';
import { describeRichText } from '../client/documents/describe-rich-text.ts';
import type { OpenDocument } from '../client/documents/documents.ts';
import { mayWrite } from '../client/rooms/may-write.ts';
import { t as tApp } from '../i18n/translate.ts';
import { t } from '../i18n/quill/translate.ts';
import {
  type EditorCommand,
  editorCommands,
  type EditorOptions,
  type EditorSession,
  type EditorState,
  type ForeignDocument,
} from '../state/text-app.ts';
import { caretColor } from '../ui/avatar.tsx';

/** Opens a rich-text document of Quillo in its editor. What its owner does not let us change can be read only. */
export function openForeign(foreign: ForeignDocument): EditorSession {
  const { documents, open, element, options } = foreign;
  const isWritable = (): boolean => mayWrite(documents.entry(open.id) ?? {});
  documents.describeAs('quill', describeRichText);
  const editor = mountEditor(element, open, {
    user: options.user,
    labels: {
      editor: tApp('document.label'),
      placeholder: tApp('document.placeholder'),
      cannotEdit: t('quill.cannotEdit'),
      showImage: (host) => tApp('document.showImage', { host }),
      imageMissing: tApp('document.imageMissing'),
      video: (host) => (host === undefined ? t('quill.videoUnknown') : t('quill.video', { host })),
      document: t('quill.embeddedDocument'),
      unknown: (name) => t('quill.unknownEmbed', { name }),
    },
    loadFile: async (fileId) => foreign.readFile?.(fileId),
    readPicture: (file) => embedPicture(file, t('quill.pictureTooLarge')),
    colorOf: caretColor,
    onEscape: () => options.onEscape(),
    writable: isWritable(),
    onError: (error) => options.onError(error),
  });
  const stop = documents.tree.onChange(() => editor.setWritable(isWritable()));
  return createSession(open, { ...editor, close: () => (stop(), editor.close()) }, element, options);
}

function createSession(
  open: OpenDocument,
  editor: MountedEditor,
  element: HTMLElement,
  options: EditorOptions,
): EditorSession {
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || event.key !== 'F10') return;
    event.preventDefault();
    options.onToolbar();
  };
  element.addEventListener('keydown', onKeyDown);
  return {
    watchSaved: (listener) => open.saved.subscribe(listener),
    watchState: (listener) => editor.subscribe((status) => listener(toState(status))),
    setUser: (user) => open.awareness.setLocalStateField('user', user),
    focus: () => editor.focus(),
    adopt: (text) => editor.adopt(text),
    run: (command) => editor.run(command),
    setLink: (href) => editor.setLink(href),
    insertImage: (file) => editor.insertPictures([file]),
    close() {
      element.removeEventListener('keydown', onKeyDown);
      editor.close();
      open.close().catch((error: unknown) => options.onError(error));
    },
  };
}

const shown = new Set<string>(editorCommands);

function toState({ active, ...status }: EditorStatus): EditorState {
  const known = active.filter((command): command is EditorCommand => shown.has(command));
  return { ...status, active: new Set(known) };
}
