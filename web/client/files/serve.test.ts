import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatFileUrl } from './file-url.ts';
import { serveFile } from './serve.ts';
import { bytesOf, counted, picture, openTestFiles, type TestFiles } from './serve-fixture.ts';

const mebibyte = 1024 * 1024;
let files: TestFiles;

beforeEach(async () => {
  files = await openTestFiles();
});
afterEach(() => files.close());

describe('files inside the app', () => {
  it('B6: a picture is answered from this device, and can do nothing but be shown', async () => {
    await files.addPlain(counted(5000), 'here');
    const response = await files.get(picture, 'vis.orig');
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '5000',
      'content-disposition': "inline; filename*=UTF-8''sea.png",
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    });
    expect((await bytesOf(response)).equals(counted(5000))).toBe(true);
    expect(files.asked).toEqual([]);
  });

  it.each([
    ['image/svg+xml', 'application/octet-stream', 'attachment'],
    ['text/html', 'application/octet-stream', 'attachment'],
    ['application/xhtml+xml', 'application/octet-stream', 'attachment'],
    ['TEXT/HTML', 'application/octet-stream', 'attachment'],
    ['', 'application/octet-stream', 'attachment'],
    ['application/pdf', 'application/pdf', 'attachment'],
    ['text/javascript', 'text/plain; charset=utf-8', 'inline'],
    ['video/mp4', 'video/mp4', 'inline'],
  ])('B6: %j is answered as %s, %s', async (mime, type, shown) => {
    await files.addPlain(counted(10), 'here', { mime });
    const { headers } = await files.get(picture, 'vis.orig');
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toContain(shown);
    expect(headers.get('content-security-policy')).toContain('sandbox');
  });

  it('a download has its name, whatever is in it', async () => {
    await files.addPlain(counted(10), 'here', { title: 'Ünï "x"\r\n;.png' });
    const { headers } = await files.get(picture, 'vis.orig', { download: true });
    expect(headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''%C3%9Cn%C3%AF%20%22x%22%0D%0A%3B.png",
    );
  });

  it.each([
    ['bytes=0-0', 206, 'bytes 0-0/5000'],
    ['bytes=100-199', 206, 'bytes 100-199/5000'],
    ['bytes=4990-', 206, 'bytes 4990-4999/5000'],
    ['bytes=-10', 206, 'bytes 4990-4999/5000'],
    ['bytes=0-99999', 206, 'bytes 0-4999/5000'],
    ['bytes=5000-', 416, 'bytes */5000'],
    ['bytes=-0', 416, 'bytes */5000'],
    ['bytes=9-3', 200, null],
    ['bytes=0-1,3-4', 200, null],
    ['lines=1-2', 200, null],
  ])('a range %s is answered by %i', async (range, status, contentRange) => {
    await files.addPlain(counted(5000), 'here');
    const response = await files.get(picture, 'vis.orig', { range });
    expect([response.status, response.headers.get('content-range')]).toEqual([status, contentRange]);
    const [, from, to] = /(\d+)-(\d+)/.exec(contentRange ?? '') ?? [];
    const part = from ? counted(5000).subarray(Number(from), Number(to) + 1) : counted(5000);
    if (status !== 416) expect((await bytesOf(response)).equals(part)).toBe(true);
  });

  it('what is not here comes from the relay, is checked and kept', async () => {
    const blob = await files.addPlain(counted(5000), 'relay');
    expect((await bytesOf(await files.get(picture, 'vis.orig'))).equals(counted(5000))).toBe(true);
    expect(await files.device.db.blobs.get(blob)).toMatchObject({ uploaded: 1, size: 5000 });
    await files.get(picture, 'vis.orig');
    expect(files.asked.length).toBe(1);
  });

  it('other bytes than were files.asked for are not shown and not kept', async () => {
    const blob = await files.addPlain(counted(5000), 'relay');
    files.remote.set(blob, counted(5000).with(77, 1));
    const response = await files.get(picture, 'vis.orig');
    expect([response.status, response.headers.get('islet-error')]).toEqual([410, 'E-BLOB-DAMAGED']);
    expect(await response.text()).toBe('The relay’s copy of this file is damaged.');
    expect(await files.device.db.blobs.count()).toBe(0);
    const long = await files.get(picture, 'vis.orig', { range: 'bytes=0-' });
    expect(long.status).toBe(410);
  });

  it('a part of a long film is files.asked for by itself', async () => {
    await files.addPlain(counted(3 * mebibyte), 'relay', { mime: 'video/mp4' });
    const response = await files.get(picture, 'vis.orig', { range: 'bytes=2000000-2000099' });
    expect((await bytesOf(response)).equals(counted(3 * mebibyte).subarray(2_000_000, 2_000_100))).toBe(true);
    expect(files.asked.map(({ bytes }) => bytes)).toEqual([100]);
  });

  it('without the relay it says so; what nobody has is not there', async () => {
    const blob = await files.addPlain(counted(10), 'nowhere');
    expect((await files.get(picture, 'vis.orig')).status).toBe(404);
    const request = new Request(`http://localhost${formatFileUrl(picture, 'vis.orig')}`);
    const response = await serveFile(request, files.sources({ away: true }));
    expect([response.status, await response.text()]).toEqual([
      503,
      'This file is not on this device, and the relay is away.',
    ]);
    expect(blob).toMatch(/^b1~/);
  });

  it.each([
    `${picture}/vis.tn`,
    `${'Q'.repeat(24)}/vis.orig`,
    `${picture}/../secret`,
    `${picture}/vis.orig/more`,
    'x/vis.orig',
  ])('%s is not there', async (path) => {
    await files.addPlain(counted(10), 'here');
    const response = await serveFile(new Request(`http://localhost/_islet/file/${path}`), files.sources());
    expect(response.status).toBe(404);
  });
});
