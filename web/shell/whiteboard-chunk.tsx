import { createRoot } from 'solid-js';
import { whiteboard } from '../apps/whiteboard/model.ts';
import { objectsOf } from '../apps/whiteboard/model/objects.ts';
import { mountWhiteboard } from '../apps/whiteboard/mount.tsx';
import { appSession, createAppDocument } from '../state/app-document.ts';
import type { EditorSession, ForeignDocument } from '../state/text-app.ts';

/** Opens a whiteboard. */
export function openForeign(foreign: ForeignDocument): EditorSession {
  return createRoot((dispose) => {
    const { app, end } = createAppDocument(foreign, { model: whiteboard, scope: (doc) => [objectsOf(doc)] });
    const mounted = mountWhiteboard(foreign.element, app);
    return appSession(foreign, { ...mounted, close: () => (mounted.close(), end(), dispose()) });
  });
}
