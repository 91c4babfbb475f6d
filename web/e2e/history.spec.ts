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

  test('brought back by a double press, words are there once; going back closes what is about the document that is left', async ({
    browser,
    relay,
  }) => {
    const { page, context } = await claimBrowser(browser, relay);
    await page.clock.install();
    await page.goto(relay.url);
    const write = async (words: string) => {
      await page.keyboard.type(words);
      await expect(editor(page)).toHaveText(words);
      await expect(chip(page)).toHaveText('On the relay');
    };
    await expect(editor(page)).toBeFocused();
    await write('another document');
    const before = page.url();
    await page.keyboard.press('Control+Alt+n');
    await expect(editor(page)).toBeFocused();
    await write('first words');
    await expect(async () => {
      const sent = await openHistory(page);
      const said = await sent.getByTestId('history-moment').innerText();
      await page.keyboard.press('Escape');
      expect(said).not.toContain('not sent yet');
    }).toPass();
    // Far enough apart to be two moments.
    await page.clock.fastForward(40_000);
    await editor(page).focus();
    await page.keyboard.press('ControlOrMeta+a');
    await write('later words');

    await openHistory(page);
    await page.goBack();
    await expect(page).toHaveURL(before);
    await expect(editor(page)).toHaveText('another document');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.goForward();
    await expect(editor(page)).toHaveText('later words');
    await page.getByRole('button', { name: 'Link', exact: true }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.goBack();
    await expect(editor(page)).toHaveText('another document');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.goForward();
    await expect(editor(page)).toHaveText('later words');

    const dialog = await openHistory(page);
    await dialog.getByRole('slider', { name: 'Moment' }).press('ArrowLeft');
    await expect(dialog.getByTestId('history-shown')).toContainText('first words');
    await dialog.getByRole('button', { name: 'Bring this back' }).dblclick();
    await expect(dialog).toHaveCount(0);
    await expect(editor(page)).toHaveText('first words');
    await expect(page.getByRole('button', { name: 'Document menu' })).toBeFocused();
    await context.close();
  });
});
