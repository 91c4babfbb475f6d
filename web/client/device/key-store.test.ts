import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { readWantedHome } from './enrolment.ts';
import { type KeyStore, type Membership, openKeyStore } from './key-store.ts';

let store: KeyStore;
beforeEach(async () => {
  store = await openKeyStore(`keys-${crypto.randomUUID()}`);
});
afterEach(() => {
  store.close();
  vi.unstubAllGlobals();
});

function membershipOf(idTag: string, delegations: string[] = []): Membership {
  const names = { id: 'identity' as const, idTag: parseIdTag(idTag), apiBase: `https://cl-o.${idTag}` };
  return { ...names, delegations, entries: [], keys: [] };
}

it('a browser that belongs to an identity takes no other one, as when two tabs join at the same time', async () => {
  await store.writeMembership(membershipOf('alice.test'));
  await expect(store.writeMembership(membershipOf('mallory.test'))).rejects.toMatchObject({
    code: 'E-SETUP-USED',
  });
  expect(await store.membership()).toMatchObject({ idTag: 'alice.test' });
  await store.writeMembership(membershipOf('alice.test', ['later']));
  expect(await store.membership()).toMatchObject({ delegations: ['later'] });
});

it('a relay that speaks of another identity than the wanted one is not believed', async () => {
  const answer = (url: string): unknown =>
    url.includes('/api/relay')
      ? { idTag: 'alice.test', apiBase: 'https://cl-o.alice.test', claimed: true }
      : { idTag: 'mallory.test', name: 'M', type: 'person', keys: [] };
  vi.stubGlobal('fetch', (url: string) =>
    Promise.resolve(Response.json({ data: answer(url), time: new Date(0).toISOString() })),
  );
  const appOrigin = 'https://alice.test';
  await expect(readWantedHome({ appOrigin, idTag: parseIdTag('alice.test') })).rejects.toMatchObject({
    code: 'E-LINK-UNKNOWN',
  });
  expect((await readWantedHome({ appOrigin, idTag: parseIdTag('mallory.test') })).profile.name).toBe('M');
});
