import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adding, append, createDevice, sealedOf } from '../sealed/sealed-fixture.ts';
import { formatFileUrl } from './file-url.ts';
import { serveFile } from './serve.ts';
import { bytesOf, counted, letter, openTestFiles, type TestFiles } from './serve-fixture.ts';

const mebibyte = 1024 * 1024;
let files: TestFiles;

beforeEach(async () => {
  files = await openTestFiles();
});
afterEach(() => files.close());

describe('sealed files inside the app', () => {
  const film = counted(3 * mebibyte + 12_345);

  it('E4: the whole film comes back, from the relay and from here', async () => {
    const blob = await files.addFilm(film, 'relay');
    for (const _ of ['relay', 'here']) {
      const response = await files.get(letter, 'vid.orig');
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'video/webm']);
      expect(response.headers.get('content-disposition')).toBe("inline; filename*=UTF-8''film.webm");
      expect((await bytesOf(response)).equals(film)).toBe(true);
    }
    expect(files.asked.map(({ range }) => range)).toEqual([undefined]);
    expect((await files.device.db.blobs.get(blob))?.uploaded).toBe(1);
  });

  it('E4: seeking reads and opens the chunks that it needs, and no others', async () => {
    await files.addFilm(film, 'relay');
    const [start, end] = [2_500_000, 2_500_999];
    const response = await files.get(letter, 'vid.orig', { range: `bytes=${start}-${end}` });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${film.length}`);
    expect((await bytesOf(response)).equals(film.subarray(start, end + 1))).toBe(true);
    expect(files.asked.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(32 + 262_144 + 16);
  });

  it('E4: a part that is no longer wanted is not read on', async () => {
    await files.addFilm(film, 'relay');
    const response = await files.get(letter, 'vid.orig', { range: 'bytes=0-' });
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    const bytes = files.asked.reduce((sum, one) => sum + one.bytes, 0);
    expect(bytes).toBeLessThan(film.length);
  });

  it('E2: a byte that was flipped at the relay is told in words, and nothing of its chunk is given', async () => {
    const blob = await files.addFilm(film, 'relay');
    const sealed = files.remote.get(blob)!;
    files.remote.set(blob, sealed.with(600_000, sealed[600_000]! ^ 1));
    const part = await files.get(letter, 'vid.orig', { range: 'bytes=550000-599999' });
    expect([part.status, part.headers.get('islet-error')]).toEqual([400, 'E-SEALED-DAMAGED']);
    expect(await part.text()).toBe('a part of this sealed file is damaged');
    expect((await files.get(letter, 'vid.orig')).headers.get('islet-error')).toBe('E-BLOB-DAMAGED');
    const good = await files.get(letter, 'vid.orig', { range: 'bytes=0-99' });
    expect((await bytesOf(good)).equals(film.subarray(0, 100))).toBe(true);
  });

  it('E7: on a device that nobody gave the key it says so', async () => {
    await files.addFilm(film, 'here');
    const other = await createDevice();
    await append(files.device.log, files.device, adding(other), [files.device, other]);
    const response = await serveFile(new Request(`http://localhost${formatFileUrl(letter, 'vid.orig')}`), {
      ...files.sources(),
      open: other.vaults.open,
    });
    expect([response.status, response.headers.get('islet-error')]).toEqual([403, 'E-SEALED-KEY']);
    expect(sealedOf(files.device, letter).sealed).toMatch(/^[\w-]{22}\./);
    other.close();
  });
});
