import { type Accessor, createSignal } from 'solid-js';
import * as v from 'valibot';
import * as Y from 'yjs';
import { type DocumentModel, isNewerThan } from '../client/documents/document-model.ts';
import type { OpenDocument } from '../client/documents/documents.ts';
import { cleanTitle } from '../client/documents/title.ts';
import { mayWrite } from '../client/rooms/may-write.ts';
import type { EditorSession, ForeignDocument } from './text-app.ts';

/** Somebody else who has the document open. */
export interface Other {
  client: number;
  name: string;
  /** `#rrggbb`. */
  color: string;
  /** Where they are, as their app says it: parse it. */
  at: unknown;
}

/** A document of a type that is drawn by Solid, as its app sees it. */
export interface AppDocument {
  readonly open: OpenDocument;
  readonly doc: Y.Doc;
  readonly title: Accessor<string>;
  /** Cleaned first; it is the name of the document's entry. */
  setTitle(title: string): void;
  /** False for somebody who may only read, and for a document of a later version. */
  readonly writable: Accessor<boolean>;
  readonly newer: Accessor<boolean>;
  readonly others: Accessor<Other[]>;
  /** Tells the others where we are. */
  say(at: unknown): void;
  /** Changes the document in one step that is taken back by itself. Does nothing when it may not be written. */
  edit(change: () => void): void;
  /** Origin of changes that belong together with those before, as typed letters do. */
  readonly origin: object;
  /** What stands in the document, read again after every change. */
  read<T>(from: (doc: Y.Doc) => T): Accessor<T>;
  undo(): void;
  redo(): void;
  readonly canUndo: Accessor<boolean>;
  readonly canRedo: Accessor<boolean>;
  onError(error: unknown): void;
  onEscape(): void;
  loadBlob: ForeignDocument['loadBlob'];
  saveBlob: ForeignDocument['saveBlob'];
}

export interface AppParts {
  model: DocumentModel;
  /** What undo looks after. */
  scope(doc: Y.Doc): ConstructorParameters<typeof Y.UndoManager>[0];
}

const nameShape = v.fallback(v.string(), '');
const colorShape = v.fallback(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i)), '#5d646c');

/** The document for its app, and the end of it. */
export function createAppDocument(
  { documents, open, element, options, loadBlob, saveBlob }: ForeignDocument,
  { model, scope }: AppParts,
): { app: AppDocument; end: () => void } {
  const { doc, awareness } = open;
  const origin = {};
  const entry = () => documents.entry(open.id);
  const manager = new Y.UndoManager(scope(doc), { trackedOrigins: new Set([origin]) });
  const ends: (() => void)[] = [];
  /** A signal of what `read` finds, read again whenever `listen` calls. */
  const follow = <T>(read: () => T, listen: (again: () => void) => () => void): Accessor<T> => {
    const [value, setValue] = createSignal(read());
    ends.push(listen(() => setValue(() => read())));
    return value;
  };
  const onEdits = (again: () => void) => listenTo(doc, 'afterTransaction', again);
  const onUndo = (again: () => void) => {
    const names = ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const;
    for (const name of names) manager.on(name, again);
    return () => names.forEach((name) => manager.off(name, again));
  };
  const newer = follow(() => isNewerThan(doc, model), onEdits);
  const allowed = follow(
    () => mayWrite(entry() ?? {}),
    (again) => documents.tree.onChange(again),
  );
  const writable = () => allowed() && !newer();
  documents.describeAs(entry()?.type ?? '', (its) => model.describe(its));
  const app: AppDocument = {
    ...{ open, doc, origin, newer, writable, loadBlob, saveBlob },
    title: follow(
      () => entry()?.title ?? '',
      (again) => documents.tree.onChange(again),
    ),
    setTitle: (title) => documents.setTitle(open.id, cleanTitle(title)),
    others: follow(
      () => readOthers(open),
      (again) => listenTo(awareness, 'change', again),
    ),
    say: (at) => awareness.setLocalStateField('at', at),
    edit(change) {
      if (!writable()) return;
      manager.stopCapturing();
      doc.transact(change, origin);
      manager.stopCapturing();
    },
    read: (from) => follow(() => from(doc), onEdits),
    undo: () => void (writable() && manager.undo()),
    redo: () => void (writable() && manager.redo()),
    canUndo: follow(() => manager.canUndo(), onUndo),
    canRedo: follow(() => manager.canRedo(), onUndo),
    onError: (error) => options.onError(error),
    onEscape: () => options.onEscape(),
  };
  awareness.setLocalStateField('user', options.user);
  // A name is taken when its field is left: so it is when the page is, before what is unsaved is kept.
  const leave = (): void => {
    const at = document.activeElement;
    if (at instanceof HTMLElement && element.contains(at)) at.blur();
  };
  addEventListener('pagehide', leave, true);
  ends.push(() => removeEventListener('pagehide', leave, true));
  const end = (): void => {
    for (const one of ends) one();
    manager.destroy();
  };
  return { app, end };
}

interface Emitter {
  on(name: string, listener: () => void): unknown;
  off(name: string, listener: () => void): unknown;
}

function listenTo(emitter: unknown, name: string, listener: () => void): () => void {
  const source = emitter as Emitter;
  source.on(name, listener);
  return () => void source.off(name, listener);
}

/** They send what they like: only a short name and a plain colour are taken from it. */
function readOthers({ awareness, doc }: OpenDocument): Other[] {
  return [...awareness.getStates()].flatMap(([client, state]) => {
    const user: unknown = state['user'];
    if (client === doc.clientID || typeof user !== 'object' || user === null) return [];
    const name = v.parse(nameShape, Reflect.get(user, 'name')).slice(0, 40);
    return { client, name, color: v.parse(colorShape, Reflect.get(user, 'color')), at: state['at'] };
  });
}

/** What an app has put on the page. */
export interface MountedApp {
  focus(): void;
  insertImage?(file: File): Promise<void>;
  close(): void;
}

const plain = {
  ...{ editable: false, active: new Set<never>(), link: undefined },
  ...{ canUndo: false, canRedo: false },
};

/** The session by which the page of a document holds an app. Its own tools are the app's; the page shows none of text. */
export function appSession({ open, options }: ForeignDocument, mounted: MountedApp): EditorSession {
  return {
    watchSaved: (listener) => open.saved.subscribe(listener),
    watchState: (listener) => (listener(plain), () => undefined),
    setUser: (user) => open.awareness.setLocalStateField('user', user),
    focus: () => mounted.focus(),
    adopt(text) {
      mounted.focus();
      // Like keys: into a field, as that of a new document's name, and else nowhere.
      document.execCommand('insertText', false, text.replace(/\n.*/s, ''));
    },
    run: () => undefined,
    setLink: () => false,
    insertImage: async (file) => mounted.insertImage?.(file),
    close() {
      mounted.close();
      open.close().catch((error: unknown) => options.onError(error));
    },
  };
}
