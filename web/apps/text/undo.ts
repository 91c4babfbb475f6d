import { Plugin } from 'prosemirror-state';
import { yUndoPlugin } from 'y-prosemirror';

type PluginView = NonNullable<ReturnType<NonNullable<Plugin['spec']['view']>>>;

/** Undo of one's own changes. It outlives the plugins that come later: y-prosemirror forgets everything with its view. */
export function lastingUndo(): Plugin {
  const { spec } = yUndoPlugin() as Plugin;
  let inner: PluginView | undefined;
  return new Plugin({
    ...spec,
    view(view) {
      const kept = (inner ??= spec.view?.(view) ?? {});
      const end = () => (view.isDestroyed ? kept.destroy?.() : undefined);
      return { ...kept, destroy: () => queueMicrotask(end) };
    },
  });
}
