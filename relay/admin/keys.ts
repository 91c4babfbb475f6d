import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { ConfigError } from '../config.ts';
import { type NodeKeys, openNodeKeys } from '../identity/node-keys.ts';
import { createSealer, readKeysSecret } from '../identity/secret.ts';
import { randomBytes } from '../identity/webcrypto.ts';
import { findIdentity } from '../store/identities.ts';
import { openExisting } from './open-existing.ts';

const usage = 'use: keys <name>, keys rotate <name>, or keys revoke <name>';

/**
 * `keys [rotate | revoke] <name>`: shows the identity keys of one identity, publishes a new one that is used in a day (SPEC K5), or ends
 * all that there are and uses a new one at once (K7). The relay must be stopped; contacts are told when it starts.
 * @returns what is to be told, without a line end
 * @throws ConfigError, Error in one line
 */
export async function runKeys(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const step = args[0] === 'rotate' || args[0] === 'revoke' ? args[0] : undefined;
  const [name, ...rest] = step ? args.slice(1) : args;
  if (name === undefined || rest.length > 0) throw new ConfigError([usage]);
  const idTag = parseIdTag(name);
  const { config, store } = await openExisting(idTag, environment);
  try {
    if (!(await findIdentity(store.db, idTag))) throw new Error(`${idTag} is not an identity of this relay`);
    const secret = await readKeysSecret(config.privateDir, config.keysSecret, randomBytes);
    const sealer = await createSealer(secret, randomBytes);
    const keys = await openNodeKeys(idTag, { db: store.db, sealer, random: randomBytes, now: Date.now });
    if (step) await keys[step]();
    return [...formatKeys(keys), ...(step ? [consequences[step]] : [])].join('\n');
  } finally {
    await store.close();
  }
}

const consequences = {
  rotate: 'The new key is listed from now on and signs in a day. Start the relay: it tells contacts.',
  revoke:
    'Start the relay: it tells contacts, and whoever does not hear it finds out within a day. What was signed before and not delivered yet is refused.',
};

function formatKeys(keys: NodeKeys): string[] {
  return keys.describe().map(({ row, state }) => {
    const ends = row.expires === null ? '' : `, ends ${formatTime(row.expires * 1000)}`;
    const from = `from ${formatTime(Math.max(row.used_from, row.created_at))}`;
    return `${keys.idTag} ${row.key_id}: ${state}, ${from}${ends}`;
  });
}

function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');
}
