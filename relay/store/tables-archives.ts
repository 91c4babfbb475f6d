/** An archive of an identity that is being made, or lies ready to be fetched. */
export interface ExportRow {
  id: string;
  id_tag: string;
  /** `move`: the relay takes nothing new until it is said whether the identity has moved. */
  purpose: 'copy' | 'move';
  state: 'making' | 'ready' | 'failed';
  /** In bytes, as far as they were known beforehand. */
  done: number;
  total: number;
  /** Of the file, once it is ready. */
  size: number;
  /** Blobs that could not be read. */
  missing: number;
  created_at: number;
  ended_at: number | null;
}

/** An archive that comes in, at most one for an identity. */
export interface ImportRow {
  id: string;
  id_tag: string;
  /** Hash of its beginning: tells whether a file goes on where this one stopped. */
  mark: string;
  size: number;
  received: number;
  state: 'sending' | 'checking' | 'checked' | 'taking' | 'done' | 'refused';
  reason: string | null;
  /** What the archive says of the identity, JSON; once it is checked. */
  identity: string | null;
  /** The identity keys that were opened for it, JSON sealed under KEYS_SECRET; while it is taken in. */
  keys: Uint8Array | null;
  created_at: number;
  touched_at: number;
}

/** An identity that is not simply here. `leaving`: it was deleted, and what tells neighbours of it still goes out. */
export interface MoveRow {
  id_tag: string;
  state: 'moving' | 'moved' | 'leaving';
  at: number;
}

export interface ArchiveTables {
  exports: ExportRow;
  imports: ImportRow;
  moves: MoveRow;
}
