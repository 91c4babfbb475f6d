import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, editor, linkBrowser, worksOffline } from './people.ts';

async function openHistory(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Document menu' }).click();
  await page.getByRole('menuitem', { name: 'History…' }).click();
  const dialog = page.getByRole('dialog', { name: /^History of/ });
  await expect(dialog.getByTestId('history-shown')).toBeVisible();
  return dialog;
}

test.describe('the history of a document', () => {
  test('two devices write; with the relay away it is scrubbed, compared, verified and brought back @offline', async ({
    browser,
    relay,
  }, info) => {
    const first = await claimBrowser(browser, relay);
    const { page } = first;
    await page.goto(relay.url);
    await editor(page).pressSequentially('# Supper\nbread and cheese');
    await expect(chip(page)).toHaveText('On the relay');
    const address = page.url();
    const second = await linkBrowser(browser, relay, first, 'Kitchen phone');
    await second.page.goto(address);
    await expect(editor(second.page)).toContainText('bread and cheese');
    await editor(second.page).press('Control+End');
    await editor(second.page).pressSequentially(' and olives');
    await page.goto(address);
    await expect(editor(page)).toContainText('and olives');
    await expect(chip(second.page)).toHaveText('On the relay');
    await second.context.close();

    // Seen once while the relay is there, it is on this device.
    const seen = await openHistory(page);
    await expect(seen.getByText('Kitchen phone', { exact: true })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(seen).toHaveCount(0);
    await worksOffline(page);
    await relay.stop();
    await editor(page).press('Control+End');
    await page.keyboard.press('ControlOrMeta+Shift+Home');
    await page.keyboard.type('all eaten');
    await expect(editor(page)).not.toContainText('olives');

    const dialog = await openHistory(page);
    const shown = dialog.getByTestId('history-shown');
    await expect(dialog.getByText('The relay is away.', { exact: false })).toBeVisible();
    await expect(dialog.getByTestId('history-moment')).toContainText('this device, not sent yet');
    await expect(shown.locator('ins')).toContainText(['all eaten']);
    await expect(shown.locator('del', { hasText: 'olives' })).toHaveAttribute('title', 'Kitchen phone');
    await expectNoViolations(page, 'the history', 'dialog[open]');
    await page.screenshot({ path: info.outputPath('history.png') });

    // Back until everything is there that the other device wrote.
    await dialog.getByText('As it was', { exact: true }).click();
    const slider = dialog.getByRole('slider', { name: 'Moment' });
    await slider.focus();
    await expect(async () => {
      await slider.press('ArrowLeft');
      await expect(shown).toContainText('bread and cheese and olives', { timeout: 500 });
    }).toPass();
    await dialog.getByText('Compare', { exact: true }).click();
    await expect(dialog.getByTestId('history-other')).toHaveText('Before the first word');
    await expect(shown.locator('ins', { hasText: 'Supper' })).toBeVisible();
    await dialog.getByText('Side by side', { exact: true }).click();
    await expect(dialog.getByRole('region')).toHaveCount(2);
    await dialog.getByRole('button', { name: 'Verify history' }).click();
    await expect(dialog.getByTestId('verdict')).toContainText('Everything holds.');

    await dialog.getByRole('button', { name: 'Bring this back' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(editor(page)).toContainText('bread and cheese and olives');
    await editor(page).click();
    await page.keyboard.press('ControlOrMeta+z');
    await expect(editor(page)).toContainText('all eaten');
    await first.context.close();
  });
});
