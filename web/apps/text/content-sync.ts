import type { Node } from 'prosemirror-model';
import { Plugin } from 'prosemirror-state';
import { type initProseMirrorDoc, ySyncPlugin } from 'y-prosemirror';
import type * as Y from 'yjs';
import { schema } from './schema.ts';

type Mapping = ReturnType<typeof initProseMirrorDoc>['mapping'];

/**
 * Keeps view and shared content alike. The line that an empty document needs on the screen is not written
 * before there is something on it: written after an undo, y-prosemirror counts it as a new change, and redo is lost.
 */
export function contentSync(fragment: Y.XmlFragment, mapping: Mapping): Plugin {
  const { spec } = ySyncPlugin(fragment, { mapping }) as Plugin;
  return new Plugin({
    ...spec,
    view(view) {
      const inner = spec.view?.(view) ?? {};
      return {
        ...inner,
        update(now, before) {
          if (fragment.length > 0 || !isEmpty(now.state.doc)) inner.update?.(now, before);
        },
      };
    },
  });
}

/** Whether a document is one line with nothing on it. */
export function isEmpty(doc: Node): boolean {
  const { firstChild } = doc;
  return doc.childCount === 1 && firstChild?.type === schema.nodes.paragraph && firstChild.content.size === 0;
}
