import type { QuarantineKind } from '../../shared/api/quarantine.ts';

/** What a lost device handed over before it was wiped. */
export interface QuarantineRow {
  id_tag: string;
  /** Hash of `item`. */
  id: string;
  did: string;
  /** As the device log named it then. */
  device: string;
  kind: QuarantineKind;
  title: string;
  /** Bytes of `item`. */
  size: number;
  /** As `itemSchema` has it. */
  item: string;
  received_at: number;
  /** Of a document of a neighbour. */
  owner: string | null;
  /** Of a file or picture. */
  mime: string | null;
}

/** Bytes that an item names: they stay for as long as it waits. */
export interface QuarantineBlobRow {
  id_tag: string;
  item: string;
  blob: string;
  size: number;
}
