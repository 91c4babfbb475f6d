import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, editor, go, linkBrowser, post } from './people.ts';

test.describe('a relay that lost what it had', () => {
  test.setTimeout(150_000);

  test('restored from an older copy, it gets from an open tab what it lacks, and is read again from the start', async ({
    browser,
    relay,
    relayFolder,
  }) => {
    const data = join(relayFolder, relay.idTag);
    const first = await claimBrowser(browser, relay);
    await first.page.goto(relay.url);
    await editor(first.page).pressSequentially('# Kept\nin the copy');
    await expect(chip(first.page)).toHaveText('On the relay');

    await relay.stop();
    await cp(data, `${data}-copy`, { recursive: true });
    await relay.start();
    await editor(first.page).pressSequentially(', and after the copy');
    await expect(chip(first.page)).toHaveText('On the relay', { timeout: 40_000 });
    const tab = await first.context.newPage();
    await tab.goto(`${relay.url}/feed`);
    for (const text of ['One', 'Two', 'Three']) {
      await tab.getByLabel('What is new?').fill(text);
      await tab.getByRole('button', { name: 'Post', exact: true }).click();
      await expect(post(tab, text)).toContainText('Sent');
    }

    await relay.stop();
    await rm(data, { recursive: true });
    await cp(`${data}-copy`, data, { recursive: true });
    await relay.start();
    await expect(chip(first.page))
      .toHaveText('On this device', { timeout: 10_000 })
      .catch(() => undefined);
    await editor(first.page).pressSequentially(', and once more');
    await expect(chip(first.page)).toHaveText('On the relay', { timeout: 40_000 });

    const second = await linkBrowser(browser, relay, first, 'Second');
    await second.page.goto(`${relay.url}/home`);
    await second.page.getByRole('main').getByText('Kept').click();
    await expect(editor(second.page)).toContainText('in the copy, and after the copy, and once more');
    await go(second.page, 'Feed');
    await second.page.getByLabel('What is new?').fill('After the restore');
    await second.page.getByRole('button', { name: 'Post', exact: true }).click();
    await expect(post(tab, 'After the restore')).toBeVisible({ timeout: 40_000 });
    await first.context.close();
    await second.context.close();
  });
});
