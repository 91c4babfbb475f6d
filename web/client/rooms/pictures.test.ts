import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IsletError } from '../../../shared/errors.ts';
import { blobId } from '../../../shared/file/blob-id.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { limits, routes } from '../../../shared/routes.ts';
import { openTestBrowser, type TestBrowser } from '../documents/browser-fixture.ts';
import { hashBlob } from '../files/hash-blob.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import { countOwed, createPictures, type Pictures, savePicture } from './pictures.ts';

const doc = 'D'.repeat(24);
const visit = { owner: parseIdTag('alice.test'), id: doc, level: 'W' } as const;
const drawing = (name: string) => new Blob([`picture ${name}`], { type: 'image/png' });
const idOf = async (blob: Blob) => blobId(new Uint8Array(await blob.arrayBuffer()));

let browser: TestBrowser;
let server: Server;
let origin: string;
/** What the owner's relay has, by blob id. */
let there: Map<string, string>;
/** Passes that were given; only the newest is good. */
let passes: string[];
/** What the owner's relay says to bytes, if it does not take them. */
let refusal: { status: number; code: string } | undefined;
let puts: number;
let told: IsletError[];
let pictures: Pictures;

/** The owner's relay, and of ours the one route that leads there. */
async function answer(request: IncomingMessage): Promise<{ status: number; data?: unknown; bytes?: string }> {
  const { pathname, searchParams } = new URL(request.url ?? '', origin);
  const bearer = request.headers.authorization?.slice('Bearer '.length);
  if (pathname === routes.proxyToken) return { status: 200, data: { token: 'proxy', apiBase: origin } };
  if (pathname === routes.accessToken) {
    passes.push(`${bearer}-${searchParams.get('scope')}-${passes.length}`);
    return { status: 200, data: { token: passes.at(-1) } };
  }
  const body = (await buffer(request)).toString();
  if (bearer !== passes.at(-1)) return { status: 401, data: 'E-AUTH-UNAUTH' };
  const id = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1));
  if (request.method === 'PUT') {
    puts += 1;
    if (refusal) return { status: refusal.status, data: refusal.code };
    there.set(id, body);
    return { status: 201, data: {} };
  }
  const bytes = there.get(searchParams.get('variant') === 'vis.sd' ? `sd of ${id}` : id);
  return bytes === undefined ? { status: 404, data: 'E-CORE-NOTFOUND' } : { status: 200, bytes };
}

beforeEach(async () => {
  browser = await openTestBrowser();
  [there, passes, told, puts, refusal] = [new Map(), [], [], 0, undefined];
  server = createServer((request, response) => {
    void answer(request).then(({ status, data, bytes }) => {
      const time = new Date().toISOString();
      const error = { error: { code: data, message: `${String(data)} in words` }, time };
      response.writeHead(status, {
        'content-type': bytes === undefined ? 'application/json' : 'image/svg+xml',
      });
      response.end(bytes ?? JSON.stringify(status < 300 ? { data, time } : error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  pictures = openPictures();
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await browser.close();
});

const openPictures = () =>
  createPictures({
    ...{ db: browser.db, api: createRelayApi(origin), work: { hash: hashBlob }, now: () => Date.now() },
    onRefusal: (error) => told.push(error),
  });
const kept = (id: string) => browser.db.blobs.get(id);

describe('J7: pictures that are at the owner’s relay', () => {
  it('J7: are kept here, and go to our own relay; what type they are there is not taken over', async () => {
    const id = await idOf(drawing('a'));
    there.set(id, 'picture a');
    expect(await (await pictures.read(visit, id))?.text()).toBe('picture a');
    expect(await kept(id)).toMatchObject({ uploaded: 0, type: 'application/octet-stream', size: 9 });
    expect(passes).toEqual([`proxy-file:${doc}:W-0`]);
    there.clear();
    expect(await (await pictures.read(visit, id))?.text()).toBe('picture a');
  });

  it('J7: other bytes are neither shown nor kept, and what is not there is undefined', async () => {
    const id = await idOf(drawing('a'));
    there.set(id, 'something else');
    await expect(pictures.read(visit, id)).rejects.toThrow('other bytes');
    expect(await kept(id)).toBeUndefined();
    expect(await pictures.read(visit, await idOf(drawing('b')))).toBeUndefined();
  });

  it('J7: a pass is used again, and got anew when it is refused', async () => {
    const [a, b] = [await idOf(drawing('a')), await idOf(drawing('b'))];
    there.set(a, 'picture a').set(b, 'picture b');
    await pictures.read(visit, a);
    passes.push('another hour');
    expect(await (await pictures.read(visit, b))?.text()).toBe('picture b');
    expect(passes).toHaveLength(3);
  });

  it('J7: a file of a document of another app is asked for in a size for the screen', async () => {
    const file = `f1~${'A'.repeat(43)}`;
    there.set(`sd of ${file}`, 'small');
    expect(await (await pictures.readFile(visit, file))?.text()).toBe('small');
    expect(await pictures.readFile(visit, '../me')).toBeUndefined();
    expect(await pictures.readFile(visit, `f1~${'B'.repeat(43)}`)).toBeUndefined();
  });
});

describe('J7: pictures that are added here', () => {
  it('J7: wait until the owner’s relay has them', async () => {
    const id = await savePicture(browser.db, doc, drawing('mine'));
    expect(await kept(id)).toMatchObject({ uploaded: 0 });
    expect(await countOwed(browser.db, doc)).toBe(1);
    server.closeAllConnections();
    const { port } = new URL(origin);
    await new Promise((resolve) => server.close(resolve));
    await expect(pictures.send(visit)).rejects.toThrow('cannot be reached');
    expect(await countOwed(browser.db, doc)).toBe(1);
    server.listen(Number(port), '127.0.0.1');
    await once(server, 'listening');
    await pictures.send(visit);
    expect(there.get(id)).toBe('picture mine');
    expect(await countOwed(browser.db, doc)).toBe(0);
    expect(await browser.db.owed.count()).toBe(0);
    await pictures.send(visit);
    expect(puts).toBe(1);
  });

  it('J7: one that is refused is told once, holds up no other, and is tried by the next page', async () => {
    await savePicture(browser.db, doc, drawing('a'));
    refusal = { status: 400, code: 'E-FILE-INVALID' };
    await pictures.send(visit);
    refusal = undefined;
    const b = await savePicture(browser.db, doc, drawing('b'));
    await pictures.send(visit);
    expect(told.map(({ code }) => code)).toEqual(['E-FILE-INVALID']);
    expect([...there.keys()]).toEqual([b]);
    expect(await countOwed(browser.db, doc)).toBe(0);
    expect(await browser.db.owed.toArray()).toMatchObject([{ reason: 'E-FILE-INVALID in words' }]);
    await openPictures().send(visit);
    expect(there.size).toBe(2);
    expect(await browser.db.owed.count()).toBe(0);
  });

  it('J7: a door that is shut says nothing of a picture: it still waits', async () => {
    await savePicture(browser.db, doc, drawing('a'));
    refusal = { status: 403, code: 'E-AUTH-NOPERM' };
    await expect(pictures.send(visit)).rejects.toMatchObject({ code: 'E-AUTH-NOPERM' });
    expect(await countOwed(browser.db, doc)).toBe(1);
    expect(told).toEqual([]);
  });

  it('Z11: one that no relay would take is not kept at all', async () => {
    const large = new Blob([new Uint8Array(limits.picture + 1)]);
    await expect(savePicture(browser.db, doc, large)).rejects.toMatchObject({ code: 'E-CORE-TOOLARGE' });
    expect(await browser.db.blobs.count()).toBe(0);
  });
});
