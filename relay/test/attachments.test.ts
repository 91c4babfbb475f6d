import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobId, formatDescriptor, type Variant } from '../../shared/file/blob-id.ts';
import { fileCreatedSchema, routes } from '../../shared/routes.ts';
import { chooseRenditions } from '../inbox/attachments.ts';
import { dataOf, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';

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

  /** A file of Bob's; `size` is what its descriptor says. */
  const upload = async (size = 1000) => {
    const picture = crypto.getRandomValues(new Uint8Array(1000));
    const blob = await blobId(picture);
    await bob.ask(`${routes.blobs}/${blob}`, 'PUT', picture);
    const descriptor = formatDescriptor([
      { name: 'vis.md', blob, format: 'webp', size, width: 8, height: 8 },
    ]);
    const file = { descriptor, contentType: 'image/webp', fileName: 'sea.webp' };
    const { fileId } = dataOf(await bob.ask(routes.files, 'POST', file), fileCreatedSchema);
    return { id: fileId, blob };
  };
  const uploadMany = async (count: number, size?: number) => {
    const files: { id: string; blob: string }[] = [];
    for (let i = 0; i < count; i++) files.push(await upload(size));
    return files;
  };
  const idsOf = (files: readonly { id: string }[]) => files.map(({ id }) => id);
  const isHere = async (blob: string) => (await alice.ask(`${routes.variant}/${blob}`)).status === 200;

  test('nothing for a stranger; afterwards for who is followed, at most 8 files', async () => {
    const post = await alice.say({ t: 'POST', c: 'What do you think?' });
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
});
