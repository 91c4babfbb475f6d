import { IsletError } from '../../shared/errors.ts';

/** What a system call or SQLite says when no room is left. */
const full = ['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL'];

/** The refusal for what went wrong below us; ours pass as they are. */
export function toFault(error: unknown): IsletError {
  if (error instanceof IsletError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return full.includes(code)
    ? new IsletError('E-SYS-FULL', 'the storage of the relay is full', error)
    : new IsletError('E-SYS-UNAVAIL', 'the relay could not do this now', error);
}

/** What kept something from being done, as far down as it is told: `connect ECONNREFUSED 127.0.0.1:9`. */
export function describeCause(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describeCause(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return describeCause(error.cause);
  return error.message;
}
