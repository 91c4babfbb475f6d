import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { glob } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';
import { editor } from './people.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder with the real README files of the installed packages, and three files that cannot be taken. */
async function writeCorpus(folder: string, most: number): Promise<number> {
  let count = 0;
  for await (const path of glob('node_modules/**/{README,readme,Readme}.md', { cwd: root })) {
    if (count === most) break;
    const bytes = await readFile(join(root, path));
    if (bytes.length === 0 || bytes.length > 2 * 1024 * 1024) continue;
    const target = join(folder, relative('node_modules', path));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
    count++;
  }
  await writeFile(join(folder, 'latin1.md'), Buffer.from([0x23, 0x20, 0xe9, 0xe8, 0x0a]));
  await writeFile(join(folder, 'huge.md'), 'x'.repeat(2 * 1024 * 1024 + 1));
  await writeFile(join(folder, 'notes.bin.txt'), Buffer.from([0xff, 0xfe, 0x00]));
  return count;
}

test.describe('point 3: import', () => {
  let folder = '';
  test.beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'islet-import-'));
  });
  test.afterEach(() => rm(folder, { recursive: true, force: true }));

  test('what is picked while another import is under way is refused in words, and taken afterwards', async ({
    page,
    unclaimed: relay,
  }) => {
    await page.goto(`${relay.url}/home`);
    const held = Promise.withResolvers<undefined>();
    await page.route('**/assets/*import*.js', async (route) => (await held.promise, route.continue()));
    const pick = (name: string) =>
      page
        .getByTestId('import-files')
        .setInputFiles({ name: `${name}.md`, mimeType: 'text/markdown', buffer: Buffer.from(`# ${name}\n`) });
    await pick('Tides');
    await pick('Moons');
    await expect(page.getByText('Another import is under way.')).toBeVisible();
    held.resolve(undefined);
    await expect(page.getByText('1 document imported.')).toBeVisible();
    await pick('Moons');
    await expect(page.locator('.document-row')).toHaveText([/Moons/, /Tides/]);
  });

  test('a folder of real README files, with the relay stopped @offline', async ({ page, relay }) => {
    test.setTimeout(180_000);
    const count = await writeCorpus(folder, 240);
    expect(count).toBeGreaterThan(200);
    await page.goto(`${relay.url}/home`);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await relay.stop();

    await page.getByTestId('import-folder').setInputFiles(folder);
    await expect(page.getByText(/^Importing \d+ of \d+$/)).toBeVisible();
    await expect(page.getByText(`${count} documents imported.`)).toBeVisible({ timeout: 150_000 });
    const refused = page.locator('.refused li');
    await expect(refused).toHaveCount(3);
    await expect(refused.filter({ hasText: 'latin1.md' })).toContainText('is not UTF-8 text');
    await expect(refused.filter({ hasText: 'huge.md' })).toContainText('is larger than 2 MB');
    await expect(refused.filter({ hasText: 'notes.bin.txt' })).toContainText('is not UTF-8 text');
    await expect(page.getByText(`${count} documents`, { exact: true })).toBeVisible();

    await page.reload();
    await expect(page.getByText(`${count} documents`, { exact: true })).toBeVisible();
    await page.locator('.document-row').first().click();
    await expect(editor(page)).not.toBeEmpty();
  });

  test('an import can be stopped; what came in stays', async ({ page, unclaimed: relay }) => {
    await writeCorpus(folder, 300);
    await page.goto(`${relay.url}/home`);
    await page.getByTestId('import-folder').setInputFiles(folder);
    await page.getByText(/^Importing [1-9]\d* of \d+$/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const report = page.getByText(/Stopped\. +(\d+) documents? imported\./);
    await expect(report).toBeVisible();
    const imported = Number(/(\d+) document/.exec(await report.innerText())?.[1]);
    expect(imported).toBeLessThan(300);
    await expect(page.locator('.document-row')).toHaveCount(Math.min(60, imported));
  });

  test('a file comes out as it went in, with what the editor cannot show kept verbatim', async ({
    page,
    unclaimed: relay,
  }) => {
    const source = [
      '---',
      'title: Tides',
      '---',
      '',
      '# Tides and *moons*',
      '',
      'A [link](https://example.com/a?b=c "why") and `code`.',
      '',
      '<details><summary>More</summary>kept</details>',
      '',
      '| day | height |',
      '| --- | ---: |',
      '| 1 | 4.2 m |',
      '',
      '- [x] done',
      '- [ ] open',
      '',
    ].join('\n');
    await page.goto(`${relay.url}/home`);
    await page
      .getByTestId('import-files')
      .setInputFiles({ name: 'tides.md', mimeType: 'text/markdown', buffer: Buffer.from(source) });
    await page
      .locator('main')
      .getByRole('link', { name: /Tides and moons/ })
      .click();
    await expect(editor(page).locator('table')).toContainText('4.2 m');
    await expect(editor(page)).toContainText('<details>');
    const menu = page.getByRole('menu', { name: 'Document menu' });
    // A menu stays as it opens, and what belongs to the text may come after its words.
    await expect(async () => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Document menu' }).click();
      // In groups: its words, its place, what is kept of it, away with it.
      await expect(menu.getByRole('separator')).toHaveCount(3, { timeout: 1000 });
    }).toPass();
    await page.getByRole('menuitem', { name: 'Export…' }).click();
    await page.getByRole('radio', { name: /^Markdown/ }).check();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('Tides and moons.md');
    const exported = await readFile(await download.path(), 'utf8');
    for (const line of source.split('\n').filter((text) => text !== '' && !text.startsWith('|'))) {
      expect(exported).toContain(line);
    }
    expect(exported).toMatch(/\| 1 +\| +4\.2 m \|/);
  });

  test('files dropped on Home are imported, a second language included', async ({
    browser,
    unclaimed: relay,
  }) => {
    const context = await browser.newContext({ locale: 'de-DE' });
    const page = await context.newPage();
    await page.goto(`${relay.url}/home`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Start');
    const transfer = await page.evaluateHandle(() => {
      const made = new DataTransfer();
      made.items.add(new File(['# Gezeiten\n\nEbbe und Flut.'], 'gezeiten.md', { type: 'text/markdown' }));
      return made;
    });
    await page.locator('.home').dispatchEvent('drop', { dataTransfer: transfer });
    await expect(page.getByText('1 Dokument importiert.')).toBeVisible();
    await expect(page.locator('main').getByRole('link', { name: /Gezeiten/ })).toBeVisible();
    await context.close();
  });
});
