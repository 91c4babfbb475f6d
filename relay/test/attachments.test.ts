import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobId, fileId } from '../../shared/file/blob-id.ts';
import { formatDescriptor, type Variant } from '../../shared/file/descriptor.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { fileCreatedSchema, routes } from '../../shared/routes.ts';
import { actionId } from '../../shared/token/compact.ts';
import { chooseRenditions } from '../inbox/attachments.ts';
import { choosePortrait } from '../inbox/portraits.ts';
import { codeOf, dataOf, json, TestDevice } from './device.ts';
import { createNetwork, eventually } from './network.ts';
import { createPicture } from './pictures.ts';
import { openStockNode } from './stock-node.ts';

const mebibyte = 1024 * 1024;

describe('what is fetched for an action from outside', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
  let alice: TestDevice;
  let bob: TestDevice;

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test');
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
    bob = await TestDevice.enrolFirst(network, network.relays[1]);
  });
  afterAll(() => network.close());

  /** A file of Bob's. */
  const upload = async (size = 1000) => {
    const bytes = new Uint8Array(size);
    crypto.getRandomValues(bytes.subarray(0, 1000));
    const blob = await blobId(bytes);
    await bob.ask(`${routes.blobs}/${blob}`, 'PUT', bytes);
    const descriptor = formatDescriptor([
      { name: 'raw.orig', blob, format: 'bin', size, width: 0, height: 0 },
    ]);
    const file = { descriptor, contentType: 'application/octet-stream', fileName: 'sea.bin' };
    const { fileId: id } = dataOf(await bob.ask(routes.files, 'POST', file), fileCreatedSchema);
    return { id, blob };
  };
  const uploadMany = async (count: number, size?: number) => {
    const files: { id: string; blob: string }[] = [];
    for (let i = 0; i < count; i++) files.push(await upload(size));
    return files;
  };
  const idsOf = (files: readonly { id: string }[]) => files.map(({ id }) => id);
  const isHere = async (blob: string) => (await alice.ask(`${routes.variant}/${blob}`)).status === 200;

  test('nothing for a stranger; afterwards for who is followed, at most 8 files', async () => {
    const post = await alice.say({ t: 'POST', c: 'What do you think?', v: 'P' });
    const about = { c: 'This.', p: post, aud: alice.relay.idTag };
    const unasked = await upload();
    const comment = await bob.say({ t: 'CMNT', ...about, a: [unasked.id] });
    await alice.eventually(comment);
    await bob.eventually(await alice.say({ t: 'FLLW', aud: bob.relay.idTag }));
    const many = await uploadMany(10);
    const second = await bob.say({ t: 'CMNT', ...about, a: idsOf(many) });
    await alice.eventually(second, ({ files }) => files.length >= 8);
    // Files of a neighbour are fetched one after another, so all that waited before this one have had their turn.
    const last = await upload();
    const third = await bob.say({ t: 'CMNT', ...about, a: [last.id] });
    await alice.eventually(third, ({ files }) => files.length === 1);
    expect((await alice.eventually(second)).files).toHaveLength(8);
    expect((await alice.eventually(comment)).files).toEqual([]);
    expect(await isHere(unasked.blob)).toBe(false);
  });

  test('renditions of 64 MiB altogether; the rest stays with its owner', async () => {
    const files = await uploadMany(6, 15 * mebibyte);
    const post = await bob.say({ t: 'POST:IMG', c: 'Large ones', a: idsOf(files) });
    await alice.eventually(post, (item) => item.files.length === 6);
    const here = await Promise.all(files.map(({ blob }) => isHere(blob)));
    expect(here.filter(Boolean)).toHaveLength(4);
  });

  test('B1: what was damaged here is never answered, and is fetched again', async () => {
    const file = await upload();
    const post = await bob.say({ t: 'POST:IMG', c: 'Once more', a: [file.id] });
    await alice.eventually(post, (item) => item.files.length === 1);
    const place = join(alice.relay.folder, 'public', 'blobs', file.blob.slice(3, 5), file.blob);
    const sound = await readFile(place);
    const damaged = Buffer.from(sound);
    damaged[500] = damaged[500]! ^ 1;
    await writeFile(place, damaged);
    expect(codeOf(await alice.ask(`${routes.variant}/${file.blob}`))).toBe('E-BLOB-DAMAGED');
    await eventually('the blob is sound again', async () => {
      const answer = await alice.ask(`${routes.variant}/${file.blob}`);
      expect([200, 410]).toContain(answer.status);
      return answer.status === 200 ? true : undefined;
    });
    expect(await readFile(place)).toEqual(sound);
  });
});

describe('what a neighbour of another make says', () => {
  test('B1, B2, B4: an older descriptor is read; what does not have its hash is never kept, and asked for again', async () => {
    const network = await createNetwork('alice.test');
    const alice = await TestDevice.enrolFirst(network, network.relays[0]);
    const carol = await openStockNode(network, 'carol.test');
    const picture = Uint8Array.from(await createPicture('webp', 16, 8));
    const blob = await blobId(picture);
    const descriptor = `d1~tn:${blob}:f=webp:s=${picture.length}:r=16x8`;
    const id = await fileId(descriptor);
    const envelope = (data: unknown) => JSON.stringify({ data, time: new Date().toISOString() });
    const page = `${routes.variant}/${blob}`;
    carol.pages.set(`${routes.files}/${id}/descriptor`, envelope(`${descriptor} `)).set(page, picture);
    await alice.say({ t: 'FLLW', aud: parseIdTag('carol.test') });
    const token = await carol.sign({ t: 'POST:IMG', c: 'The sea', a: [id], v: 'F' });
    const inbox = { method: 'POST', headers: json, body: JSON.stringify({ token }) };
    expect((await alice.relay.ask(routes.inbox, inbox)).status).toBe(202);
    const post = await actionId(token);

    /** Time goes by until it is so. */
    const inTime = (what: string, check: () => Promise<boolean>) =>
      eventually(what, async () => {
        await network.advance(60_000);
        alice.forgetToken();
        return (await check()) || undefined;
      });
    const isAsked = (count: number) =>
      inTime(`asked ${count} times`, () => Promise.resolve(carol.asked >= count));
    await isAsked(1);
    carol.pages
      .set(`${routes.files}/${id}/descriptor`, envelope(descriptor))
      .set(page, picture.with(9, 255 - picture[9]!));
    await isAsked(3);
    expect((await alice.eventually(post)).files).toEqual([]);
    expect((await alice.ask(page)).status).toBe(404);
    carol.pages.set(page, picture);
    await inTime('the picture is here', async () => (await alice.eventually(post)).files.length === 1);
    expect((await alice.eventually(post)).files).toEqual([{ id, descriptor }]);
    expect((await alice.relay.ask(`${routes.files}/${id}?variant=tn`)).headers['content-type']).toBe(
      'image/webp',
    );
    await carol.close();
    await network.close();
  });
});

describe('the choice of renditions', () => {
  const variant = (name: string, size: number): Variant => ({
    name,
    blob: `b1~${name}${size}`,
    format: 'webp',
    size,
    width: 1,
    height: 1,
  });

  test('one of each name, none of the large ones, within the budget', () => {
    const many = Array.from({ length: 100 }, (_, i) => variant('vis.tn', 10 + i));
    const all = [
      ...many,
      variant('vis.md', 1000),
      variant('vis.orig', 2000),
      variant('vid.sd', 17 * mebibyte),
    ];
    expect(chooseRenditions(all, mebibyte)).toEqual([variant('vis.tn', 10), variant('vis.md', 1000)]);
    expect(chooseRenditions(all, 1009)).toEqual([variant('vis.tn', 10)]);
    expect(chooseRenditions(all, -1)).toEqual([]);
    expect(chooseRenditions([variant('vis.hd', 5), variant('vis.orig', 6)], 100)).toEqual([
      variant('vis.hd', 5),
    ]);
  });

  test('of a portrait the smallest ones, none that is large', () => {
    const [pf, tn, sd] = [variant('vis.pf', 9), variant('vis.tn', 90), variant('vis.sd', 900)];
    expect(choosePortrait([pf, tn, sd])).toEqual([pf, tn]);
    expect(choosePortrait([sd, variant('vis.md', 1000)])).toEqual([sd]);
    expect(choosePortrait([variant('vis.pf', mebibyte), variant('raw.orig', 1)])).toEqual([]);
  });
});
