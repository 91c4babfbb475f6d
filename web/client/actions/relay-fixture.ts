import * as v from 'valibot';
import { IsletError } from '../../../shared/errors.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { createTestKey, listKey } from '../../../shared/test/keys.ts';
import { routes } from '../../../shared/routes.ts';
import type { KeyStore } from '../device/key-store.ts';
import { type RelayApi, RelayUnreachable } from '../relay/relay-api.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { type Actions, createActions } from './actions.ts';
import { actionId } from './rows-fixture.ts';

/** A device of `me.test` whose relay answers drafts as it is told; `away` when it does not answer at all. */
export interface TestDevice {
  readonly db: Database;
  readonly actions: Actions;
  /** The texts and types of the drafts that the relay has seen, in order. */
  readonly sent: { t: string; c: unknown; p: unknown; sub: unknown }[];
  away: boolean;
  /** About whom the relay was told something. */
  readonly told: string[];
  /** Refuses a draft with these words, or undefined. */
  refuse: (t: string) => string | undefined;
  now: number;
  /** Sends what waits. */
  flush(): Promise<void>;
}

const bodySchema = v.object({ drafts: v.array(v.string()) });
const payloadSchema = v.object({
  t: v.string(),
  c: v.optional(v.unknown()),
  p: v.optional(v.string()),
  sub: v.optional(v.string()),
});

function readDraft(draft: string) {
  const bytes = Buffer.from(draft.split('.')[1] ?? '', 'base64url');
  return v.parse(payloadSchema, JSON.parse(bytes.toString('utf8')));
}

function unexpected(): Promise<never> {
  return Promise.reject(new Error('the relay of this test is not asked this'));
}

export async function createTestDevice(name: string): Promise<TestDevice> {
  const db = await openDatabase(name);
  const key = await createTestKey();
  const membership = {
    ...{ id: 'identity' as const, idTag: parseIdTag('me.test'), apiBase: 'https://cl-o.me.test' },
    ...{ delegations: [], entries: [], keys: [listKey(key, '261121')] },
  };
  const device: Omit<TestDevice, 'actions' | 'flush'> = {
    ...{ db, sent: [], told: [], away: false, now: 1_800_000_000_000 },
    refuse: () => undefined,
  };
  const answerDrafts = (body: unknown): unknown => ({
    results: v.parse(bodySchema, body).drafts.map((draft) => {
      const { t, c, p, sub } = readDraft(draft);
      const message = device.refuse(t);
      if (message !== undefined) return { status: 'refused', code: 'E-ACTION-PERMISSION', message };
      device.sent.push({ t, c, p, sub });
      const seq = device.sent.length;
      return { status: 'accepted', actionId: actionId(String(seq)), token: draft, seq };
    }),
  });
  const post: RelayApi['post'] = (path, body, schema) => {
    if (device.away) return Promise.reject(new RelayUnreachable('away'));
    if (path !== routes.actions) return Promise.reject(new IsletError('E-CORE-NOTFOUND', path));
    return Promise.resolve(v.parse(schema, answerDrafts(body)));
  };
  const get: RelayApi['get'] = (path, schema) => {
    if (device.away) return Promise.reject(new RelayUnreachable('away'));
    const answer = path.startsWith(routes.people) ? { people: [] } : { items: [], next: 0, more: false };
    return Promise.resolve(v.parse(schema, answer));
  };
  const set: RelayApi['set'] = (path, _body, schema) => {
    device.told.push(path.slice(routes.people.length));
    return Promise.resolve(v.parse(schema, {}));
  };
  const api: RelayApi = {
    ...{ get, post, set, put: unexpected, patch: unexpected, change: unexpected },
    ...{ remove: unexpected, download: unexpected },
  };
  const store: KeyStore = {
    ...{ deviceKeys: unexpected, existingKeys: unexpected, close: () => undefined },
    membership: () => Promise.resolve(membership),
    ...{ writeMembership: unexpected, changeMembership: unexpected },
    ...{ nextKeys: unexpected, existingNext: unexpected, adoptNext: unexpected },
  };
  const { did, jwk, sign } = key;
  const actions = createActions({
    ...{ db, api, store, now: () => device.now, onWritten: () => undefined },
    author: { keys: { did, origin: did, jwk, ecdh: jwk, sign, derive: unexpected }, membership },
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
  });
  return Object.assign(device, { actions, flush: () => actions.exchange() });
}
