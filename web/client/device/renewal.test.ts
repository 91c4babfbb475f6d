import { afterEach, expect, it, vi } from 'vitest';
import { createDelegation, delegationLifetime, signDelegation } from '../../../shared/device/delegation.ts';
import { routes } from '../../../shared/routes.ts';
import { createTestKey, type TestKey } from '../../../shared/test/keys.ts';
import { alice, appendOperation, addition, noon, startLog } from '../../../shared/test/log.ts';
import { randomBytes } from '../documents/browser-fixture.ts';
import type { DeviceKeys, KeyStore, Membership } from './key-store.ts';
import { createLiveKeys } from './live-keys.ts';
import { createRenewal, type Standing } from './renewal.ts';

afterEach(() => vi.unstubAllGlobals());

function keysOf({ did, jwk, sign }: TestKey): DeviceKeys {
  return { did, origin: did, jwk, ecdh: jwk, sign, derive: () => Promise.reject(new Error('not here')) };
}

/** What is stored of a browser that made its next keys and heard nothing of them. */
function storeOf(keys: DeviceKeys, next: DeviceKeys, membership: Membership): KeyStore {
  const never = (): never => {
    throw new Error('not in this test');
  };
  return {
    ...{ membership: () => Promise.resolve(membership), changeMembership: () => Promise.resolve() },
    ...{ existingKeys: () => Promise.resolve(keys), existingNext: () => Promise.resolve(next) },
    nextKeys: () => Promise.resolve(next),
    ...{ deviceKeys: never, writeMembership: never, adoptNext: never, close: never },
  };
}

it('G8: a device that was signed out while it renewed is away, and is never called removed', async () => {
  const [first, second, fresh, identity] = await Promise.all(Array.from({ length: 4 }, createTestKey));
  const started = await appendOperation(await startLog(first!), first!, addition(second!));
  const grown = await appendOperation(started, first!, { t: 'gen', gen: 1 });
  const issued = createDelegation(started.log, second!.did, { k: 'k', jti: 'j'.repeat(22), now: noon });
  const membership: Membership = {
    ...{ id: 'identity', idTag: alice, apiBase: 'https://cl-o.alice.test', keys: [] },
    delegations: [await signDelegation(issued, identity!.sign)],
    entries: [...started.entries],
  };
  const entries = grown.entries.map((entry) => ({ entry, countersignature: { k: 'k', token: 't' } }));
  const time = new Date(0).toISOString();
  const refusal = { error: { code: 'E-DELEGATION-REVOKED', message: 'older generation' }, time };
  vi.stubGlobal('fetch', (url: string) => {
    const { pathname } = new URL(url);
    if (pathname === routes.deviceLog) return Promise.resolve(Response.json({ data: { entries }, time }));
    if (pathname === routes.readmission)
      return Promise.resolve(Response.json({ data: { state: 'asked' }, time }));
    return Promise.resolve(Response.json(refusal, { status: 401 }));
  });
  const told: Standing['kind'][] = [];
  const [keys, next] = [keysOf(second!), keysOf(fresh!)];
  const renewal = createRenewal({
    ...{ store: storeOf(keys, next, membership), keys: createLiveKeys(keys), random: randomBytes },
    now: () => (noon + delegationLifetime * 0.6) * 1000,
    prepare: () => Promise.resolve(),
    onStanding: ({ kind }) => told.push(kind),
  });
  expect(await renewal.tend()).toEqual({ kind: 'away' });
  expect(told).toEqual(['away']);
});
