import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { claim, editor, openBrowser, type Person } from './people.ts';

const looks = [
  { name: 'desktop, light', colorScheme: 'light', viewport: { width: 1280, height: 800 }, isMobile: false },
  { name: 'desktop, dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 }, isMobile: false },
  { name: 'phone, light', colorScheme: 'light', viewport: { width: 390, height: 844 }, isMobile: true },
  { name: 'phone, dark', colorScheme: 'dark', viewport: { width: 390, height: 844 }, isMobile: true },
] as const;

/** Axe reads every element of eight pages: slow on a busy machine. */
test.setTimeout(240_000);

const pages = ['/', '/home', '/feed', '/people', '/settings', '/setup', '/enrol'];

async function expectNoViolations(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(told, where).toEqual([]);
}

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
  test.describe(`axe finds nothing: ${name}`, () => {
    test.use({ ...look, hasTouch: look.isMobile, contextOptions: { reducedMotion: 'reduce' } });

    test('before a name is claimed', async ({ page, relay }) => {
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
  });
}

test('axe finds nothing on the pages of a claimed space, light and dark', async ({ browser, relay }) => {
  const { page, context }: Person = await openBrowser(browser, relay);
  await claim(page, relay);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await examine(page, relay.url);
  }
  await context.close();
});

test('language and theme are chosen in Settings and stay', async ({ page, relay }) => {
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
