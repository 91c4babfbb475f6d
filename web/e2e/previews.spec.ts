import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { addFiles, choose, entry, makeFolder, openFilesPage, textFile } from './file-page.ts';
import { expect, test } from './fixtures.ts';
import { bomb, pdf, picture, sound } from './made-files.ts';

/** Records a short film in the page, because no tool here makes one, and picks it. */
async function addFilm(page: Page, name: string): Promise<void> {
  await page.evaluate(async (fileName) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [64, 48];
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm;codecs=vp8' });
    const parts: Blob[] = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let frame = 0; frame < 30; frame++) {
      context?.fillRect(frame, frame, 20, 20);
      await new Promise(requestAnimationFrame);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    recorder.stop();
    await stopped;
    const transfer = new DataTransfer();
    transfer.items.add(new File(parts, fileName, { type: 'video/webm' }));
    const input = document.querySelector<HTMLInputElement>('[data-testid=add-files]');
    if (!input) throw new Error('there is no place for files');
    input.files = transfer.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, name);
  await expect(entry(page, name)).toBeVisible();
}

/** Whether something black is drawn on a canvas. */
function hasInk(canvas: HTMLCanvasElement | SVGElement | HTMLElement): boolean {
  if (!(canvas instanceof HTMLCanvasElement)) return false;
  const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
  for (let at = 0; at < data.length; at += 4)
    if ((data[at] ?? 255) < 40 && (data[at + 3] ?? 0) > 200) return true;
  return false;
}

test.describe('point 5: previews', () => {
  test('each kind is shown by its own means; arrows lead from picture to picture @offline', async ({
    page,
    unclaimed: relay,
  }) => {
    test.setTimeout(120_000);
    await openFilesPage(page, relay);
    await addFiles(page, [
      picture('blue.png', 900, [20, 40, 200]),
      picture('red.png', 40, [200, 40, 20]),
      sound('wind.wav', 3),
      pdf('tides.pdf'),
      textFile('page.html', '<script>document.title = "taken"</script><h1>words</h1>'),
      { name: 'pack.zip', mimeType: 'application/zip', buffer: Buffer.alloc(30, 7) },
    ]);
    await addFilm(page, 'walk.webm');
    const dialog = page.getByRole('dialog');
    const close = () => page.keyboard.press('Escape');

    await entry(page, 'blue.png').dblclick();
    await expect(page).toHaveURL(/open=/);
    const shown = dialog.getByRole('img', { name: 'blue.png' });
    await expect
      .poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(700);
    await dialog.getByRole('button', { name: 'Zoom in' }).click();
    await expect(dialog.getByText('150%')).toBeVisible();
    await page.keyboard.press('ArrowRight');
    await expect(dialog.getByRole('heading', { name: 'red.png' })).toBeVisible();
    await expect(dialog.getByText('2 of 3')).toBeVisible();
    await expect
      .poll(() =>
        dialog
          .getByRole('img', { name: 'red.png' })
          .evaluate((image: HTMLImageElement) => image.naturalWidth),
      )
      .toBe(40);
    await page.keyboard.press('ArrowRight');
    const film = dialog.locator('video');
    await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.readyState)).toBeGreaterThan(0);
    await close();
    await expect(dialog).toHaveCount(0);
    await expect(page).toHaveURL(/\/files$/);

    await entry(page, 'wind.wav').dblclick();
    const audio = dialog.locator('audio');
    await expect
      .poll(() => audio.evaluate((element: HTMLAudioElement) => element.duration))
      .toBeCloseTo(3, 1);
    await audio.evaluate((element: HTMLAudioElement) => (element.currentTime = 2));
    await expect
      .poll(() => audio.evaluate((element: HTMLAudioElement) => element.currentTime))
      .toBeCloseTo(2, 1);
    await close();

    await entry(page, 'tides.pdf').dblclick();
    const first = dialog.getByRole('img', { name: 'Page 1 of 2' });
    await expect.poll(() => first.evaluate(hasInk), { timeout: 30_000 }).toBe(true);
    await close();

    await entry(page, 'page.html').dblclick();
    await expect(dialog.getByText('<script>document.title = "taken"</script><h1>words</h1>')).toBeVisible();
    expect(await page.title()).not.toBe('taken');
    await close();

    await entry(page, 'pack.zip').dblclick();
    await expect(dialog.getByText('There is no preview of this kind of file.')).toBeVisible();
    await close();
    await expect(entry(page, 'pack.zip')).toBeFocused();
  });

  test('a folder comes out as an archive with safe names and every byte @offline', async ({
    page,
    unclaimed: relay,
  }) => {
    await openFilesPage(page, relay);
    await makeFolder(page, 'Out');
    await entry(page, 'Out').dblclick();
    await addFiles(page, [textFile('one.txt'), textFile('con.txt'), textFile('..%2f..%2fup.txt')]);
    await makeFolder(page, 'in: here');
    await page.getByRole('link', { name: 'Files' }).last().click();
    const [download] = await Promise.all([page.waitForEvent('download'), choose(page, 'Out', 'Download')]);
    expect(download.suggestedFilename()).toBe('Out.zip');
    const files = readArchive(await readFile(await download.path()));
    expect([...files.keys()].sort()).toEqual(
      ['Out/', 'Out/%2f..%2fup.txt', 'Out/_con.txt', 'Out/in here/', 'Out/one.txt'].sort(),
    );
    expect(files.get('Out/one.txt')).toBe('words of one.txt');

    await entry(page, 'Out').dblclick();
    const [one] = await Promise.all([page.waitForEvent('download'), choose(page, 'one.txt', 'Download')]);
    expect(one.suggestedFilename()).toBe('one.txt');
    expect(await readFile(await one.path(), 'utf8')).toBe('words of one.txt');
  });
});

/** The entries of an archive: name → text. Reads its central directory, as every tool does. */
function readArchive(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const found = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    const text = (method === 0 ? packed : inflateRawSync(packed)).toString('utf8');
    found.set(bytes.subarray(at + 46, at + 46 + name).toString('utf8'), text);
    at += 46 + name + extra + comment;
  }
  return found;
}

test.describe('point 7: what users make never acts on our origin', () => {
  test('hostile names are shown as plain short lines and lead nowhere @offline', async ({
    page,
    unclaimed: relay,
  }) => {
    await openFilesPage(page, relay);
    const hostile = [
      '../../etc/passwd',
      'nul\u0000l.txt',
      `${'ü'.repeat(300)}.txt`,
      'invoice\u202Efdp.exe',
      '<img src=x onerror=alert(1)>.txt',
    ];
    await page.evaluate((list) => {
      const transfer = new DataTransfer();
      for (const name of list) transfer.items.add(new File([name], name, { type: 'text/plain' }));
      document
        .querySelector('.files')
        ?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, hostile);
    await expect(page.getByText('5 files added.')).toBeVisible();
    await expect(page.locator('.entries [role=row]')).toHaveCount(5);
    for (const row of await page.locator('.entries [role=row]').all()) {
      const title = (await row.getAttribute('aria-label')) ?? '';
      expect(title).not.toBe('');
      expect(title).not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069/]/);
      expect(new TextEncoder().encode(title).length).toBeLessThanOrEqual(255);
      expect((await row.boundingBox())?.height).toBeLessThanOrEqual(44);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  test('an SVG with script, HTML named .png and a bomb stay inert @offline', async ({
    page,
    unclaimed: relay,
  }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => asked.push('a dialog of the file')));
    await openFilesPage(page, relay);
    const script = `<script>alert(1);fetch('/taken');parent.location='/taken'</script>`;
    await addFiles(page, [
      {
        name: 'drawing.svg',
        mimeType: 'image/svg+xml',
        buffer: Buffer.from(
          `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)">${script}</svg>`,
        ),
      },
      { name: 'page.png', mimeType: 'image/png', buffer: Buffer.from(`<!doctype html>${script}`) },
      bomb('huge.png'),
    ]);
    for (const name of ['drawing.svg', 'page.png', 'huge.png']) {
      await entry(page, name).dblclick();
      await expect(page.getByRole('dialog').locator('.preview-inert')).toBeVisible();
      await expect(page.getByRole('dialog').locator('img, iframe, object, embed')).toHaveCount(0);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    await page.getByText('Grid', { exact: true }).click();
    await expect(page.locator('.entries img')).toHaveCount(0);
    // Asked for by its address, as a document, it is a download or nothing, never a page of ours.
    const id = await entry(page, 'drawing.svg').getAttribute('data-entry');
    const answer = await page.evaluate(
      async (address) => {
        const response = await fetch(address);
        const header = (name: string) => response.headers.get(name) ?? '';
        return {
          type: header('content-type'),
          policy: header('content-security-policy'),
          as: header('content-disposition'),
        };
      },
      `/_islet/file/${id ?? ''}/raw.orig`,
    );
    expect(answer.type).not.toContain('svg');
    expect(answer.policy).toContain('sandbox');
    expect(answer.as).toContain('attachment');
    expect(asked.filter((url) => url.includes('taken') || url.startsWith('a dialog'))).toEqual([]);
    expect(new URL(page.url()).pathname).toBe('/files');
  });
});
