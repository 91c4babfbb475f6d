import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesToBase64url } from '../../shared/bytes.ts';
import { createDeriveSecret, createSigner, jwkToDid, jwkToPublic } from '../../shared/identity/did.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { openIdentityKey } from '../../shared/identity/sealed-identity-key.ts';
import { deviceLogSchema, relationsSchema, routes } from '../../shared/routes.ts';
import type { ImportState } from '../../shared/api/archive.ts';
import { fetchArchive, listEntries, listRows, makeArchive, Mover } from './archives.ts';
import { codeOf, dataOf, nonce, type TestDevice } from './device.ts';
import { connect, createPeople, follow, type People } from './friends.ts';
import { eventually, type TestRelay } from './network.ts';
import { RoomDevice } from './room-device.ts';
import { sendFile } from './send-file.ts';
import { patience, sized } from './sizes.ts';

const size = {
  documents: sized(20, 200),
  actions: sized(300, 5000),
  files: sized(10, 50),
  fileBytes: sized(512 * 1024, 2 * 1024 * 1024),
};

/** A recovery key that the device log knows, as a kit holds it. */
async function createKit(device: TestDevice) {
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-384' };
  const pair = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  const sealing = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-384' }, true, [
    'deriveBits',
  ]);
  const jwk = jwkToPublic(await crypto.subtle.exportKey('jwk', pair.publicKey));
  const ecdh = jwkToPublic(await crypto.subtle.exportKey('jwk', sealing.publicKey));
  const key = { did: jwkToDid(jwk), jwk, ecdh, kind: 'recovery' as const, name: 'Kit' };
  const entry = await device.sign(await device.log(), { t: 'key', key });
  dataOf(await device.ask(routes.deviceLog, 'POST', { entry }), deviceLogSchema);
  return { ...key, sign: createSigner(pair.privateKey), derive: createDeriveSecret(sealing.privateKey) };
}

type Kit = Awaited<ReturnType<typeof createKit>>;

async function openKeys({ identity }: ImportState, kit: Kit) {
  if (!identity) throw new Error('the archive was not checked');
  const { idTag } = identity;
  const keys = [];
  for (const { keyId, sealed } of identity.keys)
    for (const { did, ecdh, sealed: text } of sealed)
      if (did === kit.did) {
        const pkcs8 = await openIdentityKey(text, { idTag, keyId, did, ecdh }, kit.derive);
        keys.push({ keyId, pkcs8: bytesToBase64url(pkcs8) });
      }
  return keys;
}

/** Documents with more than one edit each, so that there is a history. */
async function writeDocuments(alice: TestDevice, count: number): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (let i = 0; i < count; i++) {
    const doc = `doc${String(i).padStart(21, '0')}`;
    const room = await RoomDevice.open(alice, doc);
    room.text.insert(0, `first words of ${i}`);
    room.text.insert(0, 'More. ');
    await room.whenStored();
    texts.set(doc, room.text.toString());
    room.close();
  }
  return texts;
}

async function readDocument(alice: TestDevice, doc: string): Promise<string> {
  const room = await RoomDevice.open(alice, doc);
  const text = room.text.toString();
  room.close();
  return text;
}

async function writePosts(alice: TestDevice, count: number): Promise<void> {
  for (let i = 0; i < count; i += 100) {
    const words = Array.from({ length: Math.min(100, count - i) }, (_, j) => `post ${i + j}`);
    const drafts = await Promise.all(words.map((c) => alice.draft({ t: 'POST', c, v: 'P' })));
    for (const receipt of await alice.submit(...drafts)) expect(receipt.status).toBe('accepted');
    alice.forgetToken();
  }
}

async function listAll(device: TestDevice) {
  const all = [];
  device.forgetToken();
  for (let after = 0; ;) {
    const page = await device.items(after);
    const last = page.at(-1);
    if (!last) return all;
    all.push(...page);
    after = last.seq;
  }
}

describe('W7–W11: an identity moves to another relay', () => {
  let people: People;
  let alice: TestDevice;
  let bob: TestDevice;
  let relay: TestRelay;
  let kit: Kit;
  let texts: Map<string, string>;
  let archive: Buffer;
  let before: Awaited<ReturnType<typeof listAll>>;
  let beforePeople: unknown;
  let beforeKeys: unknown;
  let beforeLog: string;
  const blobs: string[] = [];
  const fresh = () => ({ DATA_DIR: join(relay.folder, '..', `fresh-${nonce()}`) });
  const relations = async () => dataOf(await alice.ask(routes.people), relationsSchema).people;
  const keysOf = async () => dataOf(await relay.ask(routes.me), profileSchema).keys;

  beforeAll(async () => {
    people = await createPeople('alice.test', 'bob.test');
    [alice, bob] = people.people as [TestDevice, TestDevice];
    relay = alice.relay;
    kit = await createKit(alice);
    await connect(alice, bob);
    await follow(alice, bob);
    await writePosts(alice, size.actions);
    texts = await writeDocuments(alice, size.documents);
    for (let i = 0; i < size.files; i++) {
      const sent = await sendFile(alice, [{ bytes: new Uint8Array(randomBytes(size.fileBytes)) }]);
      blobs.push(...sent.blobs);
    }
    await eventually(
      'bob has heard all',
      async () => {
        const items = await listAll(alice);
        return (
          items.every(({ deliveryCounts }) => !deliveryCounts || deliveryCounts.waiting === 0) || undefined
        );
      },
      patience,
    );
    const made = await makeArchive(alice, 'move');
    before = await listAll(alice);
    beforePeople = await relations();
    beforeKeys = await keysOf();
    beforeLog = JSON.stringify(dataOf(await relay.ask(routes.deviceLog), deviceLogSchema));
    archive = await fetchArchive(alice, made.id, 3_000_000);
    expect(archive.length).toBe(made.size);
  }, patience);
  afterAll(() => people.network.close());

  test('W8: every hash of the manifest is that of what stands in the archive, and no secret is in it', async () => {
    const entries = listEntries(archive);
    const manifest = JSON.parse(entries.get('manifest.json')!.toString('utf8')) as {
      entries: { name: string; size: number; hash: string }[];
    };
    expect(manifest.entries.map(({ name }) => name)).toEqual([...entries.keys()].slice(0, -2));
    for (const { name, size: length, hash } of manifest.entries) {
      const bytes = entries.get(name)!;
      const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
      expect([name, bytes.length, bytesToBase64url(new Uint8Array(digest))]).toEqual([name, length, hash]);
    }
    for (const row of listRows(archive, 'identity_keys')) expect(row).not.toHaveProperty('sealed');
    expect(listRows(archive, 'actions').length).toBeGreaterThanOrEqual(size.actions);
  });

  test('W11: while it moves the old relay takes nothing, neighbours keep what they have, and it may stay', async () => {
    const draft = await alice.draft({ t: 'POST', c: 'too late', v: 'P' });
    expect(codeOf(await alice.ask(routes.actions, 'POST', { drafts: [draft] }))).toBe('E-SYS-UNAVAIL');
    const inbox = await relay.ask(routes.inbox, { method: 'POST', body: '{}' });
    expect([inbox.status, inbox.text]).toEqual([503, '']);
    await expect(alice.sync()).rejects.toThrow('503');
    expect((await alice.ask(`${routes.exports}/move`, 'PUT', { state: 'here' })).status).toBe(200);
    const [receipt] = await alice.submit(await alice.draft({ t: 'POST', c: 'it stays', v: 'D' }));
    expect(receipt?.status).toBe('accepted');
    expect((await alice.ask(`${routes.exports}/move`, 'PUT', { state: 'moved' })).status).toBe(200);
    expect(codeOf(await alice.ask(routes.actions, 'POST', { drafts: [draft] }))).toBe('E-CORE-MOVED');
    expect(codeOf(await alice.ask(`${routes.exports}/move`, 'PUT', { state: 'here' }))).toBe('E-CORE-MOVED');
    expect((await relay.ask(routes.me)).status).toBe(200);
    await relay.stop();
    await relay.start();
    alice.forgetToken();
    expect(codeOf(await alice.ask(routes.people))).toBe('E-CORE-MOVED');
  });

  test(
    'W10: taken in by a fresh relay everything is as it was, and deliveries go on without saying anything twice',
    async () => {
      await relay.stop();
      await relay.start(fresh());
      const mover = new Mover(relay, archive);
      await mover.send();
      const checked = await mover.until('checked', 'refused');
      expect(checked).toMatchObject({ state: 'checked', identity: { idTag: 'alice.test' } });
      expect(await mover.take(await openKeys(checked, kit))).toMatchObject({ state: 'done' });
      alice.forgetToken();

      expect(await keysOf()).toEqual(beforeKeys);
      expect(JSON.stringify(dataOf(await relay.ask(routes.deviceLog), deviceLogSchema))).toBe(beforeLog);
      const seqless = (items: typeof before) => items.map(({ seq: _, ...item }) => item);
      expect(seqless(await listAll(alice))).toEqual(seqless(before));
      expect(await relations()).toEqual(beforePeople);
      for (const [doc, text] of texts) expect(await readDocument(alice, doc)).toBe(text);
      for (const blob of blobs) {
        const answer = await alice.ask(`${routes.variant}/${blob}`, 'HEAD');
        expect([answer.status, answer.headers['content-length']]).toEqual([200, String(size.fileBytes)]);
      }

      const heard = (await listAll(bob)).length;
      const id = await alice.say({ t: 'POST', c: 'from the new house', v: 'F' });
      await eventually(
        'bob has heard it',
        async () => (await listAll(bob)).some(({ actionId }) => actionId === id) || undefined,
      );
      expect((await listAll(bob)).length).toBe(heard + 1);
      const welcome = await bob.say({ t: 'MSG', c: 'welcome back', aud: alice.relay.idTag, v: 'D' });
      await eventually(
        'alice has heard him',
        async () => (await listAll(alice)).some(({ actionId }) => actionId === welcome) || undefined,
      );
      const again = await makeArchive(alice);
      const second = await fetchArchive(alice, again.id);
      for (const table of ['sync_batches', 'relations', 'device_log', 'files', 'file_blobs', 'room_rows'])
        expect(listRows(second, table)).toEqual(listRows(archive, table));
    },
    patience,
  );

  test(
    'W10: without the kit a new identity key is made, and neighbours see a change',
    async () => {
      await relay.stop();
      await relay.start(fresh());
      const mover = new Mover(relay, archive);
      await mover.send();
      await mover.until('checked');
      expect(await mover.take([])).toMatchObject({ state: 'done' });
      const keys = await keysOf();
      const now = alice.seconds();
      const held = keys.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
      expect(held).toHaveLength(1);
      expect(beforeKeys).not.toContainEqual(expect.objectContaining({ publicKey: held[0]!.publicKey }));
      expect((await alice.log()).devices.size).toBe(1);
      expect(listRows(archive, 'delegations')).toHaveLength(1);
    },
    patience,
  );
});
