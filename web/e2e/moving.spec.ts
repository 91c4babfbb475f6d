import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, editor, openBrowser, say, go, post } from './people.ts';

const passphrase = 'walnut harbour seven ladder';

/** Makes a kit in Settings and opens it again. @returns the saved file */
async function makeKit(page: Page, path: string): Promise<string> {
  await page.getByRole('button', { name: 'Make a recovery kit' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('The same again').fill(passphrase);
  await page.getByRole('button', { name: 'Continue' }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the file' }).click();
  await (await saving).saveAs(path);
  await page.getByTestId('kit-saved').setInputFiles(path);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Check it' }).click();
  await expect(page.getByText('Made on')).toBeVisible();
  return path;
}

test.describe('moving house', () => {
  test.setTimeout(150_000);

  test('W9–W12: an archive is made and fetched, a new relay takes it in with the kit, the browser goes on, and the account is deleted', async ({
    browser,
    relay,
    relayFolder,
  }) => {
    const first = await claimBrowser(browser, relay);
    const { page } = first;
    await page.goto(relay.url);
    await editor(page).pressSequentially('Words that move house');
    await expect(chip(page)).toHaveText('On the relay');
    await go(page, 'Feed');
    await say(page, 'Said in the old house');
    await go(page, 'Settings');
    const kit = await makeKit(page, join(relayFolder, 'kit.json'));
    await page.getByRole('button', { name: 'Move to another relay …' }).click();
    await page.getByRole('button', { name: 'Close and make the archive' }).click();
    await expect(page.getByText('This relay is closed for the move.')).toBeVisible();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    const archive = join(relayFolder, 'archive.tar');
    await (await saving).saveAs(archive);
    await page.getByRole('button', { name: 'I have moved' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'I have moved' }).click();
    await expect(page.getByText('me.localhost has moved.')).toBeVisible();

    // Another relay under the same name, which knows nothing yet; in another browser.
    await relay.stop();
    await rm(join(relayFolder, relay.idTag), { recursive: true });
    await relay.start();
    const second = await openBrowser(browser, relay);
    await second.page.goto(relay.setupLink!.replace('/setup#', '/setup?archive#'));
    await second.page.getByTestId('archive-file').setInputFiles(kit);
    await expect(second.page.getByRole('alert')).toContainText('cannot be read');
    await second.page.getByTestId('archive-file').setInputFiles(archive);
    await expect(second.page.getByText('is whole.')).toBeVisible();
    await second.page.getByTestId('kit-file').setInputFiles(kit);
    await second.page.getByLabel('Passphrase of the kit').fill('something else');
    await second.page.getByRole('button', { name: 'Move in', exact: true }).click();
    await expect(second.page.getByRole('alert')).toBeVisible();
    await second.page.getByLabel('Passphrase of the kit').fill(passphrase);
    await second.page.getByRole('button', { name: 'Move in', exact: true }).click();
    await expect(second.page.getByText('me.localhost lives here now.')).toBeVisible();
    await expect(second.page.getByRole('link', { name: 'Bring this browser in' })).toBeVisible();

    // The first browser goes on as if nothing had been.
    await page.goto(relay.url);
    await editor(page).pressSequentially('Written in the new house');
    await expect(chip(page)).toHaveText('On the relay', { timeout: 30_000 });
    await go(page, 'Feed');
    await expect(post(page, 'Said in the old house')).toBeVisible();

    await go(page, 'Settings');
    await page.getByRole('button', { name: 'Delete the account …' }).click();
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: 'Delete for good' });
    await expect(remove).toBeDisabled();
    await dialog.getByLabel('Type me.localhost to delete it').fill('me.localhost');
    await remove.click();
    await expect(page.getByText('me.localhost was deleted.')).toBeVisible();
    await expect
      .poll(() =>
        page.evaluate(async (url) => (await fetch(url)).text(), `${relay.apiOrigin}/api/devices/log`),
      )
      .toContain('"entries":[]');
  });
});
