import { readFile } from 'node:fs/promises';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from './fixtures.ts';
import { editor, go } from './people.ts';

/** A vault with two notes that name each other, and a picture. */
function vault(): Buffer {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  return Buffer.from(
    zipSync({
      'Harbour.md': strToU8('# Harbour\n\nSee [[Tides]].\n\n![[quay.png]]\n\n> [!tip]\n> Go at noon.\n'),
      'notes/Tides.md': strToU8('# Tides\n\nUp and down.\n'),
      'files/quay.png': new Uint8Array(png),
      '../out.md': strToU8('x'),
    }),
  );
}

test('a vault comes in, a document goes out as a file that opens anywhere and comes back', async ({
  browser,
  page,
  unclaimed: relay,
}) => {
  await page.goto(`${relay.url}/home`);
  await page
    .getByTestId('import-files')
    .setInputFiles({ name: 'vault.zip', mimeType: 'application/zip', buffer: vault() });
  await expect(page.getByText('2 documents imported.')).toBeVisible();
  await expect(page.locator('.refused li')).toContainText('leads out of its archive');
  await page
    .locator('main')
    .getByRole('link', { name: /Harbour/ })
    .first()
    .click();
  await expect(editor(page)).toContainText('Go at noon.');
  await page.getByRole('button', { name: 'Document menu' }).click();
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect(dialog.getByRole('radio', { name: /Self-contained/ })).toBeChecked();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Export', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('Harbour.html');
  const bytes = await readFile(await download.path());

  const elsewhere = await browser.newContext({ javaScriptEnabled: false, offline: true });
  const reading = await elsewhere.newPage();
  await reading.setContent(bytes.toString('utf8'));
  await expect(reading.getByRole('heading', { name: 'Harbour' })).toBeVisible();
  await expect(reading.getByText('Go at noon.')).toBeVisible();
  await expect(reading.locator('img')).toHaveAttribute('src', /^data:image\/png/);
  await elsewhere.close();

  const clean = await browser.newContext();
  const other = await clean.newPage();
  await other.goto(`${relay.url}/home`);
  const file = { name: 'Harbour.html', mimeType: 'text/html', buffer: bytes };
  await other.getByTestId('import-files').setInputFiles(file);
  await expect(other.getByText('1 document imported.')).toBeVisible();
  await other.getByTestId('import-files').setInputFiles(file);
  await expect(other.getByText(/1 document was here already/)).toBeVisible();
  await expect(other.locator('main').getByRole('link', { name: /Harbour/ })).toHaveCount(1);
  await other
    .locator('main')
    .getByRole('link', { name: /Harbour/ })
    .first()
    .click();
  await expect(editor(other)).toContainText('Go at noon.');
  await expect.poll(() => new URL(other.url()).pathname).toBe(new URL(page.url()).pathname);
  await clean.close();
});

test('an export that is closed before it is written saves no file, and the next one does', async ({
  page,
  unclaimed: relay,
}) => {
  const held = Promise.withResolvers<undefined>();
  await page.context().route('**/assets/formats-chunk*.js', async (route) => {
    await held.promise;
    await route.continue();
  });
  const saved: string[] = [];
  page.on('download', (download) => saved.push(download.suggestedFilename()));
  await page.goto(`${relay.url}/`);
  await editor(page).pressSequentially('Low tide');
  const write = async (format: RegExp) => {
    await page.getByRole('button', { name: 'Document menu' }).click();
    await page.getByRole('menuitem', { name: 'Export…' }).click();
    await page.getByRole('radio', { name: format }).check();
    await page.getByRole('button', { name: 'Export', exact: true }).click();
  };
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await write(/^Markdown/);
  await expect(dialog.getByRole('button', { name: 'Export', exact: true })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  held.resolve(undefined);
  await write(/^Word/);
  await expect.poll(() => saved).toEqual(['Low tide.docx']);
});

test('the export of everything tells while it runs and at its end the same number, in which folders are not', async ({
  page,
  unclaimed,
}) => {
  await page.goto(`${unclaimed.url}/home`);
  const input = page.getByTestId('import-files');
  await input.setInputFiles({ name: 'vault.zip', mimeType: 'application/zip', buffer: vault() });
  await expect(page.getByText('2 documents imported.')).toBeVisible();
  await go(page, 'Settings');
  const section = page.getByRole('region', { name: 'Export everything' });
  await page.evaluate(() => {
    const told = new Set<string>();
    const watch = () => {
      for (const [text] of document.body.innerText.matchAll(/Packing \d+ of \d+/g)) told.add(text);
      document.body.dataset['told'] = [...told].join(', ');
    };
    new MutationObserver(watch).observe(document.getElementById('main')!, {
      ...{ childList: true, subtree: true, characterData: true },
    });
  });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    section.getByRole('button', { name: 'Export everything' }).click(),
  ]);
  await expect(section.getByRole('status')).toHaveText('2 things were written.');
  const packed = Object.keys(unzipSync(await readFile(await download.path())));
  expect(packed).toEqual(
    expect.arrayContaining(['vault/', 'vault/notes/', 'vault/notes/Tides.md', 'vault/Harbour.md']),
  );
  const told = (await page.locator('body').getAttribute('data-told')) ?? '';
  expect(told).toContain('Packing 1 of 2');
  expect(told).not.toMatch(/of (?!0|2)/);
});

test('everything goes out by keys: the focus stays where it goes on, also when it was cancelled', async ({
  page,
  unclaimed: relay,
}) => {
  const names = Array.from({ length: 60 }, (_, at) => `Note ${at + 1}`);
  const notes = Object.fromEntries(names.map((name) => [`${name}.md`, strToU8(`# ${name}\n`)]));
  await page.goto(`${relay.url}/home`);
  const file = { name: 'notes.zip', mimeType: 'application/zip', buffer: Buffer.from(zipSync(notes)) };
  await page.getByTestId('import-files').setInputFiles(file);
  await expect(page.getByText('60 documents imported.')).toBeVisible({ timeout: 60_000 });
  await page.goto(`${relay.url}/settings`);
  const start = page.getByRole('button', { name: 'Export everything' });
  await start.press('Enter');
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Stopped. Nothing was written.')).toBeVisible();
  await expect(start).toBeFocused();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(download.suggestedFilename()).toBe('Islet library.zip');
  await expect(page.getByText('60 things were written.')).toBeVisible();
  await expect(start).toBeFocused();
});
