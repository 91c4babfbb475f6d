import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDescriptor } from '../../shared/file/descriptor.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { relationsSchema, routes } from '../../shared/routes.ts';
import { codeOf, dataOf, json, nonce, TestDevice } from './device.ts';
import { createNetwork, eventually } from './network.ts';
import { createPicture, withCamera } from './pictures.ts';
import { sendFile } from './send-file.ts';

let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
let alice: TestDevice;
let bob: TestDevice;

beforeAll(async () => {
  network = await createNetwork('alice.test', 'bob.test');
  alice = await TestDevice.enrolFirst(network, network.relays[0]);
  bob = await TestDevice.enrolFirst(network, network.relays[1]);
});
afterAll(() => network.close());

/** As somebody who shows no token. */
const guest = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  bob.relay.ask(path, { headers, method });

describe('profile pictures', () => {
  const portrait = async (side: number) => {
    const bytes = await createPicture('jpeg', side, side);
    const piece = { name: 'vis.orig', format: 'jpeg', bytes, width: side, height: side };
    return sendFile(bob, [piece], { contentType: 'image/jpeg', profile: true });
  };
  const show = (body: object) => bob.ask(routes.profile, 'POST', body);

  test('B5, B8: it has a vis.pf, is open to all while it is shown, and changes the ETag', async () => {
    const before = await guest(routes.me);
    const { completed } = await portrait(300);
    const id = completed?.fileId ?? '';
    expect(parseDescriptor(completed?.descriptor).map(({ name }) => name)).toContain('vis.pf');
    expect((await guest(`${routes.files}/${id}?variant=vis.pf`)).status).toBe(401);
    expect(dataOf(await show({ profilePic: id, coverPic: id }), profileSchema)).toMatchObject({
      profilePic: id,
    });
    const after = await guest(routes.me);
    expect(dataOf(after, profileSchema).profilePic).toBe(id);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(dataOf(await guest(routes.profile), profileSchema)).toMatchObject({
      profilePic: id,
      coverPic: id,
    });
    const picture = await guest(`${routes.files}/${id}?variant=vis.pf`);
    expect(picture.headers['content-type']).toBe('image/webp');
    expect(dataOf(await show({ profilePic: null }), profileSchema).profilePic).toBeUndefined();
    expect((await guest(`${routes.files}/${id}`)).status).toBe(200);
    await show({ coverPic: null });
    expect((await guest(`${routes.files}/${id}`)).status).toBe(401);
  });

  test('B8: the original stays closed, with what its camera wrote into it', async () => {
    const bytes = await withCamera(400, 300);
    const piece = { name: 'vis.orig', format: 'jpeg', bytes, width: 400, height: 300 };
    const { id, completed, blobs } = await sendFile(bob, [piece], {
      contentType: 'image/jpeg',
      profile: true,
    });
    expect(codeOf(await show({ coverPic: id }))).toBe('E-FILE-INVALID');
    await show({ coverPic: completed?.fileId });
    expect((await guest(`${routes.variant}/${blobs[0]}`)).status).toBe(401);
    for (const { name, blob } of parseDescriptor(completed?.descriptor)) {
      const answer = await guest(`${routes.variant}/${blob}`);
      expect([name, answer.status]).toEqual([name, 200]);
      expect(answer.text).not.toMatch(/Canary|Whistleblower/);
    }
    await show({ coverPic: null });
  });

  test('only by a device that may, of a file of its own with a rendition for it; devices are woken', async () => {
    const { id, completed } = await portrait(90);
    const anonymous = { method: 'POST', headers: json, body: JSON.stringify({ profilePic: id }) };
    expect((await bob.relay.ask(routes.profile, anonymous)).status).toBe(401);
    expect((await bob.relay.ask(routes.profile, { ...anonymous, host: 'bob.test' })).status).toBe(404);
    const phone = await bob.enrolSecond([{ act: 'file/*', res: '*' }]);
    expect(codeOf(await phone.ask(routes.profile, 'POST', { profilePic: id }))).toBe('E-DELEGATION-SCOPE');
    expect(codeOf(await show({ profilePic: id }))).toBe('E-FILE-INVALID');
    expect(codeOf(await show({ profilePic: `f1~${'A'.repeat(43)}` }))).toBe('E-CORE-NOTFOUND');
    expect(codeOf(await show({ profilePic: 'x' }))).toBe('E-VAL-INVALID');
    const socket = await bob.sync(nonce());
    await socket.next('current');
    await show({ profilePic: completed?.fileId });
    expect(await socket.next('wake')).toMatchObject({ topic: 'actions' });
    socket.close();
  });

  test('B5: neighbours fetch the small renditions of whom they follow, checked by their hashes', async () => {
    const { completed } = await portrait(800);
    const shown = { id: completed?.fileId ?? '', descriptor: completed?.descriptor ?? '' };
    await show({ profilePic: shown.id });
    await alice.say({ t: 'FLLW', aud: bob.relay.idTag });
    const readBob = async () => {
      const { people } = dataOf(await alice.ask(routes.people), relationsSchema);
      return people.find(({ idTag }) => idTag === 'bob.test');
    };
    const found = await eventually('the picture of Bob at Alice', async () => (await readBob())?.profilePic);
    expect(found).toEqual(shown);
    const tiny = await alice.ask(`${routes.files}/${shown.id}?variant=vis.pf`);
    expect(tiny.status).toBe(200);
    const here = await Promise.all(
      parseDescriptor(shown.descriptor).map(async ({ name, blob }) => [
        name,
        (await alice.ask(`${routes.variant}/${blob}`)).status,
      ]),
    );
    expect(Object.fromEntries(here)).toEqual({ 'vis.pf': 200, 'vis.tn': 200, 'vis.sd': 404, 'vis.md': 404 });
    expect((await alice.relay.ask(`${routes.files}/${shown.id}?variant=vis.pf`)).status).toBe(401);
    const answer = await alice.ask(routes.profile, 'POST', { profilePic: shown.id });
    expect(answer.text).toContain('somebody else');

    const { completed: later } = await portrait(400);
    await show({ profilePic: later?.fileId });
    await network.advance(25 * 3_600_000);
    for (const device of [alice, bob]) device.forgetToken();
    await eventually('the new picture of Bob', async () =>
      (await readBob())?.profilePic?.id === later?.fileId ? true : undefined,
    );
    await eventually('the earlier one is gone', async () => {
      const { status } = await alice.ask(`${routes.files}/${shown.id}`);
      return status === 404 ? true : undefined;
    });
  });

  test('its bytes are a picture of 80 pixels at most', async () => {
    const { completed } = await portrait(500);
    const { blob } = parseDescriptor(completed?.descriptor).find(({ name }) => name === 'vis.pf') ?? {
      blob: '',
    };
    const url = `${routes.variant}/${blob}?token=${await bob.accessToken()}`;
    const socket = await bob.relay.connect();
    socket.write(`GET ${url} HTTP/1.1\r\nhost: cl-o.bob.test\r\nconnection: close\r\n\r\n`);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const whole = Buffer.concat(chunks);
    const seen = await sharp(whole.subarray(whole.indexOf('\r\n\r\n') + 4)).metadata();
    expect([seen.format, seen.width, seen.height]).toEqual(['webp', 80, 80]);
  });
});
