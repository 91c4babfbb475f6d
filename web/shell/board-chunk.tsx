import { createRoot } from 'solid-js';
import { board } from '../apps/board/model.ts';
import { mapOf } from '../apps/board/model/board.ts';
import { mountBoard } from '../apps/board/mount.tsx';
import { appSession, createAppDocument } from '../state/app-document.ts';
import type { EditorSession, ForeignDocument } from '../state/text-app.ts';

/** Opens a board. */
export function openForeign(foreign: ForeignDocument): EditorSession {
  return createRoot((dispose) => {
    const scope = (doc: typeof foreign.open.doc) => [
      mapOf(doc, 'columns'),
      mapOf(doc, 'cards'),
      mapOf(doc, 'labels'),
    ];
    const { app, end } = createAppDocument(foreign, { model: board, scope });
    const mounted = mountBoard(foreign.element, app);
    return appSession(foreign, { ...mounted, close: () => (mounted.close(), end(), dispose()) });
  });
}
