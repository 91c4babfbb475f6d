import { everything } from '../../../shared/device/capability.ts';
import { signLogEntry, verifyDeviceLog } from '../../../shared/device/device-log.ts';
import { createSigner, jwkToDid, jwkToPublic } from '../../../shared/identity/did.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import type { StoredBatch } from '../../../shared/sync/frame.ts';
import { emptyChain, nextChain, type Row, signBatch } from '../../../shared/sync/row.ts';
import type { Documents } from '../documents/documents.ts';
import type { Database } from '../store/database.ts';
import { type Arriving, openArriving } from './arriving.ts';
import { createLedger } from './ledger.ts';

export const space = parseIdTag('alice.test');

/** A relay's log that a device of this space wrote. */
export interface RelayLog {
  readonly entries: readonly string[];
  readonly stored: StoredBatch[];
  append(rows: Row[]): Promise<StoredBatch>;
}

export async function createRelayLog(): Promise<RelayLog> {
  const curve = { namedCurve: 'P-384' };
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', ...curve }, false, ['sign', 'verify']);
  const sealing = await crypto.subtle.generateKey({ name: 'ECDH', ...curve }, false, ['deriveBits']);
  const jwk = jwkToPublic(await crypto.subtle.exportKey('jwk', pair.publicKey));
  const ecdh = jwkToPublic(await crypto.subtle.exportKey('jwk', sealing.publicKey));
  const [sign, did] = [createSigner(pair.privateKey), jwkToDid(jwk)];
  const op = { t: 'add' as const, device: { did, jwk, ecdh, name: 'Laptop' }, cap: [...everything] };
  const entries = [await signLogEntry(undefined, { iss: space, iat: 1, by: did, op }, sign)];
  const stored: StoredBatch[] = [];
  let chain = emptyChain;
  return {
    entries,
    stored,
    append: async (rows) => {
      const first = stored.at(-1)?.seq ?? 0;
      const draft = { device: did, session: 's'.repeat(22), first, time: 1, rows };
      const batch = await signBatch(space, draft, sign);
      chain = await nextChain(chain, space, batch);
      const place = { batch, seq: first + rows.length, chain };
      stored.push(place);
      return place;
    },
  };
}

export function open({ entries }: RelayLog, db: Database, documents: Documents): Promise<Arriving> {
  return openArriving({
    isClosed: () => false,
    ...{ db, documents, now: () => 9, ledger: createLedger(db) },
    membership: {
      id: 'identity',
      idTag: space,
      apiBase: '',
      keys: [],
      delegations: [],
      entries: [...entries],
    },
    readLog: () => verifyDeviceLog(space, entries),
    readKeys: () => Promise.resolve([]),
    copies: { stored: () => undefined, close: () => undefined },
  });
}

export const welcome = { kind: 'welcome' as const, log: 'log', acked: -1, match: true, time: 1 };

/** What a socket brings: the whole log, from the beginning or from where this device is. */
export async function readAll(relay: RelayLog, db: Database, documents: Documents): Promise<Arriving> {
  const arriving = await open(relay, db, documents);
  await arriving.welcomed(welcome);
  await arriving.stored(relay.stored);
  await arriving.current();
  return arriving;
}
