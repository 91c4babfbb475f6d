import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { claimBrowser, connectBoth, editor, go } from './people.ts';

/** The lines of the document on the page, without the carets of others. */
async function linesOf(page: Page): Promise<string[]> {
  return editor(page)
    .locator('p, h1')
    .evaluateAll((lines) =>
      lines.map((line) => {
        const copy = line.cloneNode(true);
        if (copy instanceof Element) for (const caret of copy.querySelectorAll('.caret')) caret.remove();
        return copy.textContent ?? '';
      }),
    );
}

async function newDocument(page: Page, first: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: 'New document' }).first().click();
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type(`# ${first}`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation').getByRole('link', { name: first })).toBeVisible();
}

/** Writes a line at the end. */
async function addLine(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** Writes on, at the end of a line. */
async function writeOn(page: Page, line: string, text: string): Promise<void> {
  await editor(page).getByText(line).click();
  await page.keyboard.press('End');
  await page.keyboard.type(text);
}

async function openShare(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Document menu' }).click();
  await page.getByRole('menuitem', { name: 'Share…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Whose document it is, and where one's words are. */
function room(page: Page): Locator {
  return page.getByRole('complementary', { name: /^A document of / });
}

test.describe('a document of somebody else', () => {
  test.setTimeout(240_000);

  test('shared, edited at once, offline on both sides, without its owner, and taken back', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await connectBoth(alice, 'me.localhost', other, 'bob.localhost');

    await newDocument(alice.page, 'Our boat');
    await addLine(alice.page, 'Alice began');
    const dialog = await openShare(alice.page);
    await dialog.getByLabel('With whom?').fill('bob');
    await alice.page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(dialog.getByRole('listitem').filter({ hasText: 'bob' })).toContainText('Delivered', {
      timeout: 30_000,
    });
    await alice.page.keyboard.press('Escape');

    await go(other.page, 'Notices');
    await other.page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(editor(other.page)).toContainText('Alice began', { timeout: 30_000 });
    await expect(room(other.page)).toContainText('You can edit it.');

    // Both at once.
    await Promise.all([
      addLine(other.page, 'Bob was here'),
      writeOn(alice.page, 'Alice began', ', Alice went on'),
    ]);
    for (const { page } of [alice, other]) {
      await expect(editor(page)).toContainText('Bob was here', { timeout: 30_000 });
      await expect(editor(page)).toContainText(', Alice went on', { timeout: 30_000 });
    }
    await expect(room(other.page)).toContainText('Everything here is saved with me too.');
    // Whose caret it is.
    await editor(other.page).click();
    await other.page.keyboard.press('ControlOrMeta+End');
    await other.page.keyboard.type('!');
    await expect(alice.page.locator('.caret-name')).toHaveText('bob');

    // Alice's relay is gone: both go on, and the document opens at Bob's.
    await relay.kill();
    await expect(room(other.page)).toContainText('is away', { timeout: 60_000 });
    await addLine(other.page, 'Bob offline');
    await writeOn(alice.page, 'Alice began', ', Alice offline');
    await expect(room(other.page)).toContainText('goes there when it is back');
    await other.page.reload();
    await expect(editor(other.page)).toContainText('Bob offline');
    await expect(room(other.page)).toContainText('goes there when it is back', { timeout: 30_000 });
    await relay.start();
    for (const { page } of [alice, other])
      for (const words of ['Bob offline', 'Alice offline'])
        await expect(editor(page)).toContainText(words, { timeout: 90_000 });
    expect(await linesOf(other.page)).toEqual(await linesOf(alice.page));

    // Taken back: what he has stays, and is only read.
    const again = await openShare(alice.page);
    await again.getByRole('button', { name: 'Take back from bob' }).click();
    await expect(again.getByText('Nobody else has it yet.')).toBeVisible({ timeout: 30_000 });
    await alice.page.keyboard.press('Escape');
    await expect(room(other.page)).toContainText('It is not shared with you any more', { timeout: 30_000 });
    await addLine(alice.page, 'Only for Alice');
    await other.page.reload();
    await expect(editor(other.page)).toContainText('Alice offline');
    await expect(room(other.page)).toContainText('What you have stays here');
    await expect(editor(other.page)).toHaveAttribute('contenteditable', 'false');
    await expect(editor(other.page)).not.toContainText('Only for Alice');

    await alice.context.close();
    await other.context.close();
  });

  test('the other one says whose it is in the lists, and takes it off theirs', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await connectBoth(alice, 'me.localhost', other, 'bob.localhost');
    await newDocument(alice.page, 'To read only');
    await addLine(alice.page, 'Read me');
    const dialog = await openShare(alice.page);
    await dialog.getByLabel('With whom?').fill('bob.localhost');
    await alice.page.keyboard.press('Enter');
    await dialog.getByLabel('What bob may do').selectOption('Can read');
    await dialog.getByRole('button', { name: 'Share', exact: true }).click();

    await go(other.page, 'Notices');
    await other.page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(editor(other.page)).toContainText('Read me', { timeout: 30_000 });
    await expect(room(other.page)).toContainText('You can read it.');
    await expect(editor(other.page)).toHaveAttribute('contenteditable', 'false');

    // Nor is anything entered that was typed before it said so.
    const held = Promise.withResolvers<undefined>();
    await other.page.route(
      '**/assets/text-chunk*.js',
      async (route) => (await held.promise, route.continue()),
    );
    await other.page.reload({ waitUntil: 'domcontentloaded' });
    await other.page.locator('#first-words').pressSequentially('Typed early');
    held.resolve(undefined);
    await expect(editor(other.page)).toContainText('Read me');
    await expect(other.page.locator('#first-words')).toHaveCount(0);
    await expect(editor(other.page)).not.toContainText('Typed early');

    // Another right reaches a page that is open.
    await dialog.getByLabel('What bob may do').selectOption('Can edit');
    await expect(room(other.page)).toContainText('You can edit it.', { timeout: 30_000 });
    await alice.page.keyboard.press('Escape');
    await addLine(other.page, 'Thank you');
    await expect(editor(alice.page)).toContainText('Thank you', { timeout: 30_000 });

    await go(other.page, 'Home');
    await expect(other.page.getByRole('main').getByRole('link', { name: /To read only/ })).toContainText(
      'by me.localhost',
    );
    await go(other.page, 'Files');
    await expect(other.page.getByRole('row', { name: 'To read only' })).toContainText('by me.localhost');
    await other.page.getByRole('row', { name: 'To read only' }).dblclick();
    await other.page.getByRole('button', { name: 'Document menu' }).click();
    await expect(other.page.getByRole('menuitem', { name: 'Share…' })).toHaveCount(0);
    await other.page.getByRole('menuitem', { name: 'Remove from my documents' }).click();
    await expect(other.page.getByRole('main').getByRole('link', { name: /To read only/ })).toHaveCount(0);
    await other.page.getByRole('button', { name: 'Undo' }).click();
    await expect(editor(other.page)).toContainText('Thank you');
    await alice.context.close();
    await other.context.close();
  });
});

/** A document whose Share… was chosen, and the code of the dialog is still on its way until `release`. */
async function chooseShare(page: Page, url: string): Promise<{ release: () => void }> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const chunk = /\/assets\/share-dialog-.*\.js$/;
  await page.route(chunk, (route) => released.then(() => route.continue()));
  await page.goto(url);
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('# Boat');
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Boat' })).toBeVisible();
  const asked = page.waitForRequest(chunk);
  await page.getByRole('button', { name: 'Document menu' }).click();
  await page.getByRole('menuitem', { name: 'Share…' }).click();
  await asked;
  return { release };
}

test('Share opens though the document is saved while the dialog is fetched', async ({ page, unclaimed }) => {
  const { release } = await chooseShare(page, unclaimed.url);
  // The list of documents changes, and with it everything that is shown of this one.
  await editor(page).click();
  await page.keyboard.press('End');
  await page.keyboard.type(' and harbour');
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Boat and harbour' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  release();
  await expect(page.getByRole('dialog', { name: 'Share “Boat and harbour”' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/share/);
});

test('one goes elsewhere while the Share dialog is fetched, and finds it on coming back', async ({
  page,
  unclaimed,
}) => {
  const { release } = await chooseShare(page, unclaimed.url);
  await go(page, 'Home');
  await page.goBack();
  await expect(editor(page)).toContainText('Boat');
  release();
  await expect(page.getByRole('dialog', { name: 'Share “Boat”' })).toBeVisible();
});
