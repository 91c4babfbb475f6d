import { type Awareness, applyAwarenessUpdate } from 'y-protocols/awareness';
import { type AwarenessEntry, formatAwareness, parseAwareness } from '../../../shared/sync/awareness.ts';

/** So many carets of others are shown. */
const mostCarets = 200;

/** The line that carets come over. */
interface CaretLine {
  /** Client ids that came over it; what is new is added. */
  readonly theirs: Set<number>;
  readonly origin: unknown;
}

/**
 * Shows carets that came from the owner's relay. It never speaks for a window of this browser, and there are never more than can be shown.
 * What cannot be read is not shown; nothing else depends on it.
 */
export function showCarets(awareness: Awareness, states: Uint8Array, { theirs, origin }: CaretLine): void {
  const shown = readCarets(states).filter(({ client, state }) => {
    if (theirs.has(client)) return true;
    const isNew = state !== null && !awareness.getStates().has(client) && theirs.size < mostCarets;
    if (isNew && client !== awareness.clientID) theirs.add(client);
    return theirs.has(client);
  });
  if (shown.length > 0) applyAwarenessUpdate(awareness, formatAwareness(shown), origin);
  for (const { client, state } of shown) if (state === null) theirs.delete(client);
}

function readCarets(states: Uint8Array): AwarenessEntry[] {
  try {
    return parseAwareness(states);
  } catch {
    return [];
  }
}
