import type { Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { choose, entries, entry, names } from './file-page.ts';
import { expect, test } from './fixtures.ts';
import { editor, worksOffline } from './people.ts';

/** Writes a document in the editor, and waits until it is in the lists. */
async function write(page: Page, origin: string, words: string): Promise<void> {
  await page.goto(origin);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type(words);
  await expect(page.locator('.chip')).toHaveText('On this device');
}

test('point 2: the library by keyboard alone, with the relay stopped @offline', async ({ page, relay }) => {
  test.setTimeout(180_000);
  await write(page, relay.url, '# Boat\nNew sails.');
  await page.getByRole('button', { name: 'New document' }).first().click();
  await expect(editor(page)).toBeEmpty();
  await editor(page).click();
  await page.keyboard.type('# Harbour\nHigh water at noon.');
  await page.goto(`${relay.url}/home?show=all`);
  await expect(entry(page, 'Harbour')).toBeVisible();
  await worksOffline(page);
  await relay.stop();

  await page.getByRole('main').getByRole('button', { name: 'New…' }).press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByLabel('Name').fill('Sea');
  await page.keyboard.press('Enter');
  await expect(entry(page, 'Sea')).toBeVisible();
  expect(await names(page)).toEqual(['Sea', 'Boat', 'Harbour']);

  // A letter leads to a name; what is cut goes where it is pasted.
  await entry(page, 'Sea').focus();
  await page.keyboard.press('b');
  await expect(entry(page, 'Boat')).toBeFocused();
  await page.keyboard.press('Control+x');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/home\?in=/);
  await page.keyboard.press('Control+v');
  await expect(page.getByText('“Boat” moved to “Sea”.')).toBeVisible();
  await entry(page, 'Boat').focus();
  await page.keyboard.press('F2');
  await page.keyboard.type('Big boat');
  await page.keyboard.press('Enter');
  await expect(entry(page, 'Big boat')).toBeFocused();

  // A favourite, a tag and a copy.
  await choose(page, 'Big boat', 'Add to favourites');
  const starred = page.getByRole('navigation', { name: 'Favourites' }).getByRole('link');
  await expect(starred).toHaveText(['Big boat']);
  await choose(page, 'Big boat', 'Tags…');
  await expect(page.getByLabel('New tag')).toBeFocused();
  await page.keyboard.type('repairs');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('listitem')).toHaveText(['repairs']);
  await page.keyboard.press('Escape');
  await choose(page, 'Big boat', 'Duplicate');
  await expect(entry(page, 'Big boat (copy)')).toBeVisible();
  await entry(page, 'Big boat').focus();
  await page.keyboard.press('ArrowDown');
  await expect(entry(page, 'Big boat (copy)')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(entry(page, 'Big boat (copy)')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(entry(page, 'Big boat (copy)')).toBeVisible();

  await relay.start();
  await page.goto(`${relay.url}/home?show=all`);
  await page.getByRole('group', { name: 'Only those' }).getByRole('button', { name: 'repairs' }).click();
  await expect(entries(page)).toHaveCount(2);
  await starred.click();
  await expect(editor(page).locator('h1')).toHaveText('Big boat');
  await expect(editor(page)).toContainText('New sails.');
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('point 2: from a template to the favourites, to the trash and back by touch', async ({
    page,
    unclaimed: relay,
  }) => {
    test.setTimeout(180_000);
    await page.goto(`${relay.url}/home`);
    await page.getByRole('main').getByRole('button', { name: 'New…' }).tap();
    await page.getByRole('menuitem', { name: 'From template…' }).tap();
    await page.getByRole('button', { name: /^Meeting notes/ }).tap();
    await expect(editor(page).locator('h1')).toContainText('Meeting notes');
    await page.goto(`${relay.url}/home?show=all`);
    const notes = page.getByRole('row', { name: /^Meeting notes/ });
    await notes.getByRole('button', { name: /^Menu/ }).tap();
    await page.getByRole('menuitem', { name: 'Add to favourites' }).tap();
    await page.getByText('Favourites', { exact: true }).locator('visible=true').tap();
    await expect(notes).toBeVisible();
    await expectNoViolations(page, 'Favourites');
    await notes.getByRole('button', { name: /^Menu/ }).tap();
    await page.getByRole('menuitem', { name: 'Move to trash' }).tap();
    await expect(notes).toHaveCount(0);
    await page
      .getByRole('main')
      .getByRole('link', { name: /^Trash/ })
      .tap();
    await notes.getByRole('button', { name: /^Menu/ }).tap();
    await page.getByRole('menuitem', { name: 'Restore' }).tap();
    await expect(page.getByText('The trash is empty.')).toBeVisible();
    await page.goto(`${relay.url}/home`);
    await expect(page.getByRole('main').getByRole('link', { name: /Meeting notes/ })).toBeVisible();
  });
});
