import type { Migration } from 'kysely';
import { start } from './0001-start.ts';
import { files } from './0002-files.ts';

/** Every migration, in order; a name never changes once it has shipped. */
export const migrations: Record<string, Migration> = {
  '0001-start': start,
  '0002-files': files,
};
