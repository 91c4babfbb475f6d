import { type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';

export type Log = Logger;

/**
 * One JSON line an event on standard output. Bodies, tokens, headers and queries are never logged; the paths below are
 * a second net for what an error may carry.
 */
export function createLog(level: LogLevel): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['*.token', '*.assertion', '*.delegation', '*.setup', '*.authorization', 'err.value'],
  });
}
