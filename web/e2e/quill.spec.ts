import { readFile } from 'node:fs/promises';
import { expectNoViolations } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { picture } from './made-files.ts';
import { chip, claim, editor, linkBrowser } from './people.ts';
import {
  asRead,
  type Delta,
  documentUpdate,
  id,
  indexUpdate,
  keep,
  storedDelta,
  words,
  written,
} from './rich-text.ts';

const opWith = (delta: Delta, text: string) =>
  delta.find(({ insert }) => typeof insert === 'string' && insert.includes(text));

test.describe('a rich-text document of a stock node', () => {
  test('it is shown as it was written, and nothing in it is live that must not be', async ({
    page,
    unclaimed: relay,
  }) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await keep(page, relay.url, { index: indexUpdate('quill'), [id]: documentUpdate(written) });
    await page.goto(`${relay.url}/d/${id}`);
    await expect(editor(page).getByRole('heading', { name: 'Harbour days' })).toBeVisible();
    await expect(editor(page).locator('strong')).toHaveText('bold');
    const red = editor(page).getByText('red', { exact: true });
    await expect(red).toHaveCSS('font-size', '21.3333px');
    await expect(editor(page).locator('li')).toHaveText(['First', 'Done']);
    await expect(editor(page).getByText('Kept as it is: mention')).toBeVisible();
    await expect(editor(page).getByText('This image is not on this device.')).toBeVisible();
    await expect(editor(page).getByText('trap')).toBeVisible();
    await expect(editor(page).locator('a[href]')).toHaveCount(0);
    await expect(page).toHaveTitle(/Harbour/);
    await expectNoViolations(page, 'rich text');
    expect(await storedDelta(page)).toEqual(asRead(written));
    expect(complaints).toEqual([]);
  });

  test('two browsers edit it at once, and what neither of them knows survives', async ({
    browser,
    page,
    context,
    relay,
  }) => {
    await keep(page, relay.url, { index: indexUpdate('quill'), [id]: documentUpdate(written) });
    await claim(page, relay);
    await page.goto(`${relay.url}/d/${id}`);
    await expect(editor(page)).toContainText('The end.');
    await editor(page).press('Control+End');
    await editor(page).pressSequentially('From the first');
    await expect(chip(page)).toHaveText('On the relay');

    const second = await linkBrowser(browser, relay, { context, page }, 'Second laptop');
    await second.page.goto(`${relay.url}/home`);
    await expect(second.page.getByRole('main').getByText('Harbour', { exact: true })).toBeVisible();
    await second.page.goto(`${relay.url}/d/${id}`);
    await page.goto(`${relay.url}/d/${id}`);
    await expect(editor(second.page)).toContainText('From the first');

    await editor(second.page).press('Control+End');
    await second.page.getByRole('toolbar').getByRole('button', { name: 'Bold' }).click();
    await editor(second.page).pressSequentially(' and loudly from the second');
    await expect(editor(page)).toContainText('From the first and loudly from the second');
    await expect(page.locator('.ql-cursor-name')).toHaveText('Second laptop');
    await editor(page).press('Control+Home');
    await editor(page).pressSequentially('Three ');
    await expect(editor(second.page)).toContainText('Three Harbour days');
    for (const one of [page, second.page]) await expect(chip(one)).toHaveText('On the relay');

    const [here, there] = [await storedDelta(page), await storedDelta(second.page)];
    expect(there).toEqual(here);
    expect(words(here)).toBe(`Three ${words(written).trimEnd()}From the first and loudly from the second\n`);
    expect(opWith(here, 'loudly')?.attributes).toEqual({ bold: true });
    for (const op of written.filter(({ attributes, insert }) => attributes || typeof insert === 'object'))
      expect(here).toContainEqual(op);
    await second.context.close();
  });

  test('formats from the toolbar and from the keyboard, taken back one by one', async ({
    page,
    unclaimed: relay,
  }) => {
    await keep(page, relay.url, { index: indexUpdate('quill'), [id]: documentUpdate(written) });
    await page.goto(`${relay.url}/d/${id}`);
    const toolbar = page.getByRole('toolbar');
    await editor(page).getByText('The end.').click();
    await editor(page).press('End');
    await editor(page).press('Enter');
    await editor(page).pressSequentially('A quotation');
    await editor(page).press('Alt+F10');
    await expect(toolbar.locator(':focus')).toHaveCount(1);
    await toolbar.getByRole('button', { name: 'Quote' }).click();
    await expect(editor(page).locator('blockquote')).toHaveText('A quotation');
    await expect(toolbar.getByRole('button', { name: 'Quote' })).toHaveAttribute('aria-pressed', 'true');
    await editor(page).press('Control+z');
    await expect(editor(page).locator('blockquote')).toHaveCount(0);
    await editor(page).press('Control+Shift+z');
    await expect(editor(page).locator('blockquote')).toHaveText('A quotation');
    await editor(page).press('Escape');
    await expect(editor(page)).not.toBeFocused();
    await expect
      .poll(async () => (await storedDelta(page)).at(-2))
      .toEqual({ insert: 'The end.\nA quotation' });
    expect((await storedDelta(page)).at(-1)).toEqual({ insert: '\n', attributes: { blockquote: true } });
  });

  test('a link is set, a picture travels inside the text, and both are written out as Markdown', async ({
    page,
    unclaimed: relay,
  }) => {
    const short: Delta = [
      { insert: 'Ferries' },
      { insert: '\n', attributes: { header: 1 } },
      { insert: 'Go\n' },
    ];
    await keep(page, relay.url, { index: indexUpdate('quill'), [id]: documentUpdate(short) });
    await page.goto(`${relay.url}/d/${id}`);
    await expect(editor(page)).toContainText('Go');
    await expect(async () => {
      await editor(page).press('Control+End');
      await editor(page).press('Shift+Home');
      expect(await page.evaluate(() => getSelection()?.toString())).toBe('Go');
    }).toPass();
    const link = page.getByRole('toolbar').getByRole('button', { name: 'Link' });
    await link.click();
    await page.getByLabel('Address of the link').fill('https://ferries.example/');
    await page.getByRole('button', { name: 'Set link' }).click();
    await expect(editor(page).getByRole('link', { name: 'Go' })).toHaveAttribute(
      'href',
      'https://ferries.example/',
    );
    await editor(page).press('Control+End');
    await page.getByTestId('image-file').setInputFiles(picture('red.png', 16, [200, 30, 30]));
    await expect(editor(page).locator('img')).toBeVisible();
    await expect
      .poll(async () => JSON.stringify(await storedDelta(page)))
      .toMatch(/\{"image":"data:image\/\w+;base64,/);
    await page.getByRole('button', { name: 'Document menu' }).click();
    await page.getByRole('menuitem', { name: 'Export…' }).click();
    await page.getByRole('radio', { name: /^Markdown/ }).check();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    const markdown = await readFile(await download.path(), 'utf8');
    expect(markdown).toMatch(/^# Ferries\n\n/);
    expect(markdown).toContain('[Go](<https://ferries.example/>)');
    expect(markdown).toMatch(/!\[\]\(<data:image\/\w+;base64,[\w+/=]+>\)/);
  });

  test('deleting what holds unknown formats, and undoing it, brings all of them back', async ({
    page,
    unclaimed: relay,
  }) => {
    await keep(page, relay.url, { index: indexUpdate('quill'), [id]: documentUpdate(written) });
    await page.goto(`${relay.url}/d/${id}`);
    await expect(editor(page)).toContainText('The end.');
    await editor(page).press('Control+a');
    await editor(page).press('Delete');
    await expect(editor(page)).not.toContainText('Harbour');
    await editor(page).press('Control+z');
    await expect(editor(page)).toContainText('Harbour days');
    await expect.poll(() => storedDelta(page)).toEqual(asRead(written));
  });
});

test('a document of a kind that nobody here knows says what it is, and stays', async ({
  page,
  unclaimed: relay,
}) => {
  await keep(page, relay.url, { index: indexUpdate('other'), [id]: documentUpdate(written) });
  await page.goto(`${relay.url}/d/${id}`);
  await expect(
    page.getByRole('heading', { name: 'This kind of document cannot be shown here' }),
  ).toBeVisible();
  expect(await storedDelta(page)).toEqual(asRead(written));
});
