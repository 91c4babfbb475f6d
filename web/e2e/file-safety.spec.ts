import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import sharp from 'sharp';
import { choose, entry, type MadeFile, textFile } from './file-page.ts';
import { expect, test } from './fixtures.ts';
import { claimBrowser, go, worksOffline } from './people.ts';

/** Adds a file to the folder that is shown, and waits until the relay has it. */
async function add(page: Page, file: MadeFile): Promise<void> {
  await worksOffline(page);
  await page.getByTestId('add-files').setInputFiles(file);
  await expectAtRelay(page, file.name);
}

async function expectAtRelay(page: Page, name: string): Promise<void> {
  await expect(entry(page, name).locator('[data-where="copies"]').first()).toBeAttached({ timeout: 40_000 });
}

/** All rows and blobs that this browser keeps of files, as one text. */
function readKept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('islet');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error('no database'));
    });
    const texts: string[] = [];
    for (const name of ['documents', 'blobs', 'uploads', 'downloads', 'arrivals']) {
      const rows = await new Promise<unknown[]>((resolve, reject) => {
        const asked = db.transaction(name).objectStore(name).getAll();
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(new Error(`no ${name}`));
      });
      texts.push(JSON.stringify(rows));
      for (const row of rows as { bytes?: Blob }[]) if (row.bytes) texts.push(await row.bytes.text());
    }
    db.close();
    return texts.join('\n');
  });
}

test('J5: a file that moves into a sealed folder is taken back from the relay once that has it sealed; and out again @offline', async ({
  browser,
  relay,
}) => {
  const [name, words] = ['diary-4471.txt', 'diary-words-8815'];
  const { context, page } = await claimBrowser(browser, relay);
  await go(page, 'Files');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('menuitem', { name: 'New sealed folder…' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Papers');
  await page.getByRole('button', { name: 'Create' }).click();
  await go(page, 'Files');
  await add(page, textFile(name, words));
  const kept = await readKept(page);
  expect(kept).toContain(name);
  expect(kept).toContain(words);

  const made: string[] = [];
  context.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!/^\/api\/files(\/f1~|$)/.test(decodeURIComponent(pathname)) || !response.ok()) return;
    made.push(response.request().method());
  });
  await choose(page, name, 'Move to…');
  await page.getByRole('button', { name: 'Open “Papers”' }).click();
  await expect(page.getByRole('dialog')).toContainText('The relay could read it until now');
  await page.getByRole('button', { name: 'Move here' }).click();
  await expect(entry(page, name)).toHaveCount(0);
  await expect.poll(() => made.join(' '), { timeout: 40_000 }).toBe('POST DELETE');
  await expect.poll(() => readKept(page)).not.toContain(words);
  expect(await readKept(page)).not.toContain(name);

  await entry(page, 'Papers').dblclick();
  await expectAtRelay(page, name);
  await page.reload();
  await entry(page, name).dblclick();
  await expect(page.getByRole('dialog').getByText(words)).toBeVisible();
  await page.keyboard.press('Escape');
  await choose(page, name, 'Move to…');
  await page.getByRole('button', { name: 'Up to “Files”' }).click();
  await expect(page.getByRole('dialog')).toContainText('becomes readable to the relay');
  await page.getByRole('button', { name: 'Move here' }).click();
  await expect(entry(page, name)).toHaveCount(0);
  await go(page, 'Files');
  await expectAtRelay(page, name);
  await expect.poll(() => made.join(' '), { timeout: 40_000 }).toBe('POST DELETE POST DELETE');
  expect(await readKept(page)).toContain(words);
  await context.close();
});

test('B8: the smaller forms of a photograph are upright and do not tell where it was taken @offline', async ({
  browser,
  relay,
}) => {
  const { context, page } = await claimBrowser(browser, relay);
  await go(page, 'Files');
  // As it lies in the file red is left; turned by its note (6: a quarter to the right) red is on top.
  const halves = await sharp({ create: { width: 600, height: 400, channels: 3, background: 'blue' } })
    .composite([
      { input: { create: { width: 300, height: 400, channels: 3, background: 'red' } }, left: 0, top: 0 },
    ])
    .withMetadata({
      orientation: 6,
      exif: { IFD0: { Make: 'canary-camera' }, IFD3: { GPSLatitude: '48/1 12/1 30/1' } },
    })
    .jpeg()
    .toBuffer();
  expect((await sharp(halves).metadata()).orientation).toBe(6);
  await add(page, { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: halves });
  const id = await entry(page, 'photo.jpg').getAttribute('data-entry');
  const read = async (variant: string): Promise<Buffer> =>
    Buffer.from(
      await page.evaluate(
        async (url) => [...new Uint8Array(await (await fetch(url)).arrayBuffer())],
        `/_islet/file/${id}/${variant}`,
      ),
    );
  const original = await read('vis.orig');
  expect(original.equals(halves)).toBe(true);
  expect(original.includes('canary-camera')).toBe(true);
  const small = await read('vis.tn');
  expect(small.includes('canary-camera')).toBe(false);
  expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 171, height: 256 });
  const { exif, xmp, iptc } = await sharp(small).metadata();
  expect([exif, xmp, iptc]).toEqual([undefined, undefined, undefined]);
  const { data, info } = await sharp(small).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (y: number): number[] => [
    ...data.subarray((y * info.width + 80) * 3, (y * info.width + 80) * 3 + 3),
  ];
  const [top, bottom] = [at(20), at(236)];
  expect(top[0]! > 150 && top[2]! < 100, `red on top: ${top}`).toBe(true);
  expect(bottom[2]! > 150 && bottom[0]! < 100, `blue below: ${bottom}`).toBe(true);
  await context.close();
});

test('W6: bytes that were damaged at the relay are sent again by a device that has them @offline', async ({
  browser,
  relay,
  relayFolder,
}) => {
  const { context, page } = await claimBrowser(browser, relay);
  await go(page, 'Files');
  const letter = textFile('letter.txt', 'sound words '.repeat(100));
  await add(page, letter);
  const folder = join(relayFolder, relay.idTag);
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const blob = files.find((file) => file.isFile() && file.name.startsWith('b1~'));
  if (!blob) throw new Error('there is no blob on the relay');
  const path = join(blob.parentPath, blob.name);
  await writeFile(path, Buffer.alloc(letter.buffer.length, 'x'));

  await go(page, 'Settings');
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(page.getByText('1 file is damaged on the relay.')).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect.poll(() => readFile(path, 'utf8'), { timeout: 30_000 }).toBe(letter.buffer.toString());
  await expect
    .poll(
      async () => {
        await go(page, 'Files');
        await go(page, 'Settings');
        await page.getByRole('button', { name: 'Verify now' }).click();
        return page.getByText('every byte is what it was').isVisible();
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  await context.close();
});
