import { yUndoPluginKey } from 'y-prosemirror';
import * as v from 'valibot';
import { UndoManager } from 'yjs';
import { FROM_HISTORY } from '../../client/documents/origins.ts';
import type { LaterPart } from './later.ts';

const undoState = v.object({ undoManager: v.instance(UndoManager) });

/** What is brought back from the history is an edit of one's own: undo takes it back. */
export const historyUndo: LaterPart = ({ view }) => {
  const state = v.safeParse(undoState, yUndoPluginKey.getState(view.state));
  if (state.success) state.output.undoManager.addTrackedOrigin(FROM_HISTORY);
  return [];
};
