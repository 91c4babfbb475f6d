import type { Random } from '../shared/bytes.ts';
import type { IdTag } from '../shared/identity/id-tag.ts';
import type { Config } from './config.ts';
import { createBlobUse } from './files/blob-use.ts';
import { createLinkCheck } from './identity/link-check.ts';
import { createLinkedNames } from './identity/linked-names.ts';
import { findApiBase, findNeighbourPort } from './identity/neighbours.ts';
import { createProfiles } from './identity/profiles.ts';
import {
  createDnsResolve,
  createDnsResolveText,
  type Resolve,
  resolveBySystem,
  type ResolveText,
} from './identity/resolve.ts';
import { type Connect, connectByTls, createSafeFetch, type FindOwnDoor } from './identity/safe-fetch.ts';
import { createSealer, deriveBytes, readKeysSecret } from './identity/secret.ts';
import { randomBytes } from './identity/webcrypto.ts';
import { openLimits } from './limits/limits.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics } from './metrics/metrics.ts';
import { openCheckedBlobs } from './storage.ts';
import { openStore } from './store/database.ts';

/** What tests hand in: clock, chance, the network's two ends, the log. Nothing else of a node can be replaced. */
export interface Overrides {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly random?: Random;
  readonly resolve?: Resolve;
  /** TXT records, by which domains say whose they are. */
  readonly resolveText?: ResolveText;
  readonly connect?: Connect;
  readonly log?: Log;
}

export type OnClose = (closer: () => Promise<void>) => void;

/** What all identities of a relay share, before a port is listened on. */
export type Parts = Awaited<ReturnType<typeof openParts>>;

/** Storage, secrets and the way out: what needs no port. @throws StorageError, Error in one line */
export async function openParts(config: Config, overrides: Overrides, onClose: OnClose) {
  const { now = Date.now, random = randomBytes, log = createLog(config.logLevel) } = overrides;
  const { connect = connectByTls } = overrides;
  const metrics = createMetrics();
  onClose(() => Promise.resolve(metrics.close()));
  const store = await openStore(config.privateDir, now, undefined, metrics.committed);
  onClose(() => store.close());
  const report = (error: unknown) => log.error({ err: error }, 'background work failed');
  const limits = await openLimits({
    ...{ db: store.db, now, report, factor: config.rateLimits, trustProxy: config.mode === 'proxy' },
    refused: metrics.limited,
  });
  onClose(() => limits.close());
  const { check, blobs, healing } = await openCheckedBlobs(config, { db: store.db, now, report }, onClose);
  const secret = await readKeysSecret(config.privateDir, config.keysSecret, random);
  const findPort = async (idTag: IdTag) =>
    config.neighbours.get(idTag) ?? findNeighbourPort(config.neighboursFolder, idTag);
  const resolve =
    overrides.resolve ?? (config.privateAddresses.length > 0 ? resolveBySystem : createDnsResolve());
  /** Known once it listens. */
  const own: { door?: FindOwnDoor } = {};
  const fetch = createSafeFetch({
    ...{ local: config.local, allowed: config.privateAddresses, findPort, resolve },
    ...{ findOwnDoor: (host: string) => own.door?.(host), connect },
  });
  const { resolveText = createDnsResolveText() } = overrides;
  const checkLink = createLinkCheck({ fetch, resolveText });
  return {
    ...{ checkLink, linked: createLinkedNames({ db: store.db, checkLink, now }) },
    ...{ metrics, limits },
    ...{ now, random, log, store, blobs, check, healing, fetch, resolve, connect, report, own, db: store.db },
    findApiBase: (idTag: IdTag) => findApiBase(idTag, findPort),
    sealer: await createSealer(secret, random),
    accessSecret: await deriveBytes(secret, 'access tokens'),
    profiles: createProfiles({ db: store.db, fetch, now }),
    use: createBlobUse(),
  };
}
