import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseBytes } from '../config-values.ts';
import { ConfigError } from '../config.ts';
import { createQuota } from '../files/quota.ts';
import type { Database } from '../store/database.ts';
import { findIdentity } from '../store/identities.ts';
import { deleteQuota, findQuota, saveQuota } from '../store/quotas.ts';
import { openExisting } from './open-existing.ts';

const usage = 'use: quota <name>, quota <name> 20GiB, or quota <name> default';

/**
 * `quota <name> [<size> | default]`: shows or sets what one identity may store. The relay must be stopped: it alone has its
 * database open.
 * @returns what is to be told, without a line end
 * @throws ConfigError, Error in one line
 */
export async function runQuota(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const [name, size, ...rest] = args;
  if (name === undefined || rest.length > 0) throw new ConfigError([usage]);
  const idTag = parseIdTag(name);
  const wanted = size === undefined || size === 'default' ? size : parseBytes(size);
  if (size !== undefined && wanted === undefined) throw new ConfigError([`${size} is not a size; ${usage}`]);
  const { config, store } = await openExisting(idTag, environment);
  try {
    if (!(await findIdentity(store.db, idTag))) throw new Error(`${idTag} is not an identity of this relay`);
    if (typeof wanted === 'number') await saveQuota(store.db, idTag, wanted);
    if (wanted === 'default') await deleteQuota(store.db, idTag);
    return await describe(store.db, idTag, config.storageLimit);
  } finally {
    await store.close();
  }
}

async function describe(db: Database, idTag: IdTag, limit: number): Promise<string> {
  const storage = await createQuota(db, limit).read(db, idTag);
  const whose = (await findQuota(db, idTag)) === undefined ? 'as for everybody' : 'its own limit';
  return `${idTag}: ${formatBytes(storage.limit)} (${whose}), ${formatBytes(storage.used)} used`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `20 GiB`, `1.5 MiB`, `17 B`. */
function formatBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(bytes, 1)) / 10)));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}
