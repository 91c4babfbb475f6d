import type { Node } from 'prosemirror-model';
import { EditorState, Plugin, type Transaction } from 'prosemirror-state';
import { initProseMirrorDoc, updateYFragment, ySyncPluginKey } from 'y-prosemirror';
import * as Y from 'yjs';
import { schema } from '../schema.ts';
import { createAnchor } from './anchors.ts';
import { changedRange, commentKey, commentPlugin, contentOf, moveAnchors } from './comment-plugin.ts';
import { addThread, readThreads } from './threads.ts';

/** A device with the document in an editor, without a screen; edits reach the shared content as y-prosemirror writes them. */
export class Device {
  readonly ydoc = new Y.Doc();
  readonly #fragment = this.ydoc.getXmlFragment('content');
  #meta = initProseMirrorDoc(this.#fragment, schema).meta;
  state: EditorState;

  constructor(...lines: string[]) {
    const sync = new Plugin({
      key: ySyncPluginKey,
      state: { init: () => this.#sync(), apply: () => this.#sync() },
    });
    const comments = commentPlugin(this.ydoc, { onChange: () => undefined, onPick: () => undefined });
    this.state = EditorState.create({ schema, plugins: [comments, sync] });
    if (lines.length > 0) this.edit((tr) => tr.replaceWith(0, tr.doc.content.size, lines.map(paragraph)));
  }

  #sync() {
    return { binding: { mapping: this.#meta.mapping } };
  }

  /** An edit of the person here. */
  edit(change: (tr: Transaction) => unknown): void {
    const before = this.state.doc;
    const { tr } = this.state;
    change(tr);
    this.state = this.state.apply(tr);
    this.ydoc.transact(() => void updateYFragment(this.ydoc, this.#fragment, this.state.doc, this.#meta));
    this.#keepThreads(before);
  }

  #keepThreads(before: Node): void {
    const changed = changedRange(before, this.state.doc);
    if (changed) moveAnchors(this.state, this.ydoc, changed);
    this.#showThreads();
  }

  undo(manager: Y.UndoManager): void {
    const before = this.state.doc;
    manager.undo();
    this.#show(true);
    this.#keepThreads(before);
  }

  /** What came from elsewhere into the shared content. */
  #show(isUndoRedoOperation: boolean): void {
    const { doc, meta } = initProseMirrorDoc(this.#fragment, schema);
    this.#meta = meta;
    const { tr } = this.state;
    tr.replaceWith(0, tr.doc.content.size, doc.content);
    this.state = this.state.apply(tr.setMeta(ySyncPluginKey, { isChangeOrigin: true, isUndoRedoOperation }));
    this.#showThreads();
  }

  receive(other: Device): void {
    Y.applyUpdate(this.ydoc, Y.encodeStateAsUpdate(other.ydoc, Y.encodeStateVector(this.ydoc)), 'elsewhere');
    this.#show(false);
  }

  #showThreads(): void {
    this.state = this.state.apply(this.state.tr.setMeta(commentKey, { threads: readThreads(this.ydoc) }));
  }

  /** Where a text stands. */
  find(text: string): { from: number; to: number } {
    let found = -1;
    this.state.doc.descendants((node, pos) => {
      const at = node.isTextblock ? node.textContent.indexOf(text) : -1;
      if (at !== -1 && found === -1) found = pos + 1 + at;
    });
    if (found === -1) throw new Error(`“${text}” is not there`);
    return { from: found, to: found + text.length };
  }

  comment(id: string, words: string, text = 'said'): void {
    const content = contentOf(this.state, this.#fragment);
    if (content === undefined) throw new Error('there is no content');
    const message = { id: `m-${id}`, by: 'alice.test', name: 'Alice', at: 1, text };
    addThread(this.ydoc, id, { anchor: createAnchor(content, this.find(words)), quote: words, message });
    this.#showThreads();
  }

  /** The words that a thread is about, as they are marked; undefined when they are gone. */
  words(id: string): string | undefined {
    const range = commentKey.getState(this.state)?.ranges.get(id);
    return range && this.state.doc.textBetween(range.from, range.to, '|');
  }
}

function paragraph(text: string): Node {
  return schema.nodes.paragraph.create(null, text === '' ? [] : [schema.text(text)]);
}

/** Brings devices to the same state, whoever wrote what. */
export function exchange(...devices: Device[]): void {
  for (const one of devices) for (const other of devices) if (one !== other) one.receive(other);
}
