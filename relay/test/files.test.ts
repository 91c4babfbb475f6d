import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobId } from '../../shared/file/blob-id.ts';
import { blobIdToCid } from '../../shared/file/cid.ts';
import { parseDescriptor } from '../../shared/file/descriptor.ts';
import { fileMetadataSchema, routes } from '../../shared/routes.ts';
import { codeOf, dataOf, TestDevice } from './device.ts';
import { createNetwork } from './network.ts';
import { createPicture, withCamera } from './pictures.ts';
import { sendFile, trySendFile } from './send-file.ts';

let network: Awaited<ReturnType<typeof createNetwork<['alice.test', 'bob.test']>>>;
let alice: TestDevice;
let bob: TestDevice;

beforeAll(async () => {
  network = await createNetwork('alice.test', 'bob.test');
  alice = await TestDevice.enrolFirst(network, network.relays[0]);
  bob = await TestDevice.enrolFirst(network, network.relays[1]);
});
afterAll(() => network.close());

const random = (size: number) => crypto.getRandomValues(new Uint8Array(size));
/** As somebody who shows no token. */
const guest = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  bob.relay.ask(path, { headers, method });

describe('who may read (B5)', () => {
  test('B5: devices read what is theirs; a guest is not told whether it is there', async () => {
    const { id, blobs } = await sendFile(bob, [{ bytes: random(100) }]);
    const missing = `f1~${'A'.repeat(43)}`;
    for (const base of [routes.files, routes.store])
      for (const rest of ['', '/descriptor', '/metadata']) {
        expect((await bob.ask(`${base}/${id}${rest}`)).status).toBe(200);
        expect(codeOf(await guest(`${base}/${id}${rest}`))).toBe('E-AUTH-UNAUTH');
        expect(codeOf(await guest(`${base}/${missing}${rest}`))).toBe('E-AUTH-UNAUTH');
        expect(codeOf(await bob.ask(`${base}/${missing}${rest}`))).toBe('E-CORE-NOTFOUND');
      }
    expect((await bob.ask(`${routes.store}/variant/${blobs[0]}`)).status).toBe(200);
    expect(codeOf(await guest(`${routes.store}/variant/${blobs[0]}`))).toBe('E-AUTH-UNAUTH');
  });

  test('B5: a public file is open to all, and so is one that an action attaches', async () => {
    const open = await sendFile(bob, [{ bytes: random(100) }], { visibility: 'P', fileName: 'Sea.bin' });
    expect((await guest(`${routes.files}/${open.id}`)).status).toBe(200);
    expect((await guest(`${routes.variant}/${open.blobs[0]}`)).status).toBe(200);
    const metadata = dataOf(await guest(`${routes.files}/${open.id}/metadata`), fileMetadataSchema);
    expect(metadata).toMatchObject({ fileName: 'Sea.bin', visibility: 'P' });
    const shown = await sendFile(bob, [{ bytes: random(100) }]);
    expect((await guest(`${routes.files}/${shown.id}`)).status).toBe(401);
    await bob.say({ t: 'POST:IMG', c: 'Look', a: [shown.id] });
    expect((await guest(`${routes.files}/${shown.id}`)).status).toBe(200);
  });

  test('B5: the token may stand in the query; a bad one makes a guest of who shows it', async () => {
    const closed = await sendFile(bob, [{ bytes: random(100) }]);
    const open = await sendFile(bob, [{ bytes: random(100) }], { visibility: 'P' });
    const token = await bob.accessToken();
    expect((await guest(`${routes.files}/${closed.id}?token=${token}`)).status).toBe(200);
    expect((await guest(`${routes.store}/${closed.id}?variant=raw.orig&token=${token}`)).status).toBe(200);
    expect((await guest(`${routes.variant}/${closed.blobs[0]}?token=${token}`)).status).toBe(200);
    const strangers = await alice.accessToken();
    for (const bad of ['', 'x', `${token}x`, strangers]) {
      expect((await guest(`${routes.files}/${open.id}?token=${bad}`)).status).toBe(200);
      expect(codeOf(await guest(`${routes.files}/${closed.id}?token=${bad}`))).toBe('E-AUTH-UNAUTH');
    }
    expect((await guest(`${routes.people}?token=${token}`)).status).toBe(401);
  });

  test('B5: a device without file/read is refused', async () => {
    const phone = await bob.enrolSecond([{ act: 'action/read', res: '*' }]);
    const { id } = await sendFile(bob, [{ bytes: random(100) }]);
    expect(codeOf(await phone.ask(`${routes.files}/${id}`))).toBe('E-DELEGATION-SCOPE');
  });
});

describe('how bytes are answered (B6)', () => {
  test('B6: on the API host, never sniffed, in a sandbox, with a name that does no harm', async () => {
    const html = new TextEncoder().encode('<script>alert(document.domain)</script>');
    const names = { fileName: '../\u202egnp.html', contentType: 'text/html', visibility: 'P' as const };
    const { id, blobs } = await sendFile(bob, [{ bytes: html, format: 'html' }], names);
    for (const [path, name] of [
      [`${routes.files}/${id}`, '; filename="gnp.html"'],
      [`${routes.variant}/${blobs[0]}`, ''],
    ] as const) {
      const { headers } = await guest(path);
      expect(headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment${name}`,
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'cross-origin',
      });
      expect(headers['content-security-policy']).toMatch(/sandbox; default-src 'none'/);
      const onApp = await bob.relay.ask(path, { host: 'bob.test' });
      expect(onApp.status).toBe(404);
      expect(onApp.text).not.toContain('alert');
    }
    const cid = blobIdToCid(blobs[0]!);
    expect((await bob.relay.ask(`${routes.ipfs}/${cid}?format=raw`, { host: 'bob.test' })).status).toBe(404);
  });

  test('B6: single ranges, If-Range, If-None-Match and HEAD', async () => {
    const text = 'abcdefghijklmnopqrstuvwxyz';
    const { id, blobs } = await sendFile(bob, [{ bytes: new TextEncoder().encode(text) }], {
      visibility: 'P',
    });
    const etag = `"${blobs[0]}"`;
    for (const path of [`${routes.files}/${id}`, `${routes.variant}/${blobs[0]}`]) {
      const part = await guest(path, { range: 'bytes=2-4' });
      expect([part.status, part.text, part.headers['content-range']]).toEqual([206, 'cde', 'bytes 2-4/26']);
      expect((await guest(path, { range: 'bytes=-2' })).text).toBe('yz');
      expect((await guest(path, { range: 'bytes=2-4', 'if-range': etag })).text).toBe('cde');
      expect((await guest(path, { range: 'bytes=2-4', 'if-range': '"other"' })).text).toBe(text);
      expect((await guest(path, { range: 'bytes=0-1,3-4' })).text).toBe(text);
      const outside = await guest(path, { range: 'bytes=26-' });
      expect([outside.status, outside.headers['content-range']]).toEqual([416, 'bytes */26']);
      for (const held of [etag, `W/${etag}`, `"x", ${etag}`, '*'])
        expect((await guest(path, { 'if-none-match': held })).status).toBe(304);
      expect((await guest(path, { 'if-none-match': '"x"' })).headers.etag).toBe(etag);
      const head = await guest(path, {}, 'HEAD');
      expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '26']);
      const partOfHead = await guest(path, { range: 'bytes=2-4' }, 'HEAD');
      expect([partOfHead.status, partOfHead.headers['content-length']]).toEqual([206, '3']);
    }
  });

  test('B6: a rendition by name, or the nearest; of another format than its file', async () => {
    const pieces = [
      { name: 'vis.tn', format: 'png', bytes: await createPicture('png', 16, 8), width: 16, height: 8 },
      { name: 'vis.md', format: 'webp', bytes: await createPicture('webp', 32, 16), width: 32, height: 16 },
    ];
    const names = { visibility: 'P' as const, fileName: 'sea.jpg', contentType: 'image/jpeg' };
    const { id } = await sendFile(bob, pieces, names);
    const exact = await guest(`${routes.files}/${id}?variant=vis.md`);
    expect(exact.headers).toMatchObject({
      'content-type': 'image/webp',
      'content-disposition': 'inline; filename="sea.webp"',
      'cache-control': 'private, max-age=31536000, immutable',
    });
    const nearest = await guest(`${routes.files}/${id}?variant=vis.sd`);
    expect(nearest.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'private, no-cache',
    });
    expect((await guest(`${routes.files}/${id}?variant=aud.orig`)).status).toBe(404);
    expect((await guest(`${routes.files}/${id}?variant=../x`)).status).toBe(400);
  });
});

describe('IPFS (B7)', () => {
  test('B7: a public blob is a block that its CID verifies; HEAD and Accept work', async () => {
    const bytes = new TextEncoder().encode(
      'a block of the interplanetary file system '.repeat(9).slice(0, 300),
    );
    const { blobs } = await sendFile(bob, [{ bytes }], { visibility: 'P' });
    const cid = blobIdToCid(blobs[0]!);
    const answers = [
      await guest(`${routes.ipfs}/${cid}?format=raw`),
      await guest(`${routes.ipfs}/${cid}`, { accept: 'application/vnd.ipld.raw' }),
    ];
    for (const { status, headers, text } of answers) {
      expect(status).toBe(200);
      expect(blobIdToCid(await blobId(new TextEncoder().encode(text)))).toBe(cid);
      expect(headers).toMatchObject({
        'content-type': 'application/vnd.ipld.raw',
        'content-disposition': `attachment; filename="${cid}.bin"`,
        'x-content-type-options': 'nosniff',
        'content-length': '300',
        etag: `"${cid}.raw"`,
      });
      expect(headers['cache-control']).toMatch(/immutable/);
    }
    expect((await guest(`${routes.ipfs}/${cid}?format=raw`, {}, 'HEAD')).headers['content-length']).toBe(
      '300',
    );
    expect((await guest(`${routes.ipfs}/${cid}`)).status).toBe(400);
    expect((await guest(`${routes.ipfs}/${cid}?format=car`)).status).toBe(400);
  });

  test('B7: what is not public is not there, whoever knows its CID; what is no CID is a bad request', async () => {
    const shown = await sendFile(bob, [{ bytes: random(300) }]);
    const toAll = await sendFile(bob, [{ bytes: random(300) }]);
    await bob.say({ t: 'POST:IMG', c: 'For followers', a: [shown.id], v: 'F' });
    await bob.say({ t: 'POST:IMG', c: 'For all', a: [toAll.id], v: 'P' });
    const ask = (blob = '') => guest(`${routes.ipfs}/${blobIdToCid(blob)}?format=raw`);
    const absent = `b1~${createHash('sha256').update('absent').digest('base64url')}`;
    expect((await ask(toAll.blobs[0])).status).toBe(200);
    const [closed, nothing] = [await ask(shown.blobs[0]), await ask(absent)];
    expect(closed.status).toBe(404);
    expect(closed.text.replace(/"time".*/, '')).toBe(nothing.text.replace(/"time".*/, ''));
    for (const bad of [
      'x',
      'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
      blobIdToCid(absent).toUpperCase(),
    ])
      expect((await guest(`${routes.ipfs}/${bad}?format=raw`)).status).toBe(400);
  });
});

describe('what is missing is made (B8)', () => {
  test('B8: renditions of an original, upright and without its metadata, as a file of their own', async () => {
    const original = await withCamera(1600, 800, 6);
    const piece = { name: 'vis.orig', format: 'jpeg', bytes: original, width: 1600, height: 800 };
    const sent = await sendFile(bob, [piece], { contentType: 'image/jpeg', fileName: 'IMG_1.jpg' });
    expect(sent.completed?.descriptor).toMatch(new RegExp(`^d2,R=${sent.id};`));
    const made = parseDescriptor(sent.completed?.descriptor);
    const sizes = made.map(({ name, width, height }) => `${name} ${width}x${height}`).toSorted();
    expect(sizes).toEqual(['vis.md 640x1280', 'vis.orig 1600x800', 'vis.sd 360x720', 'vis.tn 128x256']);
    for (const { name, blob, size } of made) {
      const answer = await bob.ask(`${routes.files}/${sent.completed?.fileId}?variant=${name}`);
      expect(answer.headers).toMatchObject({ etag: `"${blob}"`, 'content-length': String(size) });
    }
    const again = await sendFile(bob, [piece], { contentType: 'image/jpeg', fileName: 'IMG_1.jpg' });
    expect([again.id, again.completed]).toEqual([sent.id, sent.completed]);
  });

  test('B8: nothing when nothing is missing', async () => {
    const small = {
      name: 'vis.orig',
      format: 'png',
      bytes: await createPicture('png', 200, 100),
      width: 200,
      height: 100,
    };
    expect((await sendFile(bob, [small])).completed).toBeUndefined();
    expect((await sendFile(bob, [{ bytes: random(10) }])).completed).toBeUndefined();
  });

  test('B8: what is not as its descriptor says is refused, and says which and why', async () => {
    const bytes = await createPicture('png', 20, 10);
    const { answer } = await trySendFile(bob, [
      { name: 'vis.tn', format: 'png', bytes, width: 21, height: 10 },
    ]);
    expect(codeOf(answer)).toBe('E-FILE-INVALID');
    expect(answer.text).toContain('vis.tn is 20 × 10 and not 21 × 10 pixels');
    expect(answer.json()).toMatchObject({ error: { details: { variant: 'vis.tn' } } });
  });
});
