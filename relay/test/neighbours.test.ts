import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proofSchema, verifyProof } from '../../shared/action/proof.ts';
import { blobId, fileId } from '../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { fileCreatedSchema, relationsSchema, routes } from '../../shared/routes.ts';
import { dataOf, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';
import { createPicture } from './pictures.ts';

type TwoRelays = Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;

describe('Alice follows Bob, and both talk', () => {
  let network: TwoRelays;
  let alice: TestDevice;
  let bob: TestDevice;
  let bobsPost: string;

  beforeAll(async () => {
    network = await createNetwork('alice.test', 'bob.test');
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
    bob = await TestDevice.enrolFirst(network, network.relays[1]);
  });

  afterAll(() => network.close());

  test('a follow reaches the neighbour and makes a follower there (R1, R3)', async () => {
    const follow = await alice.say({ t: 'FLLW', aud: bob.relay.idTag });
    await bob.eventually(follow);
    const { people } = dataOf(await bob.ask(routes.people), relationsSchema);
    expect(people).toMatchObject([{ idTag: 'alice.test', follower: true, following: false }]);
    await alice.eventually(follow, ({ deliveries }) => deliveries[0]?.state === 'delivered');
  });

  test('a post with a picture reaches the follower, picture included (B1, B2)', async () => {
    const picture = Uint8Array.from(await createPicture('webp', 120, 90));
    const blob = await blobId(picture);
    const size = picture.length;
    const descriptor = formatDescriptor([
      { name: 'vis.md', blob, format: 'webp', size, width: 120, height: 90 },
    ]);
    expect((await bob.ask(`${routes.blobs}/${blob}`, 'PUT', picture)).status).toBe(201);
    expect((await bob.ask(`${routes.blobs}/${blob}`, 'PUT', picture)).status).toBe(200);
    const file = { descriptor, contentType: 'image/webp', fileName: 'sea.webp' };
    const { fileId: id } = dataOf(await bob.ask(routes.files, 'POST', file), fileCreatedSchema);
    expect(id).toBe(await fileId(descriptor));
    bobsPost = await bob.say({ t: 'POST:IMG', c: 'The sea today', a: [id] });
    const item = await alice.eventually(bobsPost, ({ files }) => files.length === 1);
    expect(item.files).toEqual([{ id, descriptor }]);
    const copy = await alice.relay.ask(`${routes.variant}/${blob}`);
    expect(copy.status).toBe(200);
    expect(copy.headers).toMatchObject({ 'content-disposition': 'inline', 'content-type': 'image/webp' });
    expect(copy.headers['content-length']).toBe(String(size));
  });

  test('comment and like go to the owner, and back to the followers (R1, R2)', async () => {
    const comment = await alice.say({ t: 'CMNT', c: 'I was there', p: bobsPost, aud: bob.relay.idTag });
    const like = await alice.say({ t: 'REACT:LIKE', sub: bobsPost, aud: bob.relay.idTag });
    await bob.eventually(comment);
    await bob.eventually(like);
    const answer = await bob.say({ t: 'CMNT', c: 'So was I', p: bobsPost });
    await alice.eventually(answer);
  });

  test('the proof of a received action is fetched from its issuer, checked and served (F1, F2)', async () => {
    const answer = await alice.ask(`${routes.actions}/${bobsPost}/proof`);
    const proof = dataOf(answer, proofSchema);
    const { keys } = dataOf(await alice.ask(`${routes.people}/bob.test`), profileSchema);
    const { token } = await alice.eventually(bobsPost);
    expect((await verifyProof(token, proof, keys)).device?.did).toBe(bob.keys.did);
    await bob.relay.stop();
    expect((await alice.ask(`${routes.actions}/${bobsPost}/proof`)).status).toBe(200);
    await bob.relay.start();
  });

  test('what is written while the neighbour is away arrives once when it is back', async () => {
    await alice.say({ t: 'POST', c: 'before' });
    const follow = await bob.say({ t: 'FLLW', aud: alice.relay.idTag });
    await alice.eventually(follow);
    await bob.relay.stop();
    const post = await alice.say({ t: 'POST', c: 'Are you there?' });
    const comment = await alice.say({ t: 'CMNT', c: 'Hello?', p: post });
    await alice.eventually(post, ({ deliveries }) => deliveries[0]?.state === 'waiting');
    await bob.relay.start();
    await network.advance(60_000);
    await bob.eventually(comment);
    const texts = (await bob.items()).filter(({ actionId }) => actionId === post);
    expect(texts).toHaveLength(1);
    await alice.eventually(comment, ({ deliveries }) => deliveries[0]?.state === 'delivered');
  });

  test('an upsert that is older than the stored one is superseded, whatever order (U1)', async () => {
    const later = { t: 'REACT:LOVE', sub: bobsPost, aud: bob.relay.idTag, iat: alice.seconds() + 30 };
    const newest = await alice.say(later);
    const [receipt] = await alice.submit(
      await alice.draft({ ...later, t: 'REACT:DEL', iat: later.iat - 10 }),
    );
    expect(receipt).toEqual({ status: 'superseded', actionId: newest });
    const superseded = (await alice.items()).filter(({ status }) => status === 'superseded');
    expect(superseded).toHaveLength(1);
  });
});
