import type { Locator, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, go, linkBrowser, worksOffline } from './people.ts';

const column = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const card = (page: Page, title: string): Locator => page.getByRole('button', { name: title });

async function addCards(page: Page, name: string, titles: string[]): Promise<void> {
  const field = page.getByLabel(`Add a card to ${name}`);
  for (const title of titles) {
    await field.fill(title);
    await field.press('Enter');
    await expect(column(page, name).getByRole('button', { name: title })).toBeVisible();
  }
}

test('a board on two devices: cards by keys and pointer, apart and together again @offline', async ({
  browser,
  relay,
}) => {
  test.setTimeout(240_000);
  const first = await claimBrowser(browser, relay);
  const { page } = first;
  await go(page, 'Home');
  await page.getByRole('button', { name: 'New…' }).first().click();
  await page.getByRole('menuitem', { name: 'Board', exact: true }).click();
  await page.getByLabel('Name of the board').fill('Spring at sea');
  await page.getByLabel('Name of the board').press('Enter');
  await addCards(page, 'To do', ['Buy a boat', 'Paint it', 'Learn to sail']);

  // By keys alone: to the second place of another column, heard on the way.
  await card(page, 'Paint it').focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('status')).toContainText(['Picked up “Paint it”.']);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Space');
  await expect(column(page, 'Doing').getByRole('button')).toContainText(['Paint it']);
  await expect(card(page, 'Paint it')).toBeFocused();

  // Opened, dated, labelled and ticked; undone by the toast or the keys.
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New label').fill('Soon');
  await dialog.getByLabel('New label').press('Enter');
  await dialog.getByLabel('Due').fill('2026-12-24');
  await dialog.getByLabel('New item').fill('Blue paint');
  await dialog.getByLabel('New item').press('Enter');
  await dialog.getByRole('checkbox', { name: 'Blue paint' }).check();
  await page.keyboard.press('Escape');
  await expect(card(page, 'Paint it')).toContainText('1/1');
  await expect(card(page, 'Paint it')).toBeFocused();
  await expectNoViolations(page, 'a board');
  await expect(chip(page)).toHaveText('On the relay');
  const address = page.url();

  const second = await linkBrowser(browser, relay, first, 'Second laptop');
  await second.page.goto(address);
  await page.goto(address);
  await expect(card(second.page, 'Paint it')).toContainText('Soon');

  // The relay is away: both move the same card, and each adds one.
  await worksOffline(second.page);
  await relay.stop();
  await card(page, 'Buy a boat').dragTo(column(page, 'Done'));
  await addCards(page, 'To do', ['From the first']);
  await card(second.page, 'Buy a boat').focus();
  for (const key of ['Space', 'ArrowRight', 'Space']) await second.page.keyboard.press(key);
  await addCards(second.page, 'To do', ['From the second']);
  await second.page.reload();
  await expect(card(second.page, 'From the second')).toBeVisible();
  await relay.start();
  for (const one of [page, second.page]) {
    await expect(card(one, 'From the first')).toBeVisible({ timeout: 30_000 });
    await expect(card(one, 'From the second')).toBeVisible({ timeout: 30_000 });
    await expect(card(one, 'Buy a boat')).toHaveCount(1);
  }
  const cards = (one: Page) => one.locator('[data-column]').allInnerTexts();
  await expect.poll(async () => (await cards(page)).join() === (await cards(second.page)).join()).toBe(true);

  // One takes back what is one's own.
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(card(page, 'From the first')).toHaveCount(0);
  await expect(card(page, 'From the second')).toBeVisible();

  // On a phone the columns are pushed to the side, and not the page.
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await page.getByRole('button', { name: 'More for this board' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export as Markdown' }).click(),
  ]);
  const markdown = await readFile(await download.path(), 'utf8');
  expect(markdown).toContain('- [ ] Paint it #Soon 📅 2026-12-24\n  - [x] Blue paint');
  await second.context.close();
  await first.context.close();
});

test('a card that is drawn in another column keeps the focus: what moved is taken back step by step by keys', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(`${relay.url}/home`);
  await page.getByRole('button', { name: 'New…' }).first().click();
  await page.getByRole('menuitem', { name: 'Board', exact: true }).click();
  await addCards(page, 'To do', ['Apple', 'Pear']);
  await card(page, 'Apple').focus();
  for (const key of ['Space', 'ArrowRight', 'Space', 'Space', 'ArrowRight', 'Space'])
    await page.keyboard.press(key);
  await expect(column(page, 'Done').getByRole('button')).toContainText(['Apple']);
  for (const there of ['Doing', 'To do']) {
    await page.keyboard.press('Control+z');
    await expect(column(page, there).getByRole('button')).toContainText(['Apple']);
    await expect(card(page, 'Apple')).toBeFocused();
  }
  // What is gone leaves the focus with the board.
  await card(page, 'Pear').focus();
  await page.keyboard.press('Control+z');
  await expect(card(page, 'Pear')).toHaveCount(0);
  await page.keyboard.press('Control+y');
  await expect(card(page, 'Pear')).toBeVisible();
});

test('a card that Escape puts back is not opened by letting go of it', async ({ page, unclaimed: relay }) => {
  await page.goto(`${relay.url}/home`);
  await page.getByRole('button', { name: 'New…' }).first().click();
  await page.getByRole('menuitem', { name: 'Board', exact: true }).click();
  await addCards(page, 'To do', ['Apple']);
  await card(page, 'Apple').hover();
  const box = await card(page, 'Apple').boundingBox();
  if (!box) throw new Error('the card is not there');
  await page.mouse.down();
  await page.mouse.move(box.x + 4, box.y + 4, { steps: 3 });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('status')).toContainText(['“Apple”']);
  await page.mouse.up();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // The next press opens it.
  await expect(async () => {
    await card(page, 'Apple').click();
    await expect(page.getByRole('dialog')).toBeVisible({ timeout: 500 });
  }).toPass();
});

test('a card in the air stays with its finger while another one touches the board', async ({
  browser,
  unclaimed: relay,
}) => {
  const context = await browser.newContext({ hasTouch: true, locale: 'en' });
  const page = await context.newPage();
  await page.goto(`${relay.url}/home`);
  await page.getByRole('button', { name: 'New…' }).first().click();
  await page.getByRole('menuitem', { name: 'Board', exact: true }).click();
  await addCards(page, 'To do', ['Apple']);
  const from = await card(page, 'Apple').boundingBox();
  const to = await column(page, 'Done').boundingBox();
  if (!from || !to) throw new Error('the board is not there');
  const session = await context.newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: object[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: touchPoints as never });
  const first = { id: 1, x: to.x + 40, y: to.y + 60 };
  const ghost = page.locator('.board-ghost');
  await touch('touchStart', { id: 1, x: from.x + 20, y: from.y + 15 });
  await expect(ghost).toBeVisible();
  await touch('touchMove', first);
  const second = { id: 2, x: 400, y: 600 };
  await touch('touchStart', first, second);
  await touch('touchEnd', second);
  await expect(ghost).toBeVisible();
  await expect(column(page, 'To do').getByRole('button', { name: 'Apple' })).toHaveCount(1);
  await touch('touchEnd');
  await expect(column(page, 'Done').getByRole('button', { name: 'Apple' })).toBeVisible();
  await context.close();
});
