import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { routes } from '../../shared/routes.ts';
import { makeArchive } from './archives.ts';
import { codeOf, type TestDevice } from './device.ts';
import { connect, createPeople, follow, relationOf, type People } from './friends.ts';
import { eventually } from './network.ts';
import { RoomDevice } from './room-device.ts';
import { sendFile } from './send-file.ts';

let people: People | undefined;
afterEach(async () => {
  await people?.network.close();
  people = undefined;
});

async function settle() {
  people = await createPeople('alice.test', 'bob.test');
  const [alice, bob] = people.people as [TestDevice, TestDevice];
  await connect(alice, bob);
  await follow(alice, bob);
  await alice.say({ t: 'POST', c: 'words that must go', v: 'P' });
  const room = await RoomDevice.open(alice, 'doc000000000000000000000');
  room.text.insert(0, 'a diary that must go');
  await room.whenStored();
  room.close();
  const { blobs } = await sendFile(alice, [{ bytes: new Uint8Array(randomBytes(50_000)) }]);
  await makeArchive(alice);
  return { alice, bob, blob: blobs[0]!, network: people.network };
}

/** Every file below a folder. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('W12: a deleted account leaves no row, no byte and no key; neighbours are told, and nobody answers for it', async () => {
  const { alice, bob, blob, network } = await settle();
  const { relay } = alice;
  const files = await listFiles(relay.folder);
  expect(files.some((file) => file.endsWith(blob))).toBe(true);
  expect(codeOf(await alice.ask(`${routes.me}?idTag=bob.test`, 'DELETE'))).toBe('E-VAL-INVALID');
  await network.advance(2000); // a second later than what it ends
  await bob.relay.stop();
  await alice.say({ t: 'FLLW:DEL', aud: bob.relay.idTag, v: 'D' });
  await alice.say({ t: 'CONN:DEL', aud: bob.relay.idTag, v: 'D' });
  expect((await alice.ask(`${routes.me}?idTag=alice.test`, 'DELETE')).status).toBe(202);

  // Its bytes are gone at once; its last words wait for bob, and its keys until he has them.
  const left = await listFiles(relay.folder);
  expect(left.filter((file) => file.endsWith(blob) || file.endsWith('.tar'))).toEqual([]);
  expect(codeOf(await alice.ask(routes.people))).toBe('E-CORE-MOVED');
  expect((await relay.ask(routes.me)).status).toBe(200);
  const oldKeys = (await relay.ask(routes.me)).text;
  await bob.relay.start();
  bob.forgetToken();
  await people!.network.advance(3_600_000);
  bob.forgetToken();
  await eventually('bob knows', async () => {
    const relation = await relationOf(bob, alice);
    return relation?.connected === 'none' && !relation.follower ? true : undefined;
  });
  await eventually('nothing is left of the old identity', async () =>
    (await relay.ask(routes.me)).text !== oldKeys && (await relay.ask(routes.deviceLog)).text.includes('[]')
      ? true
      : undefined,
  );
  await relay.stop();
  const did = alice.keys.did;
  for (const file of await listFiles(join(relay.folder, 'private')))
    for (const secret of ['words that must go', 'a diary that must go', did])
      expect([file, (await readFile(file)).includes(secret)]).toEqual([file, false]);
  await relay.start();
  expect(relay.node.setupLink).toBeDefined();
});
