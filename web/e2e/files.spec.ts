import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addFiles,
  choose,
  dropPaths,
  entries,
  entry,
  makeFolder,
  names,
  openFilesPage,
  textFile,
} from './file-page.ts';
import { expect, test } from './fixtures.ts';
import { claimBrowser, linkBrowser } from './people.ts';

test.describe('point 5: the browser of files', () => {
  test('a folder of 200 files is dropped: one entry each, in its folders, found by name, also after a reload', async ({
    page,
    unclaimed: relay,
  }) => {
    test.setTimeout(240_000);
    const folder = await mkdtemp(join(tmpdir(), 'islet-drop-'));
    await mkdir(join(folder, 'Holidays', 'Café'), { recursive: true });
    for (let n = 1; n <= 150; n++) await writeFile(join(folder, 'Holidays', `note ${n}.txt`), `note ${n}`);
    for (let n = 1; n <= 50; n++)
      await writeFile(join(folder, 'Holidays', 'Café', `menu ${n}.txt`), `menu ${n}`);
    await openFilesPage(page, relay);
    await dropPaths(page, [join(folder, 'Holidays')]);
    await expect(page.getByText('200 files added.')).toBeVisible({ timeout: 180_000 });
    await rm(folder, { recursive: true });

    await page.reload();
    await entry(page, 'Holidays').dblclick();
    await expect(page.getByRole('heading', { level: 1, name: 'Holidays' })).toBeVisible();
    await expect(page.getByText('151 entries')).toBeVisible();
    // Folders first, then by number and not by digit.
    expect((await names(page)).slice(0, 4)).toEqual(['Café', 'note 1.txt', 'note 2.txt', 'note 3.txt']);
    // Only what is in sight is drawn.
    expect(await entries(page).count()).toBeLessThan(60);
    await page.getByLabel('Search all files').fill('CAFE');
    await expect(entries(page)).toHaveCount(1);
    await page.getByLabel('Search all files').fill('menu 49');
    await expect(entry(page, 'menu 49.txt')).toBeVisible();
    await expect(entry(page, 'menu 49.txt')).toContainText('Café');
    await page.keyboard.press('Escape');
    await expect(page.getByText('151 entries')).toBeVisible();
  });

  test('rename, move, trash, restore and delete for good, each with its way back', async ({
    page,
    unclaimed: relay,
  }) => {
    await openFilesPage(page, relay);
    await makeFolder(page, 'Letters');
    await addFiles(page, [textFile('draft.txt'), textFile('other.txt')]);

    await entry(page, 'draft.txt').click();
    await page.keyboard.press('F2');
    const field = page.getByLabel('New name of “draft.txt”');
    await expect(field).toBeFocused();
    expect(
      await field.evaluate((input: HTMLInputElement) => input.value.slice(0, input.selectionEnd ?? 0)),
    ).toBe('draft');
    await page.keyboard.type('letter');
    await page.keyboard.press('Enter');
    await expect(entry(page, 'letter.txt')).toBeFocused();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect(entry(page, 'draft.txt')).toBeVisible();

    await choose(page, 'draft.txt', 'Move to…');
    await page.getByRole('button', { name: 'Open “Letters”' }).click();
    await page.getByRole('button', { name: 'Move here' }).click();
    await expect(page.getByText('“draft.txt” moved to “Letters”.')).toBeVisible();
    await expect(entry(page, 'draft.txt')).toHaveCount(0);
    await entry(page, 'Letters').dblclick();
    await expect(entry(page, 'draft.txt')).toBeVisible();
    await page
      .getByRole('navigation', { name: 'Folders above' })
      .getByRole('link', { name: 'Files' })
      .click();

    await entry(page, 'other.txt').dragTo(entry(page, 'Letters'));
    await expect(page.getByText('“other.txt” moved to “Letters”.')).toBeVisible();
    await entry(page, 'Letters').click();
    await page.keyboard.press('Delete');
    await expect(page.getByText('“Letters” is in the trash.')).toBeVisible();
    await expect(entries(page)).toHaveCount(0);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect(entry(page, 'Letters')).toBeVisible();

    await choose(page, 'Letters', 'Move to trash');
    await page.getByRole('link', { name: 'Trash' }).click();
    await choose(page, 'Letters', 'Restore');
    await expect(page.getByText('The trash is empty.')).toBeVisible();
    await page.getByRole('link', { name: 'Back to Files' }).click();
    await entry(page, 'Letters').dblclick();
    await expect(entries(page)).toHaveCount(2);

    await choose(page, 'other.txt', 'Move to trash');
    await page.getByRole('link', { name: 'Trash' }).click();
    await choose(page, 'other.txt', 'Delete for good…');
    await expect(page.getByRole('dialog').getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
    await expect(page.getByText('The trash is empty.')).toBeVisible();
    await page.reload();
    await expect(page.getByText('The trash is empty.')).toBeVisible();
  });

  test('many are chosen and moved with the keyboard alone', async ({ page, unclaimed: relay }) => {
    await openFilesPage(page, relay);
    await makeFolder(page, 'Box');
    await addFiles(
      page,
      ['a.txt', 'b.txt', 'c.txt', 'd.txt'].map((name) => textFile(name)),
    );
    const selected = page.locator('[role=row][aria-selected=true]');
    await entry(page, 'Box').focus();
    await page.keyboard.press('ArrowDown');
    await expect(entry(page, 'a.txt')).toBeFocused();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect(selected).toHaveCount(3);
    await page.keyboard.press('Control+ArrowDown');
    await expect(entry(page, 'd.txt')).toBeFocused();
    await page.keyboard.press('Space');
    await expect(selected).toHaveCount(4);
    await page.keyboard.press('Control+ArrowUp');
    await page.keyboard.press('Space');
    await expect(selected).toHaveCount(3);
    await expect(page.getByText('3 selected')).toBeVisible();
    await page.keyboard.press('Shift+F10');
    await expect(page.getByRole('menuitem', { name: 'Download' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Open “Box”' }).press('Enter');
    await page.getByRole('button', { name: 'Move here' }).press('Enter');
    await expect(page.getByText('3 entries moved to “Box”.')).toBeVisible();
    expect(await names(page)).toEqual(['Box', 'c.txt']);

    await page.keyboard.press('Control+a');
    await expect(selected).toHaveCount(2);
    await page.keyboard.press('Escape');
    await expect(selected).toHaveCount(0);
    await expect(page).toHaveURL(/\/files$/);
    await entry(page, 'c.txt').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Box' })).toBeVisible();
    expect(await names(page)).toEqual(['a.txt', 'b.txt', 'd.txt']);
  });

  test('order, kind and view are chosen, and the view and order are remembered', async ({
    page,
    unclaimed: relay,
  }) => {
    await openFilesPage(page, relay);
    await addFiles(page, [
      textFile('big.txt', 'x'.repeat(5000)),
      textFile('small.txt', 'x'),
      { name: 'pack.zip', mimeType: 'application/zip', buffer: Buffer.alloc(900, 1) },
    ]);
    await page.getByLabel('Sort', { exact: true }).selectOption('size');
    await expect.poll(() => names(page)).toEqual(['big.txt', 'pack.zip', 'small.txt']);
    await page.getByRole('button', { name: 'Largest or last on top' }).click();
    await expect.poll(() => names(page)).toEqual(['small.txt', 'pack.zip', 'big.txt']);
    await page.getByLabel('Kind', { exact: true }).selectOption('archive');
    await expect.poll(() => names(page)).toEqual(['pack.zip']);
    await page.getByLabel('Kind', { exact: true }).selectOption('video');
    await page.getByRole('button', { name: 'Show everything' }).click();
    await page.getByText('Grid', { exact: true }).click();
    await page.reload();
    await expect(page.getByRole('radio', { name: 'Grid' })).toBeChecked();
    await expect.poll(() => names(page)).toEqual(['small.txt', 'pack.zip', 'big.txt']);
    await entry(page, 'small.txt').focus();
    await page.keyboard.press('ArrowRight');
    await expect(entry(page, 'pack.zip')).toBeFocused();
  });

  test('two browsers move one folder into the other at once: nothing is lost, and both show the same @offline', async ({
    browser,
    relay,
  }) => {
    test.setTimeout(120_000);
    const first = await claimBrowser(browser, relay);
    await openFilesPage(first.page, relay);
    await makeFolder(first.page, 'Left');
    await makeFolder(first.page, 'Right');
    const second = await linkBrowser(browser, relay, first, 'Second laptop');
    await openFilesPage(second.page, relay);
    await openFilesPage(first.page, relay);
    await expect(entry(second.page, 'Left')).toBeVisible();
    await expect(entry(second.page, 'Right')).toBeVisible();

    await relay.stop();
    await moveInto(first.page, 'Left', 'Right');
    await moveInto(second.page, 'Right', 'Left');
    await expect(entries(first.page)).toHaveCount(1);
    await expect(entries(second.page)).toHaveCount(1);
    await relay.start();

    // One of the moves is taken back, the same one everywhere; the other stands.
    const tree = async (page: typeof first.page) => {
      const top = await names(page);
      return top.length === 1 ? top[0] : undefined;
    };
    const search = async (page: typeof first.page) => {
      await page.getByLabel('Search all files').fill('t');
      const found = await names(page);
      await page.getByLabel('Search all files').fill('');
      return found;
    };
    await expect
      .poll(async () => (await tree(first.page)) === (await tree(second.page)), { timeout: 40_000 })
      .toBe(true);
    expect(await search(first.page)).toEqual(['Left', 'Right']);
    expect(await search(second.page)).toEqual(['Left', 'Right']);
    const top = (await tree(first.page)) ?? '';
    for (const { page } of [first, second]) {
      await entry(page, top).dblclick();
      await expect(entry(page, top === 'Left' ? 'Right' : 'Left')).toBeVisible();
    }
    await first.context.close();
    await second.context.close();
  });
});

async function moveInto(page: Parameters<typeof entry>[0], name: string, folder: string): Promise<void> {
  await choose(page, name, 'Move to…');
  await page.getByRole('button', { name: `Open “${folder}”` }).click();
  await page.getByRole('button', { name: 'Move here' }).click();
  await expect(entry(page, name)).toHaveCount(0);
}
