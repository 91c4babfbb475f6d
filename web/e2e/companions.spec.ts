import type { Locator, Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, connectBoth, editor, go, type Person } from './people.ts';

async function write(page: Page, ...lines: string[]): Promise<void> {
  await expect(editor(page)).toBeFocused();
  for (const [index, line] of lines.entries()) {
    if (index > 0) await page.keyboard.press('Enter');
    await page.keyboard.type(line);
  }
}

/** Selects a word of the text, as a person does with the mouse; once more when the page moved meanwhile. */
async function selectWord(page: Page, line: string, word: string): Promise<void> {
  await expect(async () => {
    const { x, y } = await placeOf(page, line, word);
    await page.mouse.dblclick(x, y);
    expect(await page.evaluate(() => String(getSelection()).trim())).toBe(word);
  }).toPass();
}

function placeOf(page: Page, line: string, word: string): Promise<{ x: number; y: number }> {
  return editor(page)
    .getByText(line)
    .evaluate((element, wanted) => {
      const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = words.nextNode(); node !== null; node = words.nextNode()) {
        const at = node.textContent?.indexOf(wanted) ?? -1;
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      throw new Error(`“${wanted}” is not there`);
    }, word);
}

async function share({ page }: Person, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Document menu' }).click();
  await page.getByRole('menuitem', { name: 'Share…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('With whom?').fill(name);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(dialog.getByRole('listitem').filter({ hasText: name })).toContainText('Delivered', {
    timeout: 30_000,
  });
  await page.keyboard.press('Escape');
}

const thread = (page: Page, words: string): Locator => page.getByTestId('thread').filter({ hasText: words });

test('two people comment while a relay is away: words, answers and what is done come together', async ({
  browser,
  relay,
  bob,
}) => {
  test.setTimeout(240_000);
  const alice = await claimBrowser(browser, relay);
  const other = await claimBrowser(browser, bob);
  await connectBoth(alice, 'me.localhost', other, 'bob.localhost');
  await alice.page.keyboard.press('ControlOrMeta+Alt+n');
  await write(alice.page, '# Our boat', 'We paint the boat in spring');
  await share(alice, 'bob');
  await go(other.page, 'Notices');
  await other.page.getByRole('button', { name: 'Open', exact: true }).click();
  await expect(editor(other.page)).toContainText('We paint the boat', { timeout: 30_000 });
  await expect(alice.page.getByRole('button', { name: 'Follow bob' })).toBeVisible({ timeout: 30_000 });

  // Away: Bob comments, Alice makes another line of the same words.
  await relay.kill();
  await selectWord(other.page, 'We paint', 'spring');
  await other.page.keyboard.press('ControlOrMeta+Alt+m');
  await other.page.getByRole('textbox', { name: 'Comment', exact: true }).fill('Or in autumn?');
  await other.page.keyboard.press('ControlOrMeta+Enter');
  await expect(other.page.locator('.comment-words')).toHaveText('spring');
  await editor(alice.page).getByText('We paint').click();
  await alice.page.keyboard.press('Home');
  await alice.page.keyboard.type('Surely ');
  await relay.start();

  // Together again: the words are found where Alice put them, and what she did not read counts.
  const button = alice.page.getByRole('button', { name: 'Comments, 1 new' });
  await expect(button).toBeVisible({ timeout: 90_000 });
  await expect(alice.page.locator('.comment-words')).toHaveText('spring');
  await expect(editor(other.page)).toContainText('Surely', { timeout: 90_000 });
  await button.click();
  await expect(thread(alice.page, 'Or in autumn?')).toContainText('bob');
  await expect(alice.page.getByRole('button', { name: 'Comments', exact: true })).toBeVisible();
  await expectNoViolations(alice.page, 'comments');
  await thread(alice.page, 'Or in autumn?').getByRole('button', { name: 'Answer' }).click();
  await alice.page.getByRole('textbox', { name: 'Answer to bob' }).fill('In spring it is dry.');
  await alice.page.keyboard.press('ControlOrMeta+Enter');
  await expect(thread(other.page, 'In spring it is dry.')).toBeVisible({ timeout: 30_000 });
  await thread(other.page, 'In spring').getByRole('button', { name: 'Resolve' }).click();
  await expect(alice.page.getByText('1 resolved')).toBeVisible({ timeout: 30_000 });
  await expect(alice.page.locator('.comment-words')).toHaveCount(0);

  // One's own words only, with a way back; and words that are gone are quoted.
  await alice.page.getByText('1 resolved').click();
  await expect(thread(alice.page, 'In spring').getByRole('button', { name: 'Delete' })).toHaveCount(1);
  await thread(alice.page, 'In spring').getByRole('button', { name: 'Delete' }).click();
  await expect(thread(alice.page, 'In spring it is dry.')).toHaveCount(0);
  await alice.page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await expect(thread(alice.page, 'In spring it is dry.')).toHaveCount(1);
  await selectWord(alice.page, 'We paint', 'spring');
  await alice.page.keyboard.press('Delete');
  await expect(thread(alice.page, 'Or in autumn?')).toContainText('no longer in the text');

  // A name has a card that says who it is; in focus mode there is the text alone.
  await editor(alice.page).getByText('We paint').click();
  await alice.page.keyboard.press('End');
  await alice.page.keyboard.type(' with @bo');
  await expect(alice.page.getByRole('option', { name: /bob/ })).toBeVisible();
  await alice.page.keyboard.press('Enter');
  await alice.page.locator('.mention').hover();
  await expect(alice.page.getByRole('tooltip')).toContainText('bob.localhost');
  await alice.page.keyboard.press('Escape');
  await expect(alice.page.getByRole('tooltip')).toHaveCount(0);
  await editor(alice.page)
    .getByText('We paint')
    .click({ position: { x: 4, y: 8 } });
  await alice.page.keyboard.press('ControlOrMeta+Shift+f');
  await expect(alice.page.locator('.sidebar')).toHaveCSS('opacity', '0');
  await expect(editor(alice.page).locator('.focus-here')).toContainText('We paint');
  await alice.page.getByRole('button', { name: 'End focus mode' }).click();
  await expect(alice.page.locator('.sidebar')).toHaveCSS('opacity', '1');
  await alice.context.close();
  await other.context.close();
});

test('on a phone a text opens for reading: links, outline, finding, then Edit starts the caret', async ({
  browser,
  relay,
}) => {
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'en' },
  });
  const page = await context.newPage();
  await page.goto(relay.url);
  await page.locator('.text-editor').tap();
  await write(page, '# Boat', 'Paint the boat, then the other boat. See [[Oars');
  await page.getByRole('option', { name: 'New document “Oars”' }).tap();
  await expect(page.locator('.doc-link')).toHaveText('Oars');
  await page.keyboard.press('Enter');
  await write(page, '## Sails');
  await page.getByRole('button', { name: 'Done, read only' }).tap();
  await expect(editor(page)).toHaveAttribute('contenteditable', 'false');
  await expect(chip(page)).toHaveText('On this device');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toBeVisible();
  await expect(editor(page)).toHaveAttribute('contenteditable', 'false');

  // A link opens what it names; there the links back are listed.
  await page.locator('.doc-link').tap();
  await expect(editor(page).locator('h1')).toHaveText('Oars');
  await page.getByRole('button', { name: 'Document menu' }).tap();
  await page.getByRole('menuitem', { name: 'Links to this document' }).tap();
  await page.getByRole('dialog').getByRole('link', { name: /Boat/ }).tap();
  await expect(editor(page).locator('h1')).toHaveText('Boat');
  await page.getByRole('button', { name: 'Document menu' }).tap();
  await page.getByRole('menuitem', { name: 'Outline' }).tap();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByTestId('text-size')).toContainText('11 words');
  await expectNoViolations(page, 'the outline');
  await sheet.getByRole('button', { name: 'Sails' }).tap();
  await expect(sheet).toHaveCount(0);

  // Replaced in one step, and back in one.
  await page.getByRole('button', { name: 'Document menu' }).tap();
  await page.getByRole('menuitem', { name: 'Find and replace' }).tap();
  const bar = page.getByRole('search');
  await bar.getByLabel('Find').fill('boat');
  await expect(bar.getByRole('status')).toHaveText(/^[123] of 3$/);
  await bar.getByRole('button', { name: 'Match case' }).tap();
  await expect(bar.getByRole('status')).toHaveText(/^[12] of 2$/);
  await bar.getByLabel('Replace with').fill('ship');
  await expectNoViolations(page, 'finding');
  await bar.getByRole('button', { name: 'Replace all' }).tap();
  await expect(editor(page)).toContainText('Paint the ship, then the other ship.');
  await bar.getByRole('button', { name: 'Close' }).tap();
  await page.getByRole('button', { name: 'Edit', exact: true }).tap();
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.getByRole('toolbar').getByRole('button', { name: 'Undo' }).tap();
  await expect(editor(page)).toContainText('Paint the boat, then the other boat.');
  await context.close();
});

test('a comment takes its own words: begun again, looked away from, sent and answered by keys alone', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await write(page, 'one two three');
  // What stands beside the text is there: the keys for it are.
  await expect(page.getByRole('button', { name: 'Comments', exact: true })).toBeVisible();
  const field = page.getByRole('textbox', { name: 'Comment', exact: true });
  const begin = async (word: string) => {
    await page.keyboard.press('ControlOrMeta+Shift+ArrowLeft');
    await expect.poll(() => page.evaluate(() => String(getSelection()).trim())).toBe(word);
    await page.keyboard.press('ControlOrMeta+Alt+m');
  };
  await begin('three');
  await expect(field).toBeFocused();
  await page.keyboard.type('Not this');
  await editor(page).click();
  await page.keyboard.press('End');
  await page.keyboard.press('ControlOrMeta+ArrowLeft');
  await begin('two');
  await page.keyboard.type(' but that');
  await expect(field).toHaveValue('Not this but that');
  await expect(editor(page)).toHaveText('one two three');

  // Another panel for a moment takes no words away.
  await page.getByText('Outline', { exact: true }).click();
  await expect(field).toHaveCount(0);
  await page.getByRole('complementary').getByText('Comments', { exact: true }).click();
  await expect(field).toHaveValue('Not this but that');
  await field.press('ControlOrMeta+Enter');
  const card = thread(page, 'Not this but that');
  await expect(card).toBeFocused();
  await card.getByRole('button', { name: 'Answer' }).press('Enter');
  await page.keyboard.type('Why?');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(card).toContainText('Why?');
  await expect(card).toBeFocused();
  await card.getByRole('button', { name: 'Delete' }).last().press('Enter');
  await expect(card).not.toContainText('Why?');
  await expect(card).toBeFocused();
  await card.getByRole('button', { name: 'Resolve' }).press('Enter');
  await expect(page.getByText('1 resolved')).toBeVisible();
  // Still in the panel: Escape closes it and gives the caret back.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary', { name: 'Beside the text' })).toHaveCount(0);
  await expect(editor(page)).toBeFocused();
});
