import type { Node } from 'prosemirror-model';
import { type Command, EditorState, Plugin } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import type { Transaction } from 'yjs';
import type { OpenDocument } from '../../client/documents/documents.ts';
import { adopt } from './adopt.ts';
import { type Content, takeContent } from './content.ts';
import { contentSync, isEmpty, isLong } from './content-sync.ts';
import { createRawView, createTaskView } from './block-views.ts';
import { type EditorUser, namedCarets } from './carets.ts';
import {
  type ActiveBlock,
  type CommandName,
  activeBlock,
  activeMarks,
  commands,
  linkAt,
  setLink,
} from './commands.ts';
import { type ImageLabels, type LoadBlob, createImageView } from './image-view.ts';
import type { LaterPart } from './later.ts';
import { lineAfterEnd } from './line-after-end.ts';
import { markdownInputRules } from './input-rules.ts';
import { editorKeys } from './keymap.ts';
import { openLinks } from './links.ts';
import { nextFrame } from './next-frame.ts';
import { type SaveBlob, pasteAndDrop } from './paste.ts';
import { nodeViews, showAgain } from './node-views.ts';
import { mountReadOnly } from './read-only.ts';
import { schema } from './schema.ts';
import { becameTooDeep } from './too-deep.ts';
import { lastingUndo } from './undo.ts';

/** Words of the editor, in the reader's language. */
export interface EditorLabels extends ImageLabels {
  /** Name of the text field for screen readers. */
  editor: string;
  /** Shown in an empty document. */
  placeholder: string;
  /** Name of a checkbox whose task has no text yet. */
  task: string;
  /** Caption of source that is kept but cannot be shown. */
  rawBlock: string;
  /** Said above a document that a later version made, or that is nested too deeply to edit it. */
  newerSchema: string;
}

export interface EditorOptions {
  user: EditorUser;
  labels: EditorLabels;
  loadBlob: LoadBlob;
  saveBlob: SaveBlob;
  readOnly?(): boolean;
  /** Whether what is written here may raise the document's schema version (J10). */
  mayRaise?(): boolean;
  onEscape?: () => void;
  /** Told when a picture could not be kept, or a part of the editor could not be fetched. */
  onError?: (error: unknown) => void;
  /** What may come when the text is already there. */
  later?(): Promise<LaterPart>;
}

/** What a toolbar shows. */
export interface EditorStatus {
  marks: string[];
  block: ActiveBlock;
  /** Address of the link at the caret; empty when there is none. */
  link: string;
  canUndo: boolean;
  canRedo: boolean;
}

/** An editor on the page. */
export interface MountedEditor {
  /** `undefined` while the document is only shown. */
  readonly view: EditorView | undefined;
  focus(): void;
  /** Inserts what was typed before the editor was there: at the caret, or at the end when there is content. Not where one may only read. */
  adopt(text: string): void;
  /** Runs a command at the selection; false when it does not apply there. */
  run(name: CommandName): boolean;
  setLink(href: string, title?: string): boolean;
  /** Keeps pictures and puts them at the caret. */
  insertPictures(files: File[]): Promise<void>;
  status(): EditorStatus;
  /** Called after every change of selection or text. Returns its end. */
  subscribe(listener: (status: EditorStatus) => void): () => void;
  destroy(): void;
}

const NOTHING: EditorStatus = { marks: [], block: 'other', link: '', canUndo: false, canRedo: false };

/** Binds an editor to a document and puts it into `element`. */
export function mountEditor(element: HTMLElement, open: OpenDocument, options: EditorOptions): MountedEditor {
  const fragment = open.doc.getXmlFragment('content');
  const listeners = new Set<(status: EditorStatus) => void>();
  let view: EditorView | undefined;
  let unmountPlain: (() => void) | undefined;

  const status = (): EditorStatus => (view === undefined ? NOTHING : readStatus(view.state));
  const tell = (): void => {
    for (const listener of [...listeners]) listener(status());
  };
  const showPlain = (): void => {
    unmountPlain ??= mountReadOnly(element, fragment, options.labels.newerSchema);
  };
  const unbindWhenStrange = (transaction: Transaction): void => {
    const isStrange =
      open.state !== 'editable' || (!transaction.local && becameTooDeep(fragment, transaction));
    if (view === undefined || !isStrange) return;
    // Before the observers run, so that nothing unknown reaches y-prosemirror.
    view.destroy();
    view = undefined;
    queueMicrotask(() => {
      showPlain();
      tell();
    });
  };
  const run = (command: Command): boolean => {
    if (view === undefined) return false;
    const done = command(view.state, view.dispatch, view);
    view.focus();
    return done;
  };

  const content = takeContent(open);
  if (content === undefined) showPlain();
  else view = createView(element, open, content, options, tell);
  open.doc.on('beforeObserverCalls', unbindWhenStrange);
  return {
    get view() {
      return view;
    },
    focus: () => view?.focus(),
    adopt: (text) => (view?.editable ? adopt(view, text) : undefined),
    run: (name) => run(commands[name]),
    setLink: (href, title) => run(setLink(href, title)),
    async insertPictures(files) {
      for (const file of files) {
        const blob = await options.saveBlob(file);
        const node = schema.nodes.image.create({ alt: file.name.replace(/\.[^.]*$/, ''), blob });
        view?.dispatch(view.state.tr.replaceSelectionWith(node).scrollIntoView());
      }
    },
    status,
    subscribe(listener) {
      listeners.add(listener);
      listener(status());
      return () => listeners.delete(listener);
    },
    destroy() {
      open.doc.off('beforeObserverCalls', unbindWhenStrange);
      view?.destroy();
      view = undefined;
      unmountPlain?.();
      listeners.clear();
    },
  };
}

function createView(
  element: HTMLElement,
  open: OpenDocument,
  content: Content,
  options: EditorOptions,
  onChange: () => void,
): EditorView {
  const { labels, readOnly = () => false } = options;
  const { doc: loaded, mapping } = content;
  // An empty fragment gives a document without a line to write on.
  const doc = loaded.childCount === 0 ? schema.topNodeType.createAndFill() : loaded;
  const view: EditorView = new EditorView(element, {
    state: EditorState.create({ ...(doc && { doc }), schema, plugins: plugins(open, options, mapping) }),
    editable: () => !readOnly(),
    nodeViews: nodeViews(),
    attributes: (state) => ({
      class: classOf(state.doc),
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': labels.editor,
      'data-placeholder': labels.placeholder,
      ...(readOnly() ? { 'aria-readonly': 'true', tabindex: '0' } : {}),
    }),
    dispatchTransaction(transaction) {
      // y-prosemirror tells of carets a moment later, when the document may have been left.
      if (view.isDestroyed) return;
      view.updateState(view.state.apply(transaction));
      onChange();
    },
  });
  fetchLater(view, options).then(
    (part) => part && addLater(view, part, open, options),
    (error: unknown) => options.onError?.(error),
  );
  return view;
}

function classOf(doc: Node): string {
  if (isEmpty(doc)) return 'text-editor text-empty';
  return isLong(doc) ? 'text-editor text-long' : 'text-editor';
}

async function fetchLater(view: EditorView, { later }: EditorOptions): Promise<LaterPart | undefined> {
  // A long text is drawn before there is more to it.
  if (isLong(view.state.doc)) await nextFrame();
  return later?.();
}

/** The parts that came later stand first: they may keep a key to themselves. */
function addLater(view: EditorView, part: LaterPart, open: OpenDocument, options: EditorOptions): void {
  if (view.isDestroyed) return;
  if (view.composing) {
    // A word that is being put together would be cut off.
    const again = () => addLater(view, part, open, options);
    return view.dom.addEventListener('compositionend', () => setTimeout(again), { once: true });
  }
  const { saveBlob, onError = () => undefined, mayRaise = () => true } = options;
  const { state } = view;
  const mayWriteNew = () => mayRaise() || Number(open.doc.getMap('meta').get('schema')) >= 2;
  const added = part({ view, open, saveBlob, mayWriteNew, onError });
  view.updateState(state.reconfigure({ plugins: [...added, ...state.plugins] }));
  showAgain(view, added);
}

function plugins(open: OpenDocument, options: EditorOptions, mapping: Content['mapping']): Plugin[] {
  const fragment = open.doc.getXmlFragment('content');
  const { labels, saveBlob, mayRaise = () => true, onError = () => undefined } = options;
  return [
    contentSync({ fragment, mapping, mayRaise }),
    namedCarets(open.awareness, options.user),
    lastingUndo(),
    markdownInputRules(),
    ...editorKeys(options.onEscape),
    pasteAndDrop({ saveBlob, onError }),
    openLinks(),
    lineAfterEnd(),
    // In a plugin: what comes later may show them in its own way.
    new Plugin({
      props: {
        nodeViews: {
          image: (node) => createImageView(node, options.loadBlob, labels),
          task_item: (node, editor, getPos) => createTaskView(node, editor, getPos, labels.task),
          raw_block: (node) => createRawView(node, labels.rawBlock),
        },
      },
    }),
  ];
}

function readStatus(state: EditorState): EditorStatus {
  return {
    marks: activeMarks(state),
    block: activeBlock(state),
    link: linkAt(state),
    canUndo: commands.undo(state),
    canRedo: commands.redo(state),
  };
}
