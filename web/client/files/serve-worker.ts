import type { Random } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import { createAccess } from '../device/access.ts';
import { openKeyStore } from '../device/key-store.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { createKeyRing } from '../sealed/key-ring.ts';
import { type SpaceId, storageName } from '../spaces.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { findBlob } from './blob-source.ts';
import { spaceOfFileUrl } from './file-url.ts';
import { type FileSources, refuse, serveFile } from './serve.ts';

interface Clock {
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
}

/** A space speaking for its identity, when it has one: what reading from the relay and opening what is sealed takes. */
async function openIdentity(db: Database, space: SpaceId, { now, random }: Clock) {
  const store = await openKeyStore(storageName('islet-keys', space));
  const [membership, keys] = await Promise.all([store.membership(), store.existingKeys()]);
  store.close();
  if (!membership || !keys) return undefined;
  const api = createRelayApi(membership.apiBase, createAccess({ keys, membership, now, random }));
  return { api, ring: createKeyRing(keys, (kid) => db.folderKeys.get(kid)) };
}

/** Answers requests for the files of one space, from its database, its keys, and its relay once it has one. */
function createSpaceServer(space: SpaceId, clock: Clock): (request: Request) => Promise<Response> {
  let database: Promise<Database> | undefined;
  let identity: ReturnType<typeof openIdentity> | undefined;

  async function openSources(): Promise<FileSources> {
    const db = await (database ??= openDatabase(storageName('islet', space)));
    const joined = await (identity ??= openIdentity(db, space, clock));
    const nameless = new IsletError('E-SEALED-KEY', 'This space has no name, and no keys of sealed folders.');
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
      // The space may have got a name since, or another delegation.
      if (response.status >= 400) identity = undefined;
      return response;
    } catch (error) {
      [database, identity] = [undefined, undefined];
      throw error;
    }
  };
}

/** A space that was removed from this browser must not come back, empty, because a late page asks for a file. */
async function exists(space: SpaceId): Promise<boolean> {
  const name = storageName('islet', space);
  return space === '' || (await indexedDB.databases()).some((found) => found.name === name);
}

/** Answers requests for files inside the app, each from the space that its address names. */
export function createFileServer(clock: Clock): (request: Request) => Promise<Response> {
  const servers = new Map<SpaceId, ReturnType<typeof createSpaceServer>>();
  return async (request) => {
    const space = spaceOfFileUrl(new URL(request.url));
    if (space === undefined || !(await exists(space)))
      return refuse(404, 'E-CORE-NOTFOUND', 'There is no such file.');
    const serve = servers.get(space) ?? createSpaceServer(space, clock);
    servers.set(space, serve);
    return serve(request);
  };
}
