import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobIdToCid } from '../../shared/file/cid.ts';
import { blobId, fileId } from '../../shared/file/blob-id.ts';
import { formatDescriptor } from '../../shared/file/descriptor.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes, storageSchema, uploadSchema } from '../../shared/routes.ts';
import { actionId } from '../../shared/token/compact.ts';
import { codeOf, dataOf, json, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';
import { createPicture } from './pictures.ts';
import { sendFile } from './send-file.ts';
import { openStockNode, type StockNode } from './stock-node.ts';

describe('a neighbour who is followed names what is not its own (B5, B7)', () => {
  let network: Awaited<ReturnType<typeof createNetwork<['alice.test']>>>;
  let alice: TestDevice;
  let carol: StockNode;

  beforeAll(async () => {
    network = await createNetwork('alice.test');
    alice = await TestDevice.enrolFirst(network, network.relays[0]);
    carol = await openStockNode(network, 'carol.test');
    await alice.say({ t: 'FLLW', aud: parseIdTag('carol.test') });
  });
  afterAll(async () => {
    await carol.close();
    await network.close();
  });

  const random = () => crypto.getRandomValues(new Uint8Array(500));
  const guest = (path: string) => alice.relay.ask(path);
  const attach = async (id: string) => {
    const token = await carol.sign({ t: 'POST:IMG', c: 'Mine', a: [id], v: 'P' });
    await alice.relay.ask(routes.inbox, { method: 'POST', headers: json, body: JSON.stringify({ token }) });
    await alice.eventually(await actionId(token), ({ files }) => files.length === 1);
  };
  const expectClosed = async (blob: string) => {
    expect(codeOf(await guest(`${routes.variant}/${blob}`))).toBe('E-AUTH-UNAUTH');
    expect((await guest(`${routes.ipfs}/${blobIdToCid(blob)}?format=raw`)).status).toBe(404);
    expect((await alice.ask(`${routes.variant}/${blob}`)).status).toBe(200);
  };
  /** A file of Carol's: a picture of hers, and as its original what she says. */
  const offer = async (original: string) => {
    const picture = Uint8Array.from(await createPicture('webp', 16, 8));
    const blob = await blobId(picture);
    const descriptor = formatDescriptor([
      { name: 'vis.tn', blob, format: 'webp', size: picture.length, width: 16, height: 8 },
      { name: 'raw.orig', blob: original, format: 'bin', size: 500, width: 0, height: 0 },
    ]);
    const id = await fileId(descriptor);
    carol.pages
      .set(`${routes.files}/${id}/descriptor`, JSON.stringify({ data: descriptor, time: new Date() }))
      .set(`${routes.variant}/${blob}`, picture);
    return { id, blob };
  };

  test('B5, B7: a file of our own stays closed when her action attaches it', async () => {
    const { id, blobs } = await sendFile(alice, [{ bytes: random() }]);
    await attach(id);
    for (const rest of ['', '/descriptor', '/metadata'])
      expect(codeOf(await guest(`${routes.files}/${id}${rest}`))).toBe('E-AUTH-UNAUTH');
    await expectClosed(blobs[0]!);
    expect((await alice.ask(`${routes.files}/${id}`)).status).toBe(200);
  });

  test('B5, B7: so does a blob of our own that a file of hers names; nobody learns that it is here', async () => {
    const secret = (await sendFile(alice, [{ bytes: random() }])).blobs[0]!;
    const { id, blob } = await offer(secret);
    await attach(id);
    await expectClosed(secret);
    const elsewhere = await offer(await blobId(random()));
    await attach(elsewhere.id);
    for (const query of ['', '?variant=raw.orig']) {
      const answers = await Promise.all([
        guest(`${routes.files}/${id}${query}`),
        guest(`${routes.files}/${elsewhere.id}${query}`),
      ]);
      expect(answers[0].status).toBe(answers[1].status);
      expect(answers[0].text).toBe(answers[1].text);
    }
    expect((await alice.ask(`${routes.files}/${id}?variant=raw.orig`)).status).toBe(200);
    expect((await guest(`${routes.variant}/${blob}`)).status).toBe(200);
  });

  test('B6: what a closed file is called is not told with bytes that another one opens', async () => {
    const bytes = random();
    const closed = await sendFile(alice, [{ bytes }], { fileName: 'canary.bin' });
    await sendFile(alice, [{ bytes, format: 'dat' }], { fileName: 'sea.dat', visibility: 'P' });
    const page = `${routes.variant}/${closed.blobs[0]}`;
    expect((await guest(page)).headers['content-disposition']).toBe('attachment');
    expect((await guest(`${routes.files}/${closed.id}`)).status).toBe(401);
  });

  test('W1, B5: bytes that were deleted here are not hers to have again by their hash', async () => {
    const { id, blobs } = await sendFile(alice, [{ bytes: random() }]);
    expect((await alice.ask(`${routes.files}/${id}`, 'DELETE')).status).toBe(200);
    await alice.ask(`${routes.blobs}/${blobs[0]}`, 'DELETE');
    const descriptor = formatDescriptor([
      { name: 'raw.orig', blob: blobs[0]!, format: 'bin', size: 500, width: 0, height: 0 },
    ]);
    const hers = await fileId(descriptor);
    const page = JSON.stringify({ data: descriptor, time: new Date() });
    carol.pages.set(`${routes.files}/${hers}/descriptor`, page);
    const asked = carol.asked;
    const token = await carol.sign({ t: 'POST:IMG', c: 'Mine', a: [hers], v: 'P' });
    await alice.relay.ask(routes.inbox, { method: 'POST', headers: json, body: JSON.stringify({ token }) });
    await expect.poll(() => carol.asked).toBeGreaterThanOrEqual(asked + 2);
    expect(codeOf(await guest(`${routes.variant}/${blobs[0]}`))).toBe('E-AUTH-UNAUTH');
  });

  test('W3, W4: what was fetched from her is for no file of our own until a device brings it, which costs room', async () => {
    const picture = Uint8Array.from(await createPicture('webp', 20, 10));
    const blob = await blobId(picture);
    const variant = { name: 'vis.tn', blob, format: 'webp', size: picture.length, width: 20, height: 10 };
    const hers = formatDescriptor([variant]);
    const id = await fileId(hers);
    carol.pages
      .set(`${routes.files}/${id}/descriptor`, JSON.stringify({ data: hers, time: new Date() }))
      .set(`${routes.variant}/${blob}`, picture);
    await attach(id);
    const mine = {
      descriptor: formatDescriptor([{ ...variant, name: 'vis.sd' }]),
      contentType: 'image/webp',
      fileName: 'saved.webp',
    };
    const readUsed = async () => dataOf(await alice.ask(routes.storage), storageSchema).used;
    const before = await readUsed();
    expect(codeOf(await alice.ask(routes.files, 'POST', mine))).toBe('E-CORE-CONFLICT');
    const upload = await alice.ask(routes.uploads, 'POST', { blob, size: picture.length });
    expect(dataOf(upload, uploadSchema).done).toBe(true);
    expect((await alice.ask(routes.files, 'POST', mine)).status).toBe(201);
    expect(await readUsed()).toBe(before + picture.length);
  });
});
