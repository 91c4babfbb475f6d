import { parseConfig } from '../relay/config.ts';
import { openNodeKeys } from '../relay/identity/node-keys.ts';
import { createSealer, readKeysSecret } from '../relay/identity/secret.ts';
import { openStore } from '../relay/store/database.ts';
import { randomBytes } from '../relay/identity/webcrypto.ts';
import type { TestRelay } from '../relay/test/network.ts';
import type { Signer } from '../shared/identity/did.ts';

/** What whoever runs a relay has: the identity key. The relay is stopped for a moment. */
export async function stealKey(relay: TestRelay, now: () => number): Promise<{ k: string; sign: Signer }> {
  const { privateDir } = parseConfig([], { BASE_ID_TAG: relay.idTag, DATA_DIR: relay.folder, MODE: 'proxy' });
  await relay.stop();
  const store = await openStore(privateDir, now);
  try {
    const sealer = await createSealer(await readKeysSecret(privateDir, undefined, randomBytes), randomBytes);
    const { k, sign } = await openNodeKeys(relay.idTag, { db: store.db, sealer, random: randomBytes, now });
    return { k, sign };
  } finally {
    await store.close();
    await relay.start();
  }
}
