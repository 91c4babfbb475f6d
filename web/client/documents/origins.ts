/** Origin of a Yjs transaction that applies rows from the relay: kept, shown, never sent back. */
export const FROM_REMOTE = 'remote';
/** Origin of a transaction that applies what another tab of this browser did. */
export const FROM_TAB = 'tab';
/** Origin of a transaction that replays the last moments found in localStorage. */
export const FROM_NET = 'net';
/** Origin of a transaction that loads what IndexedDB already holds. */
export const FROM_STORE = 'store';
/** Origin of a transaction that brings back what a document was before: an edit like any, which the editor can undo. */
export const FROM_HISTORY = 'history';
