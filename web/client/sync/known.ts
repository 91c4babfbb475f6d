import * as Y from 'yjs';

/**
 * What the relay is known to hold of a document: built only from rows that are in its log, so it never claims too much.
 * Kept encoded (`Y.encodeSnapshot`) in Dexie.
 */
export type Known = Y.Snapshot;

export const nothingKnown: Known = Y.emptySnapshot;

export function decodeKnown(encoded: Uint8Array | undefined): Known {
  return encoded ? Y.decodeSnapshot(encoded) : nothingKnown;
}

export function encodeKnown(known: Known): Uint8Array {
  return Y.encodeSnapshot(known);
}

/**
 * Adds rows that the relay holds. What stands behind a gap, between rows or inside one, adds nothing of that client: what is
 * missing there is not known to be anywhere.
 */
export function addRows(known: Known, updates: readonly Uint8Array[]): Known {
  const vector = new Map(known.sv);
  const deletions = [known.ds];
  for (const update of updates) {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs) {
      const { client, clock } = struct.id;
      const held = vector.get(client) ?? 0;
      const end = clock + struct.length;
      if (!(struct instanceof Y.Skip) && clock <= held && end > held) vector.set(client, end);
    }
    deletions.push(ds);
  }
  return Y.createSnapshot(Y.mergeDeleteSets(deletions), vector);
}

/** Whether the relay holds everything that is in the document, deletions included. */
export function holdsAll(known: Known, doc: Y.Doc): boolean {
  return covers(known, Y.snapshot(doc));
}

/**
 * Whether the document has everything that the relay holds of it, deletions included: what equal state vectors do not tell (SPEC S17).
 * Deletions of what the relay does not hold itself ask for nothing.
 */
export function isHeldBy(known: Known, doc: Y.Doc): boolean {
  const { sv, ds } = known;
  const placed = new Map(
    [...ds.clients].map(([client, ranges]) => [
      client,
      ranges.filter(({ clock, len }) => clock + len <= (sv.get(client) ?? 0)),
    ]),
  );
  return covers(Y.snapshot(doc), { sv, ds: { clients: placed } });
}

type Part = Pick<Y.Snapshot, 'sv'> & { readonly ds: Pick<Y.Snapshot['ds'], 'clients'> };

function covers(all: Y.Snapshot, part: Part): boolean {
  for (const [client, clock] of part.sv) if ((all.sv.get(client) ?? 0) < clock) return false;
  for (const [client, ranges] of part.ds.clients) {
    const held = all.ds.clients.get(client) ?? [];
    const isHeld = ({ clock, len }: { clock: number; len: number }): boolean =>
      held.some((range) => range.clock <= clock && clock + len <= range.clock + range.len);
    if (!ranges.every(isHeld)) return false;
  }
  return true;
}

/** What the relay lacks of the document, as one update. */
export function missingUpdate(known: Known, doc: Y.Doc): Uint8Array {
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(known.sv));
}
