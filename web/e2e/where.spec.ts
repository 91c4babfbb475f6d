import type { Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, editor, go, linkBrowser, worksOffline } from './people.ts';

/** Opens the panel of the document on the screen, reads it, and closes it again. */
async function where(page: Page, expected: readonly RegExp[]): Promise<void> {
  await chip(page).click();
  await page.getByRole('button', { name: 'Where this document is…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Where “Tides” is' });
  for (const words of expected) await expect(dialog).toContainText(words);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
}

/** Throws away what a browser throws away: all databases of documents and lists, and not the keys. */
async function evict(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    const gone = names.filter((name) => name === 'islet' || name.startsWith('islet-doc-'));
    await Promise.all(
      gone.map(
        (name) =>
          new Promise<void>((resolve, reject) => {
            const request = indexedDB.deleteDatabase(name);
            request.onsuccess = () => resolve();
            request.onerror = () => reject(request.error ?? new Error(name));
          }),
      ),
    );
  });
  await page.reload();
}

test('where a document is: alone, offline, on the relay, on a second device; and back after the browser cleared it @offline', async ({
  browser,
  relay,
}) => {
  const first = await claimBrowser(browser, relay);
  await first.page.goto(relay.url);
  await editor(first.page).click();
  await expect(editor(first.page)).toBeFocused();
  await editor(first.page).pressSequentially('# Tides\nin and out');
  await expect(chip(first.page)).toHaveText('On the relay', { timeout: 40_000 });
  const here = /Written and read back at/;
  await where(first.page, [
    here,
    /All of it is on the disk of your relay, as it said at/,
    /No other device has said that it holds this/,
    /Never written to a file/,
  ]);

  await worksOffline(first.page);
  await relay.stop();
  await editor(first.page).click();
  await editor(first.page).pressSequentially(', and in');
  await expect(chip(first.page)).toHaveText('On this device');
  await chip(first.page).click();
  await expect(first.page.getByText(/Only on this device: what you wrote since/)).toBeVisible();
  await chip(first.page).click();
  await where(first.page, [here, /Edits since .+ are not there yet. Before them all was/]);
  await relay.start();
  await expect(chip(first.page)).toHaveText('On the relay', { timeout: 40_000 });

  const second = await linkBrowser(browser, relay, first, 'Phone');
  await go(first.page, 'Home');
  await first.page.getByRole('main').getByText('Tides').first().click();
  await expect(editor(first.page)).toContainText('in and out, and in');
  await chip(first.page).click();
  await first.page.getByRole('button', { name: 'Where this document is…' }).click();
  const dialog = first.page.getByRole('dialog', { name: 'Where “Tides” is' });
  await expect(dialog).toContainText('All of it is on “Phone”, as that device signed', { timeout: 40_000 });
  await expectNoViolations(first.page, 'where it is', 'dialog');

  await second.page.goto(`${relay.url}/home`);
  await expect(second.page.getByRole('main').getByText('Tides').first()).toBeVisible();
  // What was acknowledged while the page before went away is compared once more.
  await expect(chip(second.page)).toHaveText('On the relay', { timeout: 40_000 });
  await evict(second.page);
  await expect(chip(second.page)).toHaveText('Needs attention', { timeout: 40_000 });
  await chip(second.page).click();
  await expect(second.page.getByText(/This browser cleared what Islet had stored here/)).toBeVisible();
  await expect(second.page.getByText('Everything had been sent before.')).toBeVisible();
  await second.page.getByRole('button', { name: 'Understood' }).click();
  await second.page.keyboard.press('Escape');
  await second.page.getByRole('main').getByText('Tides').first().click();
  await expect(editor(second.page)).toContainText('in and out, and in');
  await first.context.close();
  await second.context.close();
});

test('where a document is that has no title', async ({ page, unclaimed: relay }) => {
  await page.goto(relay.url);
  await expect(editor(page)).toBeFocused();
  await chip(page).click();
  await page.getByRole('button', { name: 'Where this document is…' }).click();
  await expect(page.getByRole('dialog', { name: 'Where this document is', exact: true })).toBeVisible();
});
