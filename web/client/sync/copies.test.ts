import 'fake-indexeddb/auto';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { everything } from '../../../shared/device/capability.ts';
import { signLogEntry, verifyDeviceLog } from '../../../shared/device/device-log.ts';
import { createDeriveSecret, createSigner, jwkToDid, jwkToPublic } from '../../../shared/identity/did.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { signKept } from '../../../shared/sync/kept.ts';
import type { DeviceKeys } from '../device/key-store.ts';
import { type TestBrowser, openTestBrowser } from '../documents/browser-fixture.ts';
import { createCopies } from './copies.ts';

const space = parseIdTag('alice.test');
let browser: TestBrowser;
let laptop: DeviceKeys;
let phone: DeviceKeys;
let entries: string[];

async function createKeys(): Promise<DeviceKeys> {
  const curve = { namedCurve: 'P-384' };
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', ...curve }, false, ['sign', 'verify']);
  const sealing = await crypto.subtle.generateKey({ name: 'ECDH', ...curve }, false, ['deriveBits']);
  const jwk = jwkToPublic(await crypto.subtle.exportKey('jwk', pair.publicKey));
  const ecdh = jwkToPublic(await crypto.subtle.exportKey('jwk', sealing.publicKey));
  const did = jwkToDid(jwk);
  const derive = createDeriveSecret(sealing.privateKey);
  return { did, origin: did, jwk, ecdh, sign: createSigner(pair.privateKey), derive };
}

beforeEach(async () => {
  browser = await openTestBrowser();
  [laptop, phone] = [await createKeys(), await createKeys()];
  const device = ({ did, jwk, ecdh }: DeviceKeys, name: string) => ({ did, jwk, ecdh, name });
  const said = { iss: space, iat: 1, by: laptop.did };
  const add = (keys: DeviceKeys, name: string) => ({
    t: 'add' as const,
    device: device(keys, name),
    cap: [...everything],
  });
  const first = await signLogEntry(undefined, { ...said, op: add(laptop, 'Laptop') }, laptop.sign);
  const log = await verifyDeviceLog(space, [first]);
  const second = await signLogEntry(log, { ...said, op: add(phone, 'Phone') }, laptop.sign);
  entries = [first, second];
});
afterEach(() => browser.close());

function setUp() {
  const awareness = new Awareness(new Y.Doc());
  const failures: unknown[] = [];
  const copies = createCopies({
    ...{ db: browser.db, space, awareness, keys: laptop },
    readLog: () => verifyDeviceLog(space, entries),
    now: () => 7,
    onFailure: (error) => failures.push(error),
  });
  /** What another device shows, as it comes from the relay. */
  const show = (kept: unknown): void => {
    const other = new Awareness(new Y.Doc());
    other.setLocalStateField('kept', kept);
    applyAwarenessUpdate(awareness, encodeAwarenessUpdate(other, [other.clientID]), 'remote');
    other.destroy();
  };
  const close = (): void => {
    copies.close();
    awareness.destroy();
  };
  return { awareness, copies, show, failures, close };
}

const word = (seq: number, time = seq) => ({ device: phone.did, log: 'log', seq, time });

test('S15: what another device signed is noted, the furthest counts, and another log begins anew', async () => {
  const { show, close } = setUp();
  const seqs = async () => (await browser.db.copies.toArray()).map(({ log, seq }) => `${log} ${seq}`);
  show(await signKept(space, word(5), phone.sign));
  await expect.poll(seqs).toEqual(['log 5']);
  show(await signKept(space, word(9), phone.sign));
  await expect.poll(seqs).toEqual(['log 9']);
  show(await signKept(space, word(3), phone.sign));
  show(await signKept(space, { ...word(1, 20), log: 'new' }, phone.sign));
  await expect.poll(seqs).toEqual(['new 1']);
  close();
});

test('S15: a word that was changed, of nobody, or of another space is not believed', async () => {
  const { show, failures, close } = setUp();
  const stranger = await createKeys();
  show({ ...(await signKept(space, word(5), phone.sign)), seq: 50 });
  show(await signKept(space, { ...word(6), device: stranger.did }, stranger.sign));
  show(await signKept(parseIdTag('bob.test'), word(7), phone.sign));
  show({ device: phone.did, seq: 'all' });
  show(await signKept(space, word(2), phone.sign));
  await expect.poll(async () => (await browser.db.copies.toArray()).map(({ seq }) => seq)).toEqual([2]);
  expect(failures).toEqual([]);
  close();
});

test('S15: this device says what it stored, signed, once it has rested', async () => {
  const { awareness, copies, close } = setUp();
  copies.stored({ log: 'log', seq: 3, chain: 'x' });
  copies.stored({ log: 'log', seq: 4, chain: 'y' });
  await expect.poll(() => awareness.getLocalState()?.['kept']).toMatchObject({ log: 'log', seq: 4 });
  expect(awareness.getLocalState()?.['kept']).toMatchObject({ device: laptop.did, time: 7 });
  close();
});
