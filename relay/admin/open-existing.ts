import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { type Config, parseConfig } from '../config.ts';
import { openStore, type Store, StorageError } from '../store/database.ts';

/**
 * The store of a relay that is stopped: a running one alone has it open. Without settings the relay of this name is meant.
 * @throws Error in one line, ConfigError
 */
export async function openExisting(
  idTag: IdTag,
  environment: NodeJS.ProcessEnv,
): Promise<{ config: Config; store: Store }> {
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const config = parseConfig([], { BASE_ID_TAG: idTag, ...Object.fromEntries(given) });
  const { privateDir } = config;
  try {
    await access(join(privateDir, 'islet.db'));
  } catch (error) {
    throw new Error(`there is no relay in ${privateDir}`, { cause: error });
  }
  try {
    return { config, store: await openStore(privateDir, Date.now) };
  } catch (error) {
    if (error instanceof StorageError && /locked|busy/i.test(error.message))
      throw new Error('the relay is running: stop it, do this, and start it again', { cause: error });
    throw error;
  }
}
