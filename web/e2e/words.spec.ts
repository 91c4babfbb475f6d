import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { chip, editor, worksOffline } from './people.ts';

/** Waits until the words are really in this device's storage. */
async function saved(page: Page): Promise<void> {
  await expect(chip(page)).toHaveText('On this device');
}

test('point 1: the address opens as a document with a caret, no dialog, no account', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await expect(editor(page)).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.type('The first words.');
  await expect(editor(page)).toHaveText('The first words.');
  await saved(page);
});

test('point 1: keys typed while the page is still loading are kept', async ({ page, unclaimed: relay }) => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/assets/*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(relay.url, { waitUntil: 'commit' });
  await expect(page.locator('#first-words')).toBeFocused();
  const hint = page.locator('#first-hint > :lang(en)');
  await expect(hint).toContainText('What you write is kept on this device');
  await expect(hint).toBeVisible();
  await expect(page.locator('#first-hint > :lang(de)')).toBeHidden();
  await page.keyboard.type('# typed early');
  await expect(hint).toBeHidden();
  await page.keyboard.press('Enter');
  await page.keyboard.type('second line');
  release();
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type(', and on');
  await expect(page.locator('.text-editor h1')).toHaveText('typed early');
  await expect(page.locator('.text-editor p')).toHaveText('second line, and on');
});

test('point 1: a reload before the editor is there keeps what was typed', async ({
  page,
  unclaimed: relay,
}) => {
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.goto(relay.url, { waitUntil: 'domcontentloaded' });
  await expect(page.locator('#first-words')).toBeFocused();
  await page.keyboard.type('never lost');
  await page.unroute('**/assets/*.js');
  await page.reload();
  await expect(page.locator('.text-editor')).toHaveText('never lost');
});

test('point 1: Markdown shortcuts, formatting and undo', async ({ page, unclaimed: relay }) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('# Tides');
  await page.keyboard.press('Enter');
  await page.keyboard.type('**bold** and *italic* and `code` words');
  await page.keyboard.press('Enter');
  await page.keyboard.type('- one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.type('> quoted');
  const text = editor(page);
  await expect(text.locator('h1')).toHaveText('Tides');
  await expect(text.locator('strong')).toHaveText('bold');
  await expect(text.locator('em')).toHaveText('italic');
  await expect(text.locator('code')).toHaveText('code');
  await expect(text.locator('ul li')).toHaveText(['one', 'two']);
  await expect(text.locator('blockquote')).toHaveText('quoted');
  await expect(page).toHaveTitle('Tides · Islet');

  await page.getByRole('button', { name: 'Heading 2' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(text.locator('h2')).toHaveCount(0);
});

test('point 1: what was undone back to nothing can be redone', async ({ page, unclaimed: relay }) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  for (const typed of ['abc', '# Tides']) {
    await page.getByRole('button', { name: 'New document' }).first().click();
    await expect(editor(page)).toHaveText('');
    await expect(editor(page)).toBeFocused();
    await page.keyboard.type(typed);
    await page.keyboard.press('Control+z');
    while (await page.getByRole('button', { name: 'Undo' }).isEnabled()) {
      await page.keyboard.press('Control+z');
    }
    await expect(editor(page)).toHaveText('');
    await saved(page);
    await expect(page.getByRole('button', { name: 'Redo' })).toBeEnabled();
    while (await page.getByRole('button', { name: 'Redo' }).isEnabled()) {
      await page.keyboard.press('Control+y');
    }
    await expect(editor(page)).toHaveText(typed.replace('# ', ''));
    await expect(editor(page).locator('> *')).toHaveCount(1);
    await page.keyboard.press('Control+End');
    await page.keyboard.type('!');
    await expect(editor(page)).toHaveText(`${typed.replace('# ', '')}!`);
  }
});

test('point 1: a picture is kept beside the document and shown', async ({ page, unclaimed: relay }) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  const bytes = await page.screenshot({ clip: { x: 0, y: 0, width: 20, height: 20 } });
  await page
    .getByTestId('image-file')
    .setInputFiles({ name: 'wall.png', mimeType: 'image/png', buffer: bytes });
  await expect(editor(page).getByRole('img', { name: 'wall' })).toHaveJSProperty('naturalWidth', 20);
  await saved(page);
  await page.reload();
  await expect(editor(page).getByRole('img', { name: 'wall' })).toHaveJSProperty('naturalWidth', 20);
});

test('point 2: with the relay stopped the app starts again and the text is there @offline', async ({
  context,
  relay,
}) => {
  const first = await context.newPage();
  await first.goto(relay.url);
  await expect(first.locator('.text-editor')).toBeFocused();
  await first.keyboard.type('Written before the storm.');
  await saved(first);
  await worksOffline(first);
  await first.close();
  await relay.stop();

  const page = await context.newPage();
  await page.goto(relay.url);
  await expect(editor(page)).toHaveText('Written before the storm.');

  await page.getByRole('button', { name: 'New document' }).first().click();
  await expect(editor(page)).toHaveText('');
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('A second one, offline.');
  await saved(page);
  const list = page.getByRole('navigation', { name: 'Documents' });
  await expect(list.getByRole('link')).toHaveText(['A second one, offline.', 'Written before the storm.']);

  await list.getByRole('link', { name: 'Written before the storm.' }).click();
  await expect(editor(page)).toHaveText('Written before the storm.');
  await page.goto(`${relay.url}/home`);
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await expect(page.locator('main').getByRole('link', { name: /A second one/ })).toBeVisible();
});

test('point 2: typing and reloading in the same instant loses nothing', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  let all = '';
  for (let round = 0; round < 8; round++) {
    const words = `round ${round}, `;
    all += words;
    await page.keyboard.press('Control+End');
    await page.keyboard.type(words);
    await page.reload();
    await expect(editor(page)).toHaveText(all.trim());
  }
});

test('point 2: two tabs write one document', async ({ context, unclaimed: relay }) => {
  const [one, two] = [await context.newPage(), await context.newPage()];
  await one.goto(relay.url);
  await expect(one.locator('.text-editor')).toBeVisible();
  await editor(one).click();
  await one.keyboard.type('from one');
  await saved(one);
  await two.goto(one.url());
  await expect(editor(two)).toContainText('from one');
  await editor(two).click();
  await two.keyboard.press('Control+End');
  await two.keyboard.type(', from two');
  await expect(editor(one)).toContainText('from one, from two');
  await saved(two);
});

test('the trash keeps a document until it is taken out again', async ({ page, unclaimed: relay }) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('Keep me');
  await saved(page);
  await page.getByRole('button', { name: 'Document menu' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(editor(page)).toHaveText('Keep me');
});

test('the card after twenty words says why a phone cannot be linked on localhost', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await expect(page.locator('.text-editor')).toBeFocused();
  await page.keyboard.type('word '.repeat(19));
  await expect(editor(page)).toContainText('word');
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await page.keyboard.type('and three more');
  await page.getByRole('button', { name: 'Link a phone' }).click();
  await expect(page.getByText(/cannot open an address on “localhost”/)).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.reload();
  await expect(editor(page)).toContainText('and three more');
  await expect(page.getByRole('complementary')).toHaveCount(0);
});
