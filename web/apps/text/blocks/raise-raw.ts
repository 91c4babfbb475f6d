import type { Node } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { prosemirrorToYXmlFragment } from 'y-prosemirror';
import * as Y from 'yjs';
import type { LaterContext } from '../later.ts';
import { schemaVersionOf } from '../schema-version.ts';
import { schema } from '../schema.ts';

/** Reads Markdown; a block that it does not know becomes a raw block. */
export type ParseMarkdown = (source: string) => Node;

/**
 * Makes blocks of kept source whose Markdown the schema knows by now, when a document is opened to be edited (J11). It is
 * no step of one's own to undo.
 */
export function raiseRawBlocks({ view, open, mayWriteNew, onError }: LaterContext): Plugin {
  const { doc } = open;
  const raise = async (): Promise<void> => {
    const { parseMarkdown } = await import('../markdown/parse.ts');
    if (!view.isDestroyed && view.editable) raiseRaw(doc, { parse: parseMarkdown, mayWriteNew });
  };
  return new Plugin({
    view() {
      const settle = (): void => {
        // After y-prosemirror has seen what came.
        queueMicrotask(() => (view.editable ? settleRaised(doc) : undefined));
      };
      raisedOf(doc).observe(settle);
      settle();
      if (view.editable && rawBlocks(doc).length > 0) raise().catch(onError);
      return { destroy: () => raisedOf(doc).unobserve(settle) };
    },
  });
}

/** Puts blocks in place of kept source, in one transaction, and notes which came of what. */
export function raiseRaw(doc: Y.Doc, options: { parse: ParseMarkdown; mayWriteNew(): boolean }): void {
  const fragment = doc.getXmlFragment('content');
  const found = rawBlocks(doc);
  // Source that counts on definitions elsewhere means something else alone.
  const hasDefinitions = found.some(({ source }) => /^\s{0,3}\[[^\]]+\]:/m.test(source));
  const known = found
    .filter(({ source }) => !hasDefinitions || !source.includes('['))
    .flatMap(({ element, source }) => {
      const block = readBlock(source, options.parse);
      return block === undefined ? [] : [{ element, block }];
    })
    .filter(({ block }) => schemaVersionOf(block) === 1 || options.mayWriteNew());
  if (known.length === 0) return;
  doc.transact(() => {
    const meta = doc.getMap('meta');
    const needed = Math.max(...known.map(({ block }) => schemaVersionOf(block)));
    if (needed > (Number(meta.get('schema')) || 1)) meta.set('schema', needed);
    for (const { element, block } of known) {
      const at = fragment.toArray().indexOf(element);
      const from = idOf(element);
      const made = toElement(block);
      fragment.delete(at, 1);
      fragment.insert(at, [made]);
      raisedOf(doc).set(idOf(made), from);
    }
  });
}

/**
 * Two devices that raised the same source apart leave two blocks. All but the first go, whoever sees it; one that somebody
 * has changed since stays.
 */
export function settleRaised(doc: Y.Doc): void {
  const fragment = doc.getXmlFragment('content');
  const raised = raisedOf(doc);
  if (raised.size < 2) return;
  const groups = new Map<string, Y.XmlElement[]>();
  for (const child of fragment.toArray()) {
    const from = child instanceof Y.XmlElement ? raised.get(idOf(child)) : undefined;
    if (child instanceof Y.XmlElement && typeof from === 'string') {
      groups.set(from, [...(groups.get(from) ?? []), child]);
    }
  }
  // Two devices find the blocks in the same order, so they keep the same one.
  const extra = [...groups.values()].flatMap(([first, ...others]) =>
    others.filter((other) => other.toString() === first?.toString()),
  );
  if (extra.length === 0) return;
  doc.transact(() => {
    for (const element of extra) fragment.delete(fragment.toArray().indexOf(element), 1);
  });
}

/** Block that was raised → kept source that it came of, each as `client:clock`. */
function raisedOf(doc: Y.Doc): Y.Map<string> {
  return doc.getMap<string>('raised');
}

function rawBlocks(doc: Y.Doc): { element: Y.XmlElement; source: string }[] {
  return doc
    .getXmlFragment('content')
    .toArray()
    .flatMap((element) => {
      if (!(element instanceof Y.XmlElement) || element.nodeName !== 'raw_block') return [];
      const source: unknown = element.getAttribute('source');
      return typeof source === 'string' ? [{ element, source }] : [];
    });
}

/** The one block that a source is; undefined when some of it has no node. */
function readBlock(source: string, parse: ParseMarkdown): Node | undefined {
  const { content } = parse(source);
  const block = content.childCount === 1 ? content.firstChild : null;
  return block === null || block.type === schema.nodes.raw_block ? undefined : block;
}

function toElement(block: Node): Y.XmlElement {
  const fragment = new Y.Doc().getXmlFragment('content');
  prosemirrorToYXmlFragment(schema.nodes.doc.create(null, block), fragment);
  const made = fragment.get(0);
  if (!(made instanceof Y.XmlElement)) throw new Error(`not a block: ${block.type.name}`);
  return made.clone();
}

function idOf(element: Y.XmlElement): string {
  const id = element._item?.id;
  return id === undefined ? '' : `${id.client}:${id.clock}`;
}
