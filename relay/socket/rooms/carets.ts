import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { type AwarenessEntry, stampAwareness } from '../../../shared/sync/awareness.ts';

/** Client ids of one connection at a time. */
const mostClients = 8;

/** Who is where in a document. Each Yjs client id belongs to the connection that named it first (SPEC Z7). */
export interface Carets {
  /**
   * @param from the connection
   * @param as who it is
   * @returns what is to be passed on: what is its own, in its name
   */
  take(from: object, as: IdTag, entries: readonly AwarenessEntry[]): AwarenessEntry[];
  /** A connection has ended. @returns that its carets are gone */
  leave(from: object): AwarenessEntry[];
  all(): AwarenessEntry[];
}

interface Held {
  readonly from: object;
  readonly entry: AwarenessEntry;
}

/** @param owner whose document it is: its devices have names among themselves that are not for guests */
export function createCarets(owner: IdTag): Carets {
  const held = new Map<number, Held>();

  const take = (from: object, entry: AwarenessEntry, own: Set<number>): boolean => {
    const known = held.get(entry.client);
    // Clients also tell what they heard of others: who it is of tells it himself.
    if (known && known.from !== from) return false;
    if (entry.state === null) {
      own.delete(entry.client);
      return held.delete(entry.client);
    }
    if (!known && own.size >= mostClients) return false;
    own.add(entry.client);
    held.set(entry.client, { from, entry });
    return true;
  };

  return {
    take(from, as, entries) {
      const own = new Set([...held].flatMap(([client, known]) => (known.from === from ? [client] : [])));
      return entries.flatMap((entry) => {
        const stamped = stampAwareness(entry, as, as === owner);
        return stamped && take(from, stamped, own) ? [stamped] : [];
      });
    },
    leave(from) {
      const gone = [...held.values()].filter((known) => known.from === from);
      for (const { entry } of gone) held.delete(entry.client);
      return gone.map(({ entry }) => ({ client: entry.client, clock: entry.clock + 1, state: null }));
    },
    all: () => [...held.values()].map(({ entry }) => entry),
  };
}
