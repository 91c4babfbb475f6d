import type { Random } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import { createAccess } from '../device/access.ts';
import { openKeyStore } from '../device/key-store.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { createKeyRing } from '../sealed/key-ring.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { findBlob } from './blob-source.ts';
import { type FileSources, serveFile } from './serve.ts';

interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** This browser speaking for its identity, when it has one: what reading from the relay and opening what is sealed takes. */
async function openIdentity(db: Database, { now, random }: Clock) {
  const store = await openKeyStore();
  const [membership, keys] = await Promise.all([store.membership(), store.existingKeys()]);
  store.close();
  if (!membership || !keys) return undefined;
  const api = createRelayApi(membership.apiBase, createAccess({ keys, membership, now, random }));
  return { api, ring: createKeyRing(keys, (kid) => db.folderKeys.get(kid)) };
}

/** Answers requests for files inside the app, from this browser's database, its keys, and its relay once it has one. */
export function createFileServer(clock: Clock): (request: Request) => Promise<Response> {
  let database: Promise<Database> | undefined;
  let identity: ReturnType<typeof openIdentity> | undefined;

  async function openSources(): Promise<FileSources> {
    const db = await (database ??= openDatabase());
    const joined = await (identity ??= openIdentity(db, clock));
    const nameless = new IsletError(
      'E-SEALED-KEY',
      'This browser has no name, and no keys of sealed folders.',
    );
    return {
      entry: (id) => db.documents.get(id),
      open: (entry) => joined?.ring.open(entry) ?? Promise.reject(nameless),
      source: (blob, size, whole) =>
        findBlob({ db, api: joined?.api, now: clock.now }, { blob, size, whole }),
    };
  }

  return async (request) => {
    try {
      const response = await serveFile(request, await openSources());
      // The browser may have got a name since, or another delegation.
      if (response.status >= 400) identity = undefined;
      return response;
    } catch (error) {
      [database, identity] = [undefined, undefined];
      throw error;
    }
  };
}
