import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { picture } from './made-files.ts';
import { claimBrowser, connectBoth, editor, go } from './people.ts';

/** Pictures of the document whose bytes are shown, by their width. */
async function widths(page: Page): Promise<number[]> {
  const found = await editor(page)
    .locator('img')
    .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
  return found.filter((width) => width > 0).sort((a, b) => a - b);
}

async function sees(page: Page, ...expected: number[]): Promise<void> {
  await expect.poll(() => widths(page), { timeout: 60_000 }).toEqual(expected);
}

async function insertPicture(page: Page, side: number): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.getByTestId('image-file').setInputFiles(picture(`${side}.png`, side, [200, side, 30]));
}

/** Whose document it is, and where one's words are. */
function room(page: Page): Locator {
  return page.getByRole('complementary', { name: /^A document of / });
}

test('pictures of a shared document are seen at both ends, and stay without its owner @offline', async ({
  browser,
  relay,
  bob,
}) => {
  test.setTimeout(240_000);
  const alice = await claimBrowser(browser, relay);
  const other = await claimBrowser(browser, bob);
  await connectBoth(alice, 'me.localhost', other, 'bob.localhost');

  await alice.page.getByRole('navigation').getByRole('button', { name: 'New document' }).first().click();
  await expect(editor(alice.page)).toBeFocused();
  await alice.page.keyboard.type('# Our boat');
  await alice.page.keyboard.press('Enter');
  await insertPicture(alice.page, 20);
  await sees(alice.page, 20);
  await alice.page.getByRole('button', { name: 'Document menu' }).click();
  await alice.page.getByRole('menuitem', { name: 'Share…' }).click();
  const dialog = alice.page.getByRole('dialog');
  await dialog.getByLabel('With whom?').fill('bob.localhost');
  await alice.page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'bob' })).toContainText('Delivered', {
    timeout: 30_000,
  });
  await alice.page.keyboard.press('Escape');

  // What was there before, what the owner adds now, and what the guest adds.
  await go(other.page, 'Notices');
  await other.page.getByRole('button', { name: 'Open', exact: true }).click();
  await sees(other.page, 20);
  await insertPicture(alice.page, 30);
  await sees(other.page, 20, 30);
  await insertPicture(other.page, 40);
  await sees(other.page, 20, 30, 40);
  await sees(alice.page, 20, 30, 40);
  await expect(room(other.page)).toContainText(/Everything here is saved with me(\.localhost)? too\./, {
    timeout: 30_000,
  });

  // Her relay is gone: they are here, and at Bob's. What he adds meanwhile waits.
  await relay.kill();
  await other.page.reload();
  await sees(other.page, 20, 30, 40);
  await expect(room(other.page)).toContainText('is away', { timeout: 60_000 });
  await insertPicture(other.page, 50);
  await sees(other.page, 20, 30, 40, 50);
  await expect(room(other.page)).toContainText('goes there when it is back');
  await relay.start();
  await sees(alice.page, 20, 30, 40, 50);
  await expect(room(other.page)).toContainText(/Everything here is saved with me(\.localhost)? too\./, {
    timeout: 90_000,
  });
  await alice.context.close();
  await other.context.close();
});
