import type { Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { addFiles, makeFolder, openFilesPage, textFile } from './file-page.ts';
import { expect, test } from './fixtures.ts';
import { picture } from './made-files.ts';
import {
  claim,
  claimBrowser,
  connectBoth,
  editor,
  go,
  lookUp,
  openBrowser,
  type Person,
  post,
  say,
} from './people.ts';

const looks = [
  { name: 'desktop', viewport: { width: 1280, height: 800 }, isMobile: false },
  { name: 'phone', viewport: { width: 390, height: 844 }, isMobile: true },
] as const;

/** Axe reads every element of nine pages: slow on a busy machine. */
test.setTimeout(240_000);

const pages = ['/', '/home', '/files', '/feed', '/people', '/notices', '/settings', '/setup', '/enrol'];

/** Opens each page and lets axe look at it. */
async function examine(page: Page, origin: string): Promise<void> {
  for (const path of pages) {
    await page.goto(origin + path);
    await expect(page.locator('main h1').first()).toBeAttached();
    await expect(page.locator('.chip')).toBeVisible();
    if (path === '/') await expect(page.locator('.text-editor')).toBeVisible();
    await expectNoViolations(page, path);
  }
}

for (const { name, ...look } of looks) {
  test.describe(`axe finds nothing, light and dark: ${name}`, () => {
    test.use({ ...look, hasTouch: look.isMobile, contextOptions: { reducedMotion: 'reduce' } });

    test('before a name is claimed', async ({ page, unclaimed: relay }) => {
      await page.goto(relay.url);
      await expect(page.locator('.text-editor')).toBeVisible();
      await editor(page).click();
      await page.keyboard.type('# Tides');
      await page.keyboard.press('Enter');
      await page.keyboard.type('[ ] a task with `code`');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await page.keyboard.type(`> quoted ${'word '.repeat(25)}`);
      await expect(page.getByRole('complementary')).toBeVisible();
      await expectNoViolations(page, 'a document with the card');
      await page.locator('.chip').click();
      await expectNoViolations(page, 'the chip, open');
      await page.getByRole('button', { name: 'Document menu' }).click();
      await expectNoViolations(page, 'the menu, open');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectNoViolations(page, 'the list of keys');
      await examine(page, relay.url);
    });

    test('files in every view, with what stands over them @offline', async ({ page, unclaimed: relay }) => {
      await openFilesPage(page, relay);
      await makeFolder(page, 'Holidays');
      await addFiles(page, [picture('blue.png', 300, [20, 40, 200]), textFile('notes.txt')]);
      await expectNoViolations(page, 'the list');
      await page.getByTitle('Grid', { exact: true }).click();
      await expectNoViolations(page, 'the grid');
      await page.getByTitle('Gallery', { exact: true }).click();
      await expectNoViolations(page, 'the gallery');
      await page.getByTitle('List', { exact: true }).click();
      await page.getByRole('button', { name: 'Menu – blue.png' }).click();
      await expectNoViolations(page, 'the menu of an entry');
      await page.getByRole('menuitem', { name: 'Details' }).click();
      await expect(page.getByText('Where it is')).toBeVisible();
      await expectNoViolations(page, 'the details');
      if (look.isMobile) await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Menu – blue.png' }).click();
      await page.getByRole('menuitem', { name: 'Move to…' }).click();
      await expectNoViolations(page, 'where to move');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Menu – blue.png' }).click();
      await page.getByRole('menuitem', { name: 'Open' }).click();
      await expect(page.getByRole('dialog').getByRole('img', { name: 'blue.png' })).toBeVisible();
      await expectNoViolations(page, 'a picture');
      await page.keyboard.press('Escape');
      await page.goto(`${relay.url}/files?in=trash`);
      await expect(page.getByText('The trash is empty.')).toBeVisible();
      await expectNoViolations(page, 'the trash');
    });
  });
}

test('axe finds nothing on the pages of a claimed space, light and dark', async ({ browser, relay }) => {
  const { page, context }: Person = await openBrowser(browser, relay);
  await claim(page, relay);
  await examine(page, relay.url);
  await context.close();
});

test('axe finds nothing where people speak with each other, light and dark, desktop and phone', async ({
  browser,
  relay,
  bob,
}) => {
  const alice = await claimBrowser(browser, relay);
  const other = await claimBrowser(browser, bob);
  await connectBoth(alice, 'me.localhost', other, 'bob.localhost');
  await go(other.page, 'Feed');
  await say(other.page, 'Low tide', 'Public');
  await go(alice.page, 'Feed');
  const card = post(alice.page, 'Low tide');
  await card.getByRole('button', { name: /^Like/ }).click();
  await card.getByRole('button', { name: /^Comment –/ }).click();
  await alice.page.getByLabel('Comment on this post').fill('Indeed');
  await alice.page.keyboard.press('Enter');
  await say(alice.page, 'High tide');
  await post(alice.page, 'High tide')
    .getByRole('button', { name: /^(Sent|Delivered)$/ })
    .click();
  const looksAt = async (page: Page, what: string) => {
    for (const { name: look, viewport } of looks) {
      await page.setViewportSize(viewport);
      await expectNoViolations(page, `${what}: ${look}`);
    }
    await page.setViewportSize(looks[0].viewport);
  };
  await card.getByRole('button', { name: '1 reaction', exact: true }).click();
  await card.getByText('Proof', { exact: true }).first().click();
  await expect(card.getByText(/device log agree/)).toBeVisible();
  await card.getByRole('button', { name: 'Choose a reaction' }).first().click();
  await looksAt(alice.page, 'the feed');
  await lookUp(alice.page, 'bob.localhost');
  await looksAt(alice.page, 'people');
  await alice.page.getByRole('button', { name: 'What to do with bob' }).click();
  await looksAt(alice.page, 'the menu of a person');
  await go(other.page, 'Notices');
  await expect(other.page.getByText('me commented.')).toBeVisible();
  await looksAt(other.page, 'the notices');
  await alice.context.close();
  await other.context.close();
});

test('language and theme are chosen in Settings and stay', async ({ page, unclaimed: relay }) => {
  await page.goto(`${relay.url}/settings`);
  await page.getByLabel('Language').selectOption('de');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Einstellungen');
  await page.getByText('Dunkel', { exact: true }).click();
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Einstellungen');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('radio', { name: 'Dunkel' })).toBeChecked();
});
