/** What the packages give as they are: y-indexeddb, and ProseMirror bound by y-prosemirror when the document is there. */
import { baseKeymap } from 'prosemirror-commands';
import { keymap } from 'prosemirror-keymap';
import { Schema } from 'prosemirror-model';
import { EditorState } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import { IndexeddbPersistence } from 'y-indexeddb';
import { initProseMirrorDoc, ySyncPlugin, yUndoPlugin } from 'y-prosemirror';
import * as Y from 'yjs';

const schema = new Schema({
  nodes: {
    doc: { content: 'paragraph+' },
    paragraph: { content: 'text*', toDOM: () => ['p', 0], parseDOM: [{ tag: 'p' }] },
    text: {},
  },
});

/** Milliseconds of `performance.now()`. */
interface Opening {
  began: number;
  /** The document is in memory. */
  loaded: number;
}

async function fill(snapshot: Uint8Array): Promise<void> {
  const doc = new Y.Doc();
  const persistence = new IndexeddbPersistence('long', doc);
  await persistence.whenSynced;
  Y.applyUpdate(doc, snapshot);
  // One row, as after a trim: an older one would be loaded too.
  await persistence.set('filled', 1);
  await persistence.destroy();
}

async function openDocument(): Promise<Opening> {
  const began = performance.now();
  const doc = new Y.Doc();
  await new IndexeddbPersistence('long', doc).whenSynced;
  const loaded = performance.now();
  const fragment = doc.getXmlFragment('content');
  const { doc: content, mapping } = initProseMirrorDoc(fragment, schema);
  const plugins = [ySyncPlugin(fragment, { mapping }), yUndoPlugin(), keymap(baseKeymap)];
  const view = new EditorView(document.querySelector('#column'), {
    state: EditorState.create({ doc: content, plugins }),
  });
  view.focus();
  return { began, loaded };
}

Object.assign(globalThis, { fill, openDocument });
