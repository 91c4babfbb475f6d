import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { appendedSchema } from '../shared/api/devices.ts';
import { everything } from '../shared/device/capability.ts';
import { apiHost } from '../shared/identity/id-tag.ts';
import { profileSchema } from '../shared/identity/key-set.ts';
import { routes } from '../shared/routes.ts';
import { createRelayApi, type RelayApi } from '../web/client/relay/relay-api.ts';
import { type Actions, createActions } from '../web/client/actions/actions.ts';
import { createAccess } from '../web/client/device/access.ts';
import { type KeyStore, openKeyStore } from '../web/client/device/key-store.ts';
import { createLiveKeys, type LiveKeys } from '../web/client/device/live-keys.ts';
import { createRenewal, type Renewal, type Standing } from '../web/client/device/renewal.ts';
import { type Database, openDatabase } from '../web/client/store/database.ts';
import type { Network } from '../relay/test/network.ts';
import { dataOf, type TestDevice } from '../relay/test/device.ts';

/** What a browser's `fetch` does in this network. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Takes requests to the relays of a network. A relay that is stopped is one that does not answer. */
export function createFetch(network: Network): Fetch {
  return async (url, init = {}) => {
    const { host, pathname, search } = new URL(url);
    const relay = network.relays.find(({ idTag }) => host === idTag || host === `cl-o.${idTag}`);
    if (!relay) throw new TypeError(`nobody is at ${host}`);
    const headers = Object.fromEntries(new Headers(init.headers));
    const body = typeof init.body === 'string' ? { body: init.body } : {};
    const answer = await relay.ask(pathname + search, {
      method: init.method ?? 'GET',
      headers,
      host,
      ...body,
    });
    return new Response(answer.text === '' ? null : answer.text, { status: answer.status });
  };
}

/** The part of a browser that speaks for an identity: its keys, its outbox, and how it keeps both. */
export interface Browser {
  readonly name: string;
  readonly keys: LiveKeys;
  readonly store: KeyStore;
  readonly db: Database;
  readonly renewal: Renewal;
  readonly api: RelayApi;
  readonly actions: Actions;
  readonly standings: Standing[];
  /** Everything that is only in memory is gone, as when the browser was killed. */
  reopen(): Promise<Browser>;
  /** Another browser with all that this one has stored. */
  copy(name: string): Promise<Browser>;
  close(): void;
}

const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));

/** A browser whose keys are in the device log already. */
export async function openBrowser(network: Network, name: string): Promise<Browser> {
  const { now } = network;
  const store = await openKeyStore(`${name}-keys`);
  const membership = await store.membership();
  if (!membership) throw new Error('this browser is not enrolled');
  const db = await openDatabase(name);
  const keys = createLiveKeys(await store.deviceKeys());
  const standings: Standing[] = [];
  const renewal = createRenewal({
    ...{ store, keys, now, random, onStanding: (standing) => standings.push(standing) },
    prepare: () => actions.exchange().catch(() => undefined),
  });
  const { read, mend } = renewal;
  const access = createAccess({ keys, membership, now, random, read, onRefused: mend });
  const api = createRelayApi(membership.apiBase, access);
  const author = { keys, membership };
  const actions = createActions({ db, api, author, store, now, random, onWritten: () => undefined });
  const close = (): void => {
    store.close();
    db.close();
  };
  return {
    ...{ name, keys, store, db, renewal, api, actions, standings, close },
    reopen: () => {
      close();
      return openBrowser(network, name);
    },
    copy: async (other) => {
      await copyKeys(`${name}-keys`, `${other}-keys`);
      return openBrowser(network, other);
    },
  };
}

async function copyKeys(from: string, to: string): Promise<void> {
  (await openKeyStore(to)).close();
  const [source, target] = await Promise.all([openDB(from), openDB(to)]);
  for (const store of ['keys', 'identities'])
    for (const record of await source.getAll(store)) await target.put(store, record);
  source.close();
  target.close();
}

/** A browser that `by` has let in. */
export async function letIn(by: TestDevice, name: string): Promise<Browser> {
  const { relay, network } = by;
  const store = await openKeyStore(`${name}-keys`);
  const { did, jwk, ecdh } = await store.deviceKeys();
  const op = { t: 'add' as const, device: { did, jwk, ecdh, name }, cap: [...everything] };
  const body = { entry: await by.sign(await by.log(), op) };
  const answer = dataOf(await by.ask(routes.deviceLog, 'POST', body), appendedSchema);
  const { keys } = dataOf(await relay.ask(routes.me), profileSchema);
  await store.writeMembership({
    ...{ id: 'identity', idTag: relay.idTag, apiBase: `https://${apiHost(relay.idTag)}`, keys },
    ...{ delegations: [answer.delegation ?? ''], entries: answer.entries.map(({ entry }) => entry) },
  });
  store.close();
  return openBrowser(network, name);
}
