/** Bytes that are read when they are wanted: a `Blob`, or a file inside an archive. */
export interface FileSource {
  /** In bytes, as whoever packed it said. */
  readonly size: number;
  readonly type: string;
  /** Rejects when they cannot be read, or are not what was said. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** Part of them, where that can be had without the rest. */
  slice?(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A file with its place in the picked folder or archive. */
export interface ImportFile {
  /** Path with `/`, the picked folder's name first; the bare name for single files. */
  path: string;
  file: FileSource;
}

/** Why a file was not imported, for the interface to say in words. */
export type RefusalReason =
  | 'not-utf8'
  | 'too-large'
  | 'too-long'
  | 'unknown-kind'
  | 'empty'
  | 'unreadable'
  | 'not-saved'
  | 'broken'
  | 'bomb'
  | 'too-many'
  | 'bad-path'
  | 'encrypted'
  | 'not-allowed';

export interface Refusal {
  name: string;
  reason: RefusalReason;
  detail?: string;
}

/** Thrown where a file cannot be taken. */
export class RefusedFile extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, detail = '') {
    super(detail);
    this.reason = reason;
  }
}

/** What an error says of a file: a refusal keeps its reason, anything else has `otherwise`. */
export function toRefusal(name: string, error: unknown, otherwise: RefusalReason): Refusal {
  const detail = error instanceof Error ? error.message : String(error);
  const reason = error instanceof RefusedFile ? error.reason : otherwise;
  return detail === '' ? { name, reason } : { name, reason, detail };
}
