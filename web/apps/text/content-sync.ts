import type { Node } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { ySyncPlugin, ySyncPluginKey } from 'y-prosemirror';
import * as Y from 'yjs';
import type { Content } from './content.ts';
import { schemaVersionOf } from './schema-version.ts';
import { schema } from './schema.ts';

/** More blocks than two screens show. */
const LONG = 100;

interface ContentSync {
  fragment: Y.XmlFragment;
  mapping: Content['mapping'];
  /** Whether what is written here may raise the document's schema version: a guest's may not. */
  mayRaise(): boolean;
}

/**
 * Keeps view and shared content alike. The line that an empty document needs on the screen is not written
 * before there is something on it: written after an undo, y-prosemirror counts it as a new change, and redo is lost.
 * A document says the greater schema version before it has what only that one knows (J10).
 */
export function contentSync({ fragment, mapping, mayRaise }: ContentSync): Plugin {
  const { spec } = ySyncPlugin(fragment, { mapping }) as Plugin;
  const meta = fragment.doc?.getMap('meta') ?? new Y.Map();
  return new Plugin({
    ...spec,
    // What came from others is never refused: it is there already.
    filterTransaction: (tr) =>
      !tr.docChanged || mayRaise() || tr.getMeta(ySyncPluginKey) !== undefined || !isBeyond(meta, tr.doc),
    view(view) {
      const inner = spec.view?.(view) ?? {};
      return {
        ...inner,
        update(now, before) {
          const { doc } = now.state;
          if (doc !== before.doc && mayRaise()) raiseSchema(meta, doc);
          if (fragment.length > 0 || !isEmpty(doc)) inner.update?.(now, before);
        },
      };
    },
  });
}

/** Has a document say the schema version that its content needs (J10). */
export function raiseSchema(meta: Y.Map<unknown>, content: Node): void {
  if (isBeyond(meta, content)) meta.set('schema', schemaVersionOf(content));
}

/** Whether content needs a greater version than the document says. */
function isBeyond(meta: Y.Map<unknown>, content: Node): boolean {
  return schemaVersionOf(content) > (Number(meta.get('schema')) || 1);
}

/** Whether a document is one line with nothing on it. */
export function isEmpty(doc: Node): boolean {
  const { firstChild } = doc;
  return doc.childCount === 1 && firstChild?.type === schema.nodes.paragraph && firstChild.content.size === 0;
}

/** Whether a document has so many blocks that its beginning is shown before the rest is read. */
export function isLong(doc: Node): boolean {
  return doc.childCount > LONG;
}
