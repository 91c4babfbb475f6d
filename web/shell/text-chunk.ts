import { mountEditor, type EditorStatus, type MountedEditor } from '../apps/text/editor.ts';
import { keepPreview, showPreview } from '../apps/text/preview.ts';
import { openDocuments, type OpenDocument } from '../client/documents/documents.ts';
import { mayWrite } from '../client/rooms/may-write.ts';
import { saveBlob } from '../client/store/blobs.ts';
import { t } from '../i18n/translate.ts';
import { readBlob } from '../state/blobs.ts';
import { database, random } from '../state/documents.ts';
import {
  editorCommands,
  type EditorCommand,
  type EditorOptions,
  type EditorSession,
  type EditorState,
  type ForeignDocument,
  type TextApp,
} from '../state/text-app.ts';
import { watchPointing } from './read-ahead.ts';

export { showPreview };

/** The documents of this browser with the text editor; one chunk, because neither is of use alone. */
export async function openTextApp(): Promise<TextApp> {
  const db = await database();
  const documents = await openDocuments({ db, now: () => Date.now(), random });
  const ahead = watchPointing(documents);
  // Not reachable: the next page looks after it.
  import('../state/upkeep.ts').then(({ keepUp }) => keepUp(documents, db)).catch(() => undefined);
  return {
    documents,
    async openEditor(id, element, options) {
      const app = await appOf(documents.entry(id)?.type);
      const shown = showPreview(id, element);
      // What is to be read yet would stand in the way of its beginning.
      if (!ahead.holds(id)) await shown;
      const open = await documents.open(id);
      const preview = await shown;
      ahead.end();
      // Of somebody else's: what it takes is fetched when there is one.
      const room = documents.entry(id)?.owner ? await import('../state/rooms.ts') : undefined;
      const leave = room?.joinRoom(open) ?? (() => undefined);
      const readFile = async (file: string) => room?.readRoomFile(id, file);
      const loadBlob = async (blob: string) => (await readBlob(blob)) ?? room?.readRoomBlob(id, blob);
      const keepBlob = (blob: Blob) => room?.savePicture(db, id, blob) ?? saveBlob(db, blob);
      if (app) {
        const foreign = { documents, open, element, options, readFile, loadBlob, saveBlob: keepBlob };
        return closing(app.openForeign(foreign), leave);
      }
      element.replaceChildren();
      const editor = mountEditor(element, open, {
        user: options.user,
        labels: {
          editor: t('document.label'),
          placeholder: t(takeFirstVisit() ? 'document.first' : 'document.placeholder'),
          task: t('document.task'),
          rawBlock: t('document.raw'),
          newerSchema: t('document.newer'),
          showImage: (host) => t('document.showImage', { host }),
          imageMissing: t('document.imageMissing'),
        },
        loadBlob,
        saveBlob: keepBlob,
        readOnly: () => !mayWrite(documents.entry(id) ?? {}),
        mayRaise: () => documents.entry(id)?.owner === undefined,
        onEscape: () => options.onEscape(),
        onError: (error) => options.onError(error),
        later: () => import('./writing-chunk.ts').then((chunk) => chunk.writing),
      });
      // Its owner may give another right while it is open.
      const stop = documents.tree.onChange(() => editor.view?.setProps({}));
      const keep = keepPreview(id, editor, preview);
      return closing(createSession(open, editor, element, options), () => (keep(), stop(), leave()));
    },
  };
}

/** Whether this is the first document of a first visit, which was told more since before there was an editor (public/theme.js). */
function takeFirstVisit(): boolean {
  const { dataset } = document.documentElement;
  const isFirst = 'first' in dataset;
  delete dataset['first'];
  return isFirst;
}

function closing(session: EditorSession, first: () => void): EditorSession {
  return { ...session, close: () => (first(), session.close()) };
}

/** What shows documents of each other type; fetched when one is opened. */
const apps: Readonly<
  Record<string, () => Promise<{ openForeign(foreign: ForeignDocument): EditorSession }>>
> = {
  quill: () => import('./quill-chunk.ts'),
  board: () => import('./board-chunk.tsx'),
  whiteboard: () => import('./whiteboard-chunk.tsx'),
};

async function appOf(type = 'text') {
  if (type === 'text') return undefined;
  return (apps[type] ?? (() => import('./other-chunk.tsx')))();
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
    watchState: (listener) => editor.subscribe((status) => listener(readState(editor, status))),
    setUser: (user) => open.awareness.setLocalStateField('user', user),
    focus: () => editor.focus(),
    adopt: (text) => editor.adopt(text),
    run: (command) => void editor.run(commandNames[command]),
    setLink: (href) => editor.setLink(href),
    insertImage: (file) => editor.insertPictures([file]),
    close() {
      element.removeEventListener('keydown', onKeyDown);
      editor.destroy();
      open.close().catch((error: unknown) => options.onError(error));
    },
  };
}

const commandNames = {
  heading1: 'heading1',
  heading2: 'heading2',
  heading3: 'heading3',
  bold: 'strong',
  italic: 'em',
  strike: 'strike',
  code: 'code',
  bulletList: 'bulletList',
  orderedList: 'orderedList',
  taskList: 'taskList',
  quote: 'blockquote',
  codeBlock: 'codeBlock',
  undo: 'undo',
  redo: 'redo',
} as const satisfies Record<EditorCommand, Parameters<MountedEditor['run']>[0]>;

/** Names under which the editor reports a mark or block as being on. */
const shownAs: Partial<Record<EditorCommand, string>> = {
  ...commandNames,
  bulletList: 'bullet_list',
  orderedList: 'ordered_list',
  taskList: 'task_list',
  codeBlock: 'code_block',
};

function readState(editor: MountedEditor, status: EditorStatus): EditorState {
  const on = new Set([...status.marks, status.block]);
  return {
    editable: editor.view !== undefined,
    active: new Set(editorCommands.filter((command) => on.has(shownAs[command] ?? ''))),
    canUndo: status.canUndo,
    canRedo: status.canRedo,
    link: status.link || undefined,
  };
}
