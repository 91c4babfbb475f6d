/** What a lost device handed over before it was wiped. */
export interface QuarantineRow {
  id_tag: string;
  /** Hash of `item`. */
  id: string;
  did: string;
  /** As the device log named it then. */
  device: string;
  kind: 'document' | 'draft';
  title: string;
  size: number;
  /** As `itemSchema` has it. */
  item: string;
  received_at: number;
}
