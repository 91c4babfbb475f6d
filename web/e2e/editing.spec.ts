import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { chip, editor } from './people.ts';

/** Waits until the words are really in this device's storage. */
async function saved(page: Page): Promise<void> {
  await expect(chip(page)).toHaveText('On this device');
}

test('point 1: after a table that ends a document there is a line to write on', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  const table = '| Day | Weather |\n| --- | --- |\n| Friday | Rain |\n| Saturday | Sun |\n';
  const start = async () => {
    await page.getByRole('button', { name: 'New document' }).first().click();
    await expect(editor(page)).toHaveText('');
    await expect(editor(page)).toBeFocused();
    await editor(page).evaluate((element, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, table);
    await expect(editor(page).locator('td')).toHaveCount(4);
    await expect(editor(page).locator('> *').last()).toHaveClass('table-box');
  };
  const intoLastCell = async () => {
    await editor(page).locator('td').last().click();
    await page.keyboard.press('End');
  };
  const ways: (() => Promise<void>)[] = [
    async () => {
      const box = await editor(page).locator('table').boundingBox();
      if (!box) throw new Error('no table');
      await page.mouse.click(box.x + box.width / 2, box.y + box.height + 60);
    },
    async () => (await intoLastCell(), page.keyboard.press('Control+End')),
    async () => (await intoLastCell(), page.keyboard.press('ArrowDown')),
    async () => (await intoLastCell(), page.keyboard.press('Enter')),
    async () => (await intoLastCell(), page.keyboard.press('ArrowRight')),
  ];
  for (const way of ways) {
    await start();
    await way();
    await page.keyboard.type('after');
    await expect(editor(page).locator('> p:last-child')).toHaveText('after');
    await expect(editor(page).locator('td')).toHaveText(['Friday', 'Rain', 'Saturday', 'Sun']);
  }
});

test('point 1: a press before the text is there is where the caret comes to stand', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('first line');
  await page.keyboard.press('Enter');
  await page.keyboard.type('second line');
  await saved(page);
  const line = await editor(page).locator('p').nth(1).boundingBox();
  if (!line) throw new Error('no line');
  const held = Promise.withResolvers<undefined>();
  await page.route('**/assets/text-chunk*.js', async (route) => (await held.promise, route.continue()));
  await page.reload({ waitUntil: 'domcontentloaded' });
  await page.mouse.click(line.x + line.width - 4, line.y + line.height / 2);
  held.resolve(undefined);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('!');
  await expect(editor(page).locator('p')).toHaveText(['first line', 'second line!']);
});

test('point 1: a new document that is asked for before there is an editor takes the keys', async ({
  page,
  unclaimed: relay,
}) => {
  const held = Promise.withResolvers<undefined>();
  await page.route('**/assets/text-chunk*.js', async (route) => (await held.promise, route.continue()));
  await page.goto(relay.url, { waitUntil: 'domcontentloaded' });
  const before = page.url();
  await page.getByRole('button', { name: 'New document' }).first().click();
  await expect(page).not.toHaveURL(before);
  held.resolve(undefined);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('fresh');
  await expect(editor(page)).toHaveText('fresh');
});

test('on a phone the bottom bar is there on arrival: nothing is focused before the first tap', async ({
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
  await expect(page.locator('#first-words')).toHaveCount(0);
  await expect(page.locator('.text-editor')).not.toBeFocused();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await expect(page.getByRole('toolbar')).toBeHidden();
  await context.close();
});

test('leaving an open document inside the app throws nothing', async ({ page, unclaimed: relay }) => {
  const thrown: string[] = [];
  page.on('pageerror', (error) => thrown.push(error.message));
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('one');
  await saved(page);
  await page.getByRole('button', { name: 'New document' }).first().click();
  await expect(editor(page)).toHaveText('');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('two');
  await saved(page);
  const list = page.getByRole('navigation', { name: 'Documents' });
  for (const name of ['one', 'two', 'one']) {
    await list.getByRole('link', { name }).click();
    await expect(editor(page)).toHaveText(name);
    await expect(editor(page)).toBeFocused();
    await page.keyboard.press('End');
  }
  await page.getByRole('link', { name: 'Home' }).first().click();
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  expect(thrown).toEqual([]);
});
