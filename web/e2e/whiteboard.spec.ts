import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, go, linkBrowser, worksOffline } from './people.ts';

const objects = (page: Page) =>
  page.getByRole('list', { name: 'Objects on the whiteboard' }).getByRole('button');
const tool = (page: Page, name: string) => page.getByRole('toolbar').getByRole('button', { name });

/** Draws with the pointer, from one point of the stage to another, in parts of its size; a key may be pressed before it is let go. */
async function drag(page: Page, from: [number, number], to: [number, number], key?: 'Escape'): Promise<void> {
  const stage = await page.locator('.white-stage').boundingBox();
  if (!stage) throw new Error('there is no stage');
  const at = ([x, y]: [number, number]) => [stage.x + x * stage.width, stage.y + y * stage.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2 + 0.02]));
  await page.mouse.move(...at(to));
  if (key) await page.keyboard.press(key);
  await page.mouse.up();
}

test('a whiteboard on two devices: drawn by pointer and keys, apart and together again @offline', async ({
  browser,
  relay,
}) => {
  test.setTimeout(240_000);
  const first = await claimBrowser(browser, relay);
  const { page } = first;
  await go(page, 'Home');
  await page.getByRole('button', { name: 'New…' }).first().click();
  await page.getByRole('menuitem', { name: 'Whiteboard' }).click();
  await page.getByLabel('Name of the whiteboard').fill('Harbour plan');
  await page.getByLabel('Name of the whiteboard').press('Enter');

  await tool(page, 'Pen').click();
  await drag(page, [0.1, 0.1], [0.25, 0.2]);
  await expect(objects(page)).toHaveText(['Stroke, Ink']);
  await tool(page, 'Rectangle').click();
  await drag(page, [0.1, 0.4], [0.3, 0.55]);
  await expect(objects(page)).toHaveCount(2);

  // By keys alone: two notes with words, joined by an arrow that follows them.
  await tool(page, 'Sticky note').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Words' })).toBeFocused();
  await page.keyboard.type('Ferry');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Sticky note: Ferry' })).toBeFocused();
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Shift+ArrowLeft');
  await tool(page, 'Sticky note').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Words' })).toBeFocused();
  await page.keyboard.type('Island');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await tool(page, 'Arrow').click();
  const ferry = await page.locator('[data-kind=note]').first().boundingBox();
  const island = await page.locator('[data-kind=note]').last().boundingBox();
  if (!ferry || !island) throw new Error('the notes are not there');
  await page.mouse.move(ferry.x + 20, ferry.y + 20);
  await page.mouse.down();
  await page.mouse.move(island.x + island.width - 20, island.y + island.height - 20, { steps: 3 });
  await page.mouse.up();
  await expect(page.getByRole('button', { name: 'Arrow from Ferry to Island' })).toHaveCount(1);
  const arrow = () => page.locator('[data-kind=arrow] path').first().getAttribute('d');
  const before = await arrow();
  await page.getByRole('button', { name: 'Sticky note: Island' }).focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(arrow).not.toBe(before);

  // Turned by keys, by its angle and by its handle.
  const turned = () => page.locator('[data-kind=note]').last().getAttribute('transform');
  await page.keyboard.press('.');
  await expect.poll(turned).toContain('rotate(15 ');
  await page.getByLabel('Angle in degrees').fill('90');
  await page.getByLabel('Angle in degrees').press('Enter');
  await expect.poll(turned).toContain('rotate(90 ');
  const handle = await page.locator('[data-handle=turn]').boundingBox();
  if (!handle) throw new Error('there is no handle to turn by');
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(handle.x - 50, handle.y - 70, { steps: 3 });
  await page.mouse.up();
  await expect.poll(turned).not.toContain('rotate(90 ');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(turned).toContain('rotate(90 ');

  await expectNoViolations(page, 'a whiteboard');
  await expect(chip(page)).toHaveText('On the relay');
  const address = page.url();

  const second = await linkBrowser(browser, relay, first, 'Second laptop');
  await second.page.goto(address);
  await page.goto(address);
  await expect(objects(second.page)).toHaveCount(5);

  // The relay is away: one moves a note and the other one writes in it.
  await worksOffline(second.page);
  await relay.stop();
  await page.getByRole('button', { name: 'Sticky note: Ferry' }).focus();
  await page.keyboard.press('Shift+ArrowUp');
  await second.page.getByRole('button', { name: 'Sticky note: Ferry' }).focus();
  await second.page.keyboard.press('Enter');
  await expect(second.page.getByRole('textbox', { name: 'Words' })).toBeFocused();
  await second.page.keyboard.type(' at noon');
  await second.page.keyboard.press('Escape');
  await second.page.getByRole('button', { name: 'Stroke, Ink' }).focus();
  await second.page.keyboard.press('Delete');
  await expect(objects(second.page)).toHaveCount(4);
  await second.page.reload();
  await expect(objects(second.page)).toHaveCount(4);
  await relay.start();
  for (const one of [page, second.page]) {
    await expect(one.getByRole('button', { name: 'Sticky note: Ferry at noon' })).toHaveCount(1, {
      timeout: 30_000,
    });
    await expect(objects(one)).toHaveCount(4, { timeout: 30_000 });
  }
  // One takes back what is one's own: the move, and not the words.
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  const drawn = (one: Page) => one.locator('.white-stage [data-kind=note] path').first().getAttribute('d');
  await expect.poll(async () => (await drawn(page)) === (await drawn(second.page))).toBe(true);
  await expect(objects(page)).toHaveCount(4);

  await page.getByRole('button', { name: 'More for this whiteboard' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export as PNG' }).click(),
  ]);
  expect((await readFile(await download.path())).subarray(1, 4).toString()).toBe('PNG');
  await second.context.close();
  await first.context.close();
});

test('Escape in the middle of a gesture takes it back: nothing is drawn, nothing moves, and the tool stays', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(`${relay.url}/home`);
  await page.getByRole('button', { name: 'New…' }).first().click();
  await page.getByRole('menuitem', { name: 'Whiteboard' }).click();
  await tool(page, 'Rectangle').click();
  await drag(page, [0.2, 0.2], [0.4, 0.4], 'Escape');
  await expect(tool(page, 'Rectangle')).toHaveAttribute('aria-pressed', 'true');
  await drag(page, [0.2, 0.2], [0.4, 0.4]);
  await expect(objects(page)).toHaveCount(1);
  const place = () => page.locator('.white-stage [data-object] path').first().getAttribute('d');
  const before = await place();
  // By its edge: it is hollow.
  await drag(page, [0.2, 0.3], [0.5, 0.5], 'Escape');
  expect(await place()).toBe(before);
  await drag(page, [0.2, 0.3], [0.5, 0.5]);
  expect(await place()).not.toBe(before);
});
