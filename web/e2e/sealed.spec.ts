import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { expect, type Relay, test } from './fixtures.ts';
import { chip, claimBrowser, go, linkBrowser, worksOffline } from './people.ts';

const canaries = { name: 'canary-name-4417', type: 'x-canary-type-9083', content: 'canary-content-2265' };
const control = { name: 'control-name-7731', content: 'control-content-5520' };

function row(page: Page, title: string): Locator {
  return page.getByRole('row', { name: title, exact: true });
}

/** Opens an entry of the list as a double click does. */
async function open(page: Page, title: string): Promise<void> {
  await row(page, title).dblclick();
}

async function createSealedFolder(page: Page, name: string): Promise<void> {
  await go(page, 'Files');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('menuitem', { name: 'New sealed folder…' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(row(page, name).or(page.getByRole('heading', { level: 1, name }))).toBeVisible();
}

/** Adds a file to the folder that is shown, and waits until the relay has it. */
async function add(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.getByTestId('add-files').setInputFiles(file);
  await expect(row(page, file.name).locator('[data-where="copies"]').first()).toBeAttached({
    timeout: 40_000,
  });
}

async function openFolder(page: Page, name: string): Promise<void> {
  await go(page, 'Files');
  await open(page, name);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

function textFile(name: string, text: string) {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}

/** Everything below a folder. */
async function readAll(folder: string): Promise<Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))));
}

/** Everything that a browser sends, as it says it: addresses, heads, bodies and frames. */
function listen(context: BrowserContext): () => string {
  const heard: string[] = [];
  const watch = (page: Page): void => {
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) =>
        heard.push(typeof payload === 'string' ? payload : payload.toString('latin1')),
      );
    });
  };
  context.pages().forEach(watch);
  context.on('page', watch);
  context.on('request', (request) => {
    if (request.url().includes('/_islet/')) return; // from the page to its own worker
    heard.push(request.url(), JSON.stringify(request.headers()));
    heard.push(request.postDataBuffer()?.toString('latin1') ?? '');
  });
  return () => heard.join('\n');
}

const dataOf = (relay: Relay, folder: string): string => join(folder, relay.idTag);

/** The blobs on the relay's disk, with their places. */
async function blobsOf(folder: string): Promise<{ path: string; bytes: Buffer }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const blobs = entries.filter((entry) => entry.isFile() && entry.name.startsWith('b1~'));
  const paths = blobs.map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ path, bytes: await readFile(path) })));
}

test.describe('point 6: sealed folders', () => {
  test.slow(); // several browsers, one after the other

  test('E1, E5: name, type and content are nowhere on the relay’s disk, in its log or on the wire @offline', async ({
    browser,
    relay,
    relayFolder,
  }) => {
    const { context, page } = await claimBrowser(browser, relay);
    const heard = listen(context);
    await createSealedFolder(page, 'Papers');
    await openFolder(page, 'Papers');
    await add(page, {
      name: `${canaries.name}.txt`,
      mimeType: `text/${canaries.type}`,
      buffer: Buffer.from(`${canaries.content} `.repeat(50)),
    });
    await row(page, `${canaries.name}.txt`).dblclick();
    await expect(page.getByRole('dialog').getByText(canaries.content)).toBeVisible();
    await page.keyboard.press('Escape');
    await go(page, 'Files');
    await add(page, textFile(`${control.name}.txt`, control.content));
    await expect(chip(page)).toHaveText('On the relay');
    await relay.stop(); // everything is on disk now

    const disk = Buffer.concat(await readAll(relayFolder));
    for (const word of Object.values(control))
      expect(disk.includes(word), `${word} is on the disk`).toBe(true);
    expect(heard()).toContain(control.name);
    for (const word of Object.values(canaries)) {
      expect(disk.includes(word), `${word} is on the disk`).toBe(false);
      expect(heard().includes(word), `${word} is on the wire`).toBe(false);
      expect(relay.output()).not.toContain(word);
    }
    await context.close();
  });

  test('E7, E8: a device that is linked later reads it; after one is removed the others read on', async ({
    browser,
    relay,
  }) => {
    const first = await claimBrowser(browser, relay);
    await createSealedFolder(first.page, 'Papers');
    await openFolder(first.page, 'Papers');
    await add(first.page, textFile('before.txt', 'written before'));

    const second = await linkBrowser(browser, relay, first, 'Old phone');
    await openFolder(second.page, 'Papers');
    await open(second.page, 'before.txt');
    await expect(second.page.getByRole('dialog').getByText('written before')).toBeVisible();

    await go(first.page, 'Settings');
    await first.page.getByRole('button', { name: 'Remove – Old phone' }).click();
    await first.page.getByRole('button', { name: 'Remove for good? – Old phone' }).click();
    await expect(first.page.getByText('Old phone', { exact: true })).toHaveCount(0);
    await openFolder(first.page, 'Papers');
    await add(first.page, textFile('after.txt', 'written after'));

    const third = await linkBrowser(browser, relay, first, 'New phone');
    await openFolder(third.page, 'Papers');
    for (const [title, text] of [
      ['before.txt', 'written before'],
      ['after.txt', 'written after'],
    ] as const) {
      await open(third.page, title);
      await expect(third.page.getByRole('dialog').getByText(text)).toBeVisible();
      await third.page.keyboard.press('Escape');
    }
    await second.page.keyboard.press('Escape');
    await expect(row(second.page, 'after.txt')).toHaveCount(0);
    for (const { context } of [first, second, third]) await context.close();
  });

  test('E2: a byte that was flipped at the relay is told in words, and is not shown', async ({
    browser,
    relay,
    relayFolder,
  }) => {
    const first = await claimBrowser(browser, relay);
    await createSealedFolder(first.page, 'Papers');
    await openFolder(first.page, 'Papers');
    await add(first.page, textFile('letter.txt', 'nobody else reads this '.repeat(40)));
    const [blob] = await blobsOf(dataOf(relay, relayFolder));
    if (!blob) throw new Error('there is no blob on the relay');
    blob.bytes[500] = (blob.bytes[500] ?? 0) ^ 1;
    await writeFile(blob.path, blob.bytes);

    // The bytes at home would mend it: what is shown here comes from the relay alone.
    const link = await linkBrowser(browser, relay, first, 'Phone');
    await first.context.close();
    await openFolder(link.page, 'Papers');
    await open(link.page, 'letter.txt');
    await expect(link.page.getByRole('dialog').getByRole('alert')).toContainText(
      /damaged|no longer what they were/,
    );
    await expect(link.page.getByRole('dialog').getByText('nobody else')).toHaveCount(0);
    await link.context.close();
  });

  test('E4: a sealed video plays, and seeking fetches the parts that it needs @offline', async ({
    browser,
    relay,
    relayFolder,
  }) => {
    const first = await claimBrowser(browser, relay);
    await createSealedFolder(first.page, 'Films');
    await openFolder(first.page, 'Films');
    const film = await record(first.page);
    await add(first.page, { name: 'film.webm', mimeType: 'video/webm', buffer: film });

    await open(first.page, 'film.webm');
    const video = first.page.getByRole('dialog').locator('video');
    await expect
      .poll(() => video.evaluate((element: HTMLVideoElement) => element.readyState))
      .toBeGreaterThan(1);
    const at = await video.evaluate(async (element: HTMLVideoElement) => {
      element.pause();
      const seeked = new Promise((resolve) => element.addEventListener('seeked', resolve, { once: true }));
      element.currentTime = 1;
      await seeked;
      return element.currentTime;
    });
    expect(at).toBe(1);

    const second = await linkBrowser(browser, relay, first, 'Phone');
    await worksOffline(second.page);
    await openFolder(second.page, 'Films');
    await expect(row(second.page, 'film.webm')).toBeVisible();
    const id = (await row(second.page, 'film.webm').getAttribute('data-entry')) ?? '';
    const [largest] = (await blobsOf(dataOf(relay, relayFolder))).sort(
      (a, b) => b.bytes.length - a.bytes.length,
    );
    const asked: string[] = [];
    second.context.on('request', (request) => {
      if (
        request.method() === 'GET' &&
        decodeURIComponent(request.url()).endsWith(basename(largest?.path ?? ''))
      )
        asked.push(request.headers().range ?? 'all');
    });
    const [start, end] = [film.length - 2000, film.length - 1001];
    const part = await second.page.evaluate(
      async ([url, range]) => {
        const response = await fetch(url, { headers: { range } });
        const bytes = new Uint8Array(await response.arrayBuffer());
        return { status: response.status, range: response.headers.get('content-range'), bytes: [...bytes] };
      },
      [`/_islet/file/${id}/vid.orig`, `bytes=${start}-${end}`] as const,
    );
    expect([part.status, part.range]).toEqual([206, `bytes ${start}-${end}/${film.length}`]);
    expect(Buffer.from(part.bytes).equals(film.subarray(start, end + 1))).toBe(true);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.reduce((sum, range) => sum + lengthOf(range), 0)).toBeLessThan(film.length / 2);
    for (const { context } of [first, second]) await context.close();
  });
});

/** Bytes of a range header; all of them without one. */
function lengthOf(range: string): number {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  return from === undefined ? Infinity : Number(to) - Number(from) + 1;
}

/** Three seconds of a busy picture, as this browser records it: more than a few chunks. */
async function record(page: Page): Promise<Buffer> {
  const encoded = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 480, height: 360 });
    const drawing = canvas.getContext('2d')!;
    const options = { mimeType: 'video/webm;codecs=vp8', videoBitsPerSecond: 8_000_000 };
    const recorder = new MediaRecorder(canvas.captureStream(20), options);
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => void parts.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start(200);
    const began = performance.now();
    const sum = () => parts.reduce((size, { size: more }) => size + more, 0);
    while (performance.now() - began < 3000 || sum() < 1_200_000) {
      const pixels = drawing.createImageData(480, 360);
      for (let at = 0; at < pixels.data.length; at++)
        pixels.data[at] = at % 4 === 3 ? 255 : Math.random() * 255;
      drawing.putImageData(pixels, 0, 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return bytes.reduce((text, byte) => text + String.fromCharCode(byte), '');
  });
  return Buffer.from(encoded, 'latin1');
}
