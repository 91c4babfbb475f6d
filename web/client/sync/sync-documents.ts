import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { Row } from '../../../shared/sync/row.ts';

/** What sync needs of the documents of this device. */
export interface SyncDocuments {
  /** The index of the space, which is always open. */
  readonly index: { readonly doc: Y.Doc; readonly awareness: Awareness };
  onLocalUpdate(listener: (doc: string, update: Uint8Array) => void): () => void;
  receive(rows: Row[], cursor: { space: string }): Promise<void>;
  applyProvisional(doc: string, update: Uint8Array): void;
  /** All that this device has of a document, without keeping it open. */
  snapshot(id: string): Promise<{ doc: Y.Doc }>;
  onLocalAwareness(listener: (doc: string, states: Uint8Array) => void): () => void;
  /** Tells all carets of this browser to the listeners once more. */
  showCarets(): void;
  applyAwareness(doc: string, states: Uint8Array): void;
}
