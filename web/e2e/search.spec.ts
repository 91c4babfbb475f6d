import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, editor, linkBrowser, worksOffline } from './people.ts';

function palette(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Search and commands' });
}

/** Opens the palette by its keys once they are bound, and types. */
async function look(page: Page, words: string): Promise<void> {
  await expect(page.getByRole('button', { name: 'Search', exact: true })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(words);
}

test('words of every document are found offline, those of another device too, and the keys do it all @offline', async ({
  browser,
  relay,
}) => {
  test.setTimeout(120_000);
  const first = await claimBrowser(browser, relay);
  const { page } = first;
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('Tides');
  await page.keyboard.press('Enter');
  await page.keyboard.type('The causeway floods at noon.');
  await expect(chip(page)).toHaveText('On the relay');
  const second = await linkBrowser(browser, relay, first, 'Phone');
  await second.page.goto(relay.url);
  await expect(second.page.locator('.text-editor')).toBeFocused();
  await second.page.keyboard.type('From the phone: a lighthouse keeper retires.');
  await expect(chip(second.page)).toHaveText('On the relay');
  await expect(page.getByRole('link', { name: /^From the phone/ })).toBeVisible();

  await worksOffline(page);
  await relay.stop();
  await page.goto(`${relay.url}/home`);
  await look(page, 'lighthose');
  const hit = palette(page).getByRole('option', { name: /From the phone/ });
  await expect(hit.locator('mark').first()).toHaveText('lighthouse');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();

  await look(page, 'cause floo');
  await expect(palette(page).getByRole('option', { name: /Tides/ })).toContainText('The causeway floods');
  await expectNoViolations(page, 'the palette', '.palette');
  await page.keyboard.press('Enter');
  await expect(editor(page)).toContainText('The causeway floods at noon.');
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe('causeway');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('>go to fee');
  await expect(palette(page).getByRole('option').first()).toHaveText(/Go to Feed/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Feed' })).toBeVisible();
  await second.context.close();
  await first.context.close();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

  test('the button opens recents, and a touch goes there', async ({ page, unclaimed: relay }) => {
    await page.goto(relay.url);
    await editor(page).click();
    await page.keyboard.type('Packing list');
    await expect(chip(page)).toHaveText('On this device');
    await page.goto(`${relay.url}/home`);
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    const recent = palette(page).getByRole('group', { name: 'Recent' });
    await expect(recent.getByRole('option')).toHaveText(['Packing list']);
    await expectNoViolations(page, 'recents', '.palette');
    await recent.getByRole('option').tap();
    await expect(editor(page)).toHaveText('Packing list');
  });
});
