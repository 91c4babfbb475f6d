import { expect, test } from './fixtures.ts';
import { editor, openBrowser } from './people.ts';
import { placesOf, readStores } from './stores.ts';

test('a space goes to another address of the app in checked pieces, and is then removed from the old one', async ({
  browser,
  relay,
  bob,
}) => {
  const { context, page } = await openBrowser(browser, relay);
  await page.keyboard.insertText('Canary that moves');
  await expect(page.getByRole('navigation', { name: 'Documents' })).toContainText('Canary that moves');
  await page.goto(`${relay.url}/handover`);
  await page.getByLabel('Address of the app there').fill(relay.url);
  await page.getByRole('button', { name: 'Open it there' }).click();
  await expect(page.getByText('This is not another address of the app.')).toBeVisible();
  await page.getByLabel('Address of the app there').fill(bob.url);
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Open it there' }).click();
  const there = await opened;
  await expect(there.getByRole('heading', { level: 1 })).toContainText(
    `${new URL(relay.url).host} hands over`,
    { timeout: 30_000 }, // the app comes from this address for the first time
  );
  await there.getByRole('button', { name: 'Take it' }).click();
  await expect(there).toHaveTitle(/^Home/);
  await there.getByRole('main').getByRole('link', { name: 'Canary that moves' }).click();
  await expect(editor(there)).toHaveText('Canary that moves');
  expect(placesOf(await readStores(there), 'Canary that moves').length).toBeGreaterThan(0);

  await expect(page.getByText('Everything is there, and was checked piece by piece.')).toBeVisible();
  await page.getByRole('link', { name: 'Remove it here' }).click();
  await page.getByRole('button', { name: 'Remove from this browser' }).click();
  await page.getByLabel('Remove it with everything that is only here').check();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('The space is gone from this browser.')).toBeVisible();
  expect(placesOf(await readStores(page), 'Canary that moves')).toEqual([]);
  await context.close();
});
