import { IsletError } from '../errors.ts';

/** What an access token may do with a file, in rising order: read, comment, write. */
export const levels = ['R', 'C', 'W'] as const;
export type Level = (typeof levels)[number];

/** One file of an identity, and what may be done with it (SPEC O4). */
export interface Scope {
  readonly file: string;
  readonly level: Level;
}

const pattern = /^file:([0-9A-Za-z]{24}|f1~[\w-]{43}):([RCW])$/;

/** Reads `file:<id>:R|C|W`; any other scope allows nothing. @throws IsletError E-AUTH-NOPERM */
export function parseScope(text: string): Scope {
  const [, file, level] = pattern.exec(text) ?? [];
  if (file === undefined || !isLevel(level))
    throw new IsletError('E-AUTH-NOPERM', 'nothing is given for this scope', text);
  return { file, level };
}

export function formatScope({ file, level }: Scope): string {
  return `file:${file}:${level}`;
}

function isLevel(text: string | undefined): text is Level {
  return levels.some((level) => level === text);
}

/** The lower of two; who shares further (`A`) writes. */
export function lowerLevel(a: Level | 'A', b: Level | 'A'): Level {
  const rank = (level: Level | 'A') => (level === 'A' ? levels.length - 1 : levels.indexOf(level));
  return levels[Math.min(rank(a), rank(b))] ?? 'R';
}
