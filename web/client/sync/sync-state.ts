import { type ErrorCode, IsletError } from '../../../shared/errors.ts';

/** What the relay is known to hold. Times are milliseconds. */
export type SyncState =
  /** `oldest`: when the oldest edit was made that is not known to be on the relay; `sent`: all are, by its last word. */
  | { kind: 'offline'; dirty: number; since: number; oldest?: number | undefined; sent: boolean }
  /** What others wrote is being read: so many rows so far, of so many where that is known. */
  | { kind: 'reading'; rows: number; of?: number | undefined; oldest?: number | undefined }
  | { kind: 'sending'; rows: number; oldest?: number | undefined }
  | { kind: 'synced'; at: number }
  /** `code` when it is one of the protocol's; `left`: titles of what is not in the folder of this device any more, and was not sent. */
  | { kind: 'attention'; message: string; code?: ErrorCode; left?: readonly string[] };

export type Attention = Extract<SyncState, { kind: 'attention' }>;

/** What a person has to know of an error. */
export function toAttention(error: unknown): Attention {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'attention', message, ...(error instanceof IsletError && { code: error.code }) };
}

/** The relay does not take what this device shows of itself. */
export function isAccessRefused(error: unknown): boolean {
  return error instanceof IsletError && /^E-(DELEGATION|AUTH)-/.test(error.code);
}
