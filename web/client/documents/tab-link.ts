import * as v from 'valibot';

const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array);
const saveState = v.variant('kind', [
  v.object({ kind: v.literal('saved'), at: v.number() }),
  v.object({ kind: v.literal('saving'), since: v.number() }),
  v.object({ kind: v.literal('failed'), message: v.string() }),
]);
const common = { from: v.string(), doc: v.string() };

const tabMessage = v.variant('kind', [
  /** One update of one document; `count` is its number among all that its tab told, of whatever document. `local` when a person made it in this browser. */
  v.object({ kind: v.literal('update'), ...common, count: v.number(), update: bytes, local: v.boolean() }),
  /** A tab has opened the document, or taken over writing it, and holds this much. */
  v.object({ kind: v.literal('hello'), ...common, vector: bytes }),
  /** What the asked tab holds beyond that. */
  v.object({ kind: v.literal('state'), ...common, count: v.number(), update: bytes }),
  /** The writing tab has saved, or failed to; `covers` tells up to which update of each tab. */
  v.object({
    kind: v.literal('saved'),
    ...common,
    state: saveState,
    covers: v.record(v.string(), v.number()),
  }),
  v.object({ kind: v.literal('awareness'), ...common, update: bytes }),
  /** Somebody may see carets now who could not before. */
  v.object({ kind: v.literal('show-carets'), ...common }),
  /** Rows from the relay wait in Dexie. */
  v.object({ kind: v.literal('pending'), ...common }),
]);

/** What tabs of one browser tell each other about documents. */
export type TabMessage = v.InferOutput<typeof tabMessage>;
type Outgoing<T> = T extends { from: string } ? Omit<T, 'from'> : never;

export interface TabLink {
  /** Name of this tab among the tabs; new at every start. */
  readonly tab: string;
  /** A number above all before, of whatever document: one that was closed and opened again tells its lives apart by it. */
  next(): number;
  send(message: Outgoing<TabMessage>): void;
  close(): void;
}

/** Joins the tabs of this browser that use the same database. Messages of another shape are ignored. */
export function openTabLink(name: string, tab: string, onMessage: (message: TabMessage) => void): TabLink {
  const channel = new BroadcastChannel(name);
  let open = true;
  let last = 0;
  channel.onmessage = (event: MessageEvent<unknown>) => {
    const parsed = v.safeParse(tabMessage, event.data);
    if (parsed.success && open) onMessage(parsed.output);
  };
  return {
    tab,
    next: () => ++last,
    send(message) {
      if (open) channel.postMessage({ ...message, from: tab });
    },
    close() {
      open = false;
      channel.close();
    },
  };
}
