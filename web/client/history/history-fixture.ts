import * as Y from 'yjs';
import type { Change } from './timeline.ts';

/** Somebody who writes in a document, and what came of it in the order in which it happened. */
export interface Writer {
  readonly doc: Y.Doc;
  readonly name: string;
}

/** A document with the kinds of content that there are, written by several people who see each other now and then. */
export interface WrittenHistory {
  readonly writers: readonly Writer[];
  readonly changes: Change[];
  /** One random edit of one writer. */
  edit(dice: () => number): void;
  /** Everybody has everything. */
  exchange(): void;
}

export function createWrittenHistory(names: readonly string[]): WrittenHistory {
  const changes: Change[] = [];
  const writers = names.map((name, i) => {
    const doc = new Y.Doc();
    doc.clientID = i + 1;
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'exchange') return;
      changes.push({ update, author: name, at: 1_000 * changes.length, kind: 'signed' });
    });
    return { doc, name };
  });
  return {
    writers,
    changes,
    edit(dice) {
      const pick = (n: number): number => Math.floor(dice() * n);
      const { doc } = writers[pick(writers.length)]!;
      doc.transact(() => editAtRandom(doc, pick));
    },
    exchange() {
      for (const to of writers)
        for (const from of writers)
          Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc)), 'exchange');
    },
  };
}

export function addParagraph(doc: Y.Doc, at: number, words: string): void {
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(words)]);
  doc.getXmlFragment('content').insert(at, [paragraph]);
}

export function textAt(doc: Y.Doc, at: number): Y.XmlText | undefined {
  const block = doc.getXmlFragment('content').get(at);
  const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
  return text instanceof Y.XmlText ? text : undefined;
}

function editAtRandom(doc: Y.Doc, pick: (n: number) => number): void {
  const content = doc.getXmlFragment('content');
  const tasks = doc.getMap<unknown>('tasks');
  const list = doc.getArray<unknown>('list');
  const at = pick(content.length + 1);
  const block = content.get(Math.min(at, content.length - 1));
  const text = textAt(doc, Math.min(at, content.length - 1));
  switch (pick(9)) {
    case 0:
      return addParagraph(doc, at, `line ${pick(100)}`);
    case 1:
    case 2:
      return text?.insert(pick(text.length + 1), `${pick(1000)} `);
    case 3:
      return text && text.length > 0 ? text.delete(pick(text.length), 1) : undefined;
    case 4:
      return text && text.length > 2
        ? text.format(pick(text.length - 2), 2, pick(2) ? { strong: {} } : { strong: null })
        : undefined;
    case 5:
      return content.length > 2 ? content.delete(Math.min(at, content.length - 1), 1) : undefined;
    case 6:
      if (block instanceof Y.XmlElement) block.setAttribute('level', String(pick(4)));
      return;
    case 7: {
      const key = `task ${pick(4)}`;
      if (pick(3) === 0) tasks.delete(key);
      else tasks.set(key, pick(2) ? new Y.Map([['title', `t${pick(50)}`]]) : pick(50));
      return;
    }
    default:
      return list.length > 3
        ? list.delete(pick(list.length), 1)
        : list.insert(pick(list.length + 1), [pick(9)]);
  }
}

/** All that a document shows, as values. */
export function valuesIn(doc: Y.Doc): unknown {
  return [
    doc
      .getXmlFragment('content')
      .toArray()
      .map((child) => shapeOf(child)),
    doc.getMap('tasks').toJSON(),
    doc.getArray('list').toJSON(),
  ];
}

function shapeOf(node: unknown): unknown {
  if (node instanceof Y.XmlText) return joined(node.toDelta());
  if (!(node instanceof Y.XmlElement)) return null;
  return [node.nodeName, node.getAttributes(), node.toArray().map((child) => shapeOf(child))];
}

/** Neighbours with the same marks as one: where the text was cut says nothing. */
function joined(delta: { insert?: unknown; attributes?: unknown }[]): [string, string][] {
  const runs: [string, string][] = [];
  for (const { insert, attributes } of delta) {
    const marks = JSON.stringify(attributes ?? {});
    const last = runs.at(-1);
    if (last?.[1] === marks) last[0] += String(insert);
    else runs.push([String(insert), marks]);
  }
  return runs;
}

/** What a document is after the first `count` changes, by playing them from nothing. */
export function replay(changes: readonly Change[], count: number): Y.Doc {
  const doc = new Y.Doc();
  for (const { update } of changes.slice(0, count)) Y.applyUpdate(doc, update);
  return doc;
}
