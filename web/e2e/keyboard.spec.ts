import { expect, test } from './fixtures.ts';
import { chip, editor } from './people.ts';

test('G and a letter goes, ? lists the keys, Escape retreats with focus given back', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('gh is text here?');
  await expect(editor(page)).toHaveText('gh is text here?');
  await page.keyboard.press('Escape');
  await expect(page.locator('main')).toBeFocused();

  for (const [letter, title] of [
    ['f', 'Feed'],
    ['p', 'People'],
    ['s', 'Settings'],
    ['h', 'Home'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  }

  const link = page.locator('main').getByRole('link').first();
  await link.focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(link).toBeFocused();

  await page.keyboard.press('Escape');
  await expect(editor(page)).toHaveText('gh is text here?');
});

test('the toolbar is one tab stop with arrows inside; Escape goes back to the words', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('words');
  await page.keyboard.press('Alt+F10');
  await expect(page.getByRole('button', { name: 'Heading 1' })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('button', { name: 'Heading 2' })).toBeFocused();
  expect(await page.locator('.toolbar [tabindex="0"]').count()).toBe(1);
  await page.keyboard.press('Enter');
  await expect(editor(page).locator('h2')).toHaveText('words');
  await page.keyboard.press('Alt+F10');
  await page.keyboard.press('End');
  await page.keyboard.press('Escape');
  await expect(page.locator('.text-editor')).toBeFocused();
});

test('menu, chip and sidebar work without a mouse', async ({ page, unclaimed: relay }) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('words');
  await expect(chip(page)).toHaveText('On this device');
  await expect(page.getByRole('navigation').getByRole('link', { name: 'words' })).toBeVisible();

  const menu = page.getByRole('button', { name: 'Document menu' });
  await menu.focus();
  await page.keyboard.press('Enter');
  const items = page.getByRole('menuitem');
  for (const name of ['Share', 'Move to trash']) await expect(items.filter({ hasText: name })).toBeVisible();
  for (const item of await items.all()) {
    await expect(item).toBeFocused();
    await page.keyboard.press('ArrowDown');
  }
  await expect(items.first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();

  await page.locator('.chip').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Saved at /)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText(/^Saved at /)).toHaveCount(0);
  await expect(page.locator('.chip')).toBeFocused();

  const edge = page.getByRole('separator', { name: 'Width of the sidebar' });
  await edge.focus();
  await page.keyboard.press('ArrowRight');
  await expect(edge).toHaveAttribute('aria-valuenow', '256');
  await page.reload();
  await expect(page.locator('.sidebar')).toHaveCSS('width', '256px');
});

test('the first tab stop skips to the content', async ({ page, unclaimed: relay }) => {
  await page.goto(`${relay.url}/home`);
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('main')).toBeFocused();
});

test('Ctrl+Alt+N starts a new document from anywhere', async ({ page, unclaimed: relay }) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('first');
  await expect(chip(page)).toHaveText('On this device');
  await page.keyboard.press('Control+Alt+n');
  await expect(editor(page)).toHaveText('');
  await expect(page.locator('.text-editor')).toBeFocused();
});

test('on a phone the toolbar takes the place of the bottom bar while one writes; targets are 44 px', async ({
  browser,
  unclaimed: relay,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
  });
  const page = await context.newPage();
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeVisible();
  const bar = page.getByRole('navigation', { name: 'Main' });
  await page.locator('.text-editor').tap();
  await page.keyboard.type('on the way');
  await expect(page.getByRole('toolbar')).toBeVisible();
  await expect(bar).toBeHidden();
  for (const button of await page.locator('.toolbar button:visible, .header button:visible').all()) {
    const box = await button.boundingBox();
    expect(box?.height, await button.innerText()).toBeGreaterThanOrEqual(44);
  }
  await page.keyboard.press('Escape');
  await expect(bar).toBeVisible();
  await bar.getByRole('link', { name: 'Home' }).tap();
  await expect(page.locator('main').getByRole('link', { name: /on the way/ })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await context.close();
});

test('at 200 % on a small screen the last of a menu can be chosen: the bar at the bottom does not cover it', async ({
  page,
  unclaimed: relay,
}) => {
  await page.setViewportSize({ width: 640, height: 400 });
  await page.goto(relay.url);
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('near the bottom');
  await expect(chip(page)).toHaveText('On this device');
  // Until the editor has taken over from the page, which writes just as well, nothing hears this key.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole('button', { name: 'Document menu' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click({ timeout: 5_000 });
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
});
