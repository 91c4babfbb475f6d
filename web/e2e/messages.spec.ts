import type { Locator, Page } from '@playwright/test';
import { expect, startRelay, test } from './fixtures.ts';
import { claimBrowser, connectBoth, go, worksOffline } from './people.ts';

/** A message on the page. */
function message(page: Page, text: string): Locator {
  return page.getByRole('log').getByRole('article').filter({ hasText: text });
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel('Write a message').fill(text);
  await page.keyboard.press('Enter');
  await expect(message(page, text)).toBeVisible();
}

/** Opens the messages with somebody by choosing them. */
async function writeTo(page: Page, name: string): Promise<void> {
  await go(page, 'Messages');
  await page.getByRole('button', { name: 'New message' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('To whom?').fill(name);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByLabel('Write a message')).toBeVisible();
}

/** The line of a chat in the list. */
function chat(page: Page, name: string): Locator {
  return page.getByRole('region', { name: 'Conversations' }).getByRole('link').filter({ hasText: name });
}

test.describe('messages', () => {
  test.setTimeout(180_000);

  test('both ways, written while the relay is stopped, deleted and taken back @offline', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await connectBoth(alice, 'me.localhost', other, 'bob.localhost');

    await writeTo(alice.page, 'bob');
    await write(alice.page, 'Hello Bob, see https://islet.example/a.');
    await expect(message(alice.page, 'Hello Bob')).toContainText('Delivered');
    await expect(
      message(alice.page, 'Hello Bob').getByRole('link', { name: 'https://islet.example/a', exact: true }),
    ).toHaveAttribute('rel', /noopener/);

    await expect(
      other.page
        .getByRole('navigation')
        .getByRole('link', { name: /^Messages 1$/ })
        .first(),
    ).toBeVisible();
    await go(other.page, 'Messages');
    await chat(other.page, 'Hello Bob').click();
    await expect(message(other.page, 'Hello Bob')).toBeVisible();
    // It was seen: the number goes.
    await expect(
      other.page.getByRole('navigation').getByRole('link', { name: 'Messages', exact: true }).first(),
    ).toBeVisible();
    await message(other.page, 'Hello Bob').hover();
    await message(other.page, 'Hello Bob').getByRole('button', { name: 'More about this message' }).click();
    await other.page.getByRole('menuitem', { name: 'Who really said this?' }).click();
    await expect(
      other.page.getByText('the signature, the delegation and the device log agree'),
    ).toBeVisible();
    await other.page.keyboard.press('Escape');

    await worksOffline(other.page);
    await bob.stop();
    await write(other.page, 'Written offline');
    await expect(message(other.page, 'Written offline')).toContainText('Waiting to be sent');
    await other.page.reload();
    await expect(message(other.page, 'Written offline')).toContainText('Waiting to be sent');
    await bob.start();
    await expect(message(alice.page, 'Written offline')).toBeVisible({ timeout: 60_000 });
    await expect(message(other.page, 'Written offline')).toContainText('Delivered', { timeout: 60_000 });

    const remove = async () => {
      await message(other.page, 'Written offline').hover();
      await message(other.page, 'Written offline')
        .getByRole('button', { name: 'More about this message' })
        .click();
      await other.page.getByRole('menuitem', { name: 'Delete' }).click();
      await expect(message(other.page, 'Written offline')).toHaveCount(0);
    };
    await remove();
    await other.page.getByRole('button', { name: 'Undo' }).click();
    await expect(message(other.page, 'Written offline')).toHaveCount(1);
    await remove();
    await expect(message(alice.page, 'Written offline')).toHaveCount(0, { timeout: 60_000 });
    await alice.context.close();
    await other.context.close();
  });

  test('a conversation of three: invited, joined, heard by all, left and closed', async ({
    browser,
    relay,
    bob,
    relayFolder,
  }) => {
    const carolsRelay = await startRelay('carol.localhost', relayFolder);
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    const carol = await claimBrowser(browser, carolsRelay);
    await connectBoth(alice, 'me.localhost', other, 'bob.localhost');
    await connectBoth(alice, 'me.localhost', carol, 'carol.localhost');

    await go(alice.page, 'Messages');
    await alice.page.getByRole('button', { name: 'New message' }).first().click();
    const dialog = alice.page.getByRole('dialog');
    for (const name of ['bob', 'carol']) {
      await dialog.getByLabel('To whom?').fill(name);
      await alice.page.keyboard.press('Enter');
    }
    await dialog.getByLabel('Name of the conversation').fill('Boats');
    await expect(dialog.getByRole('switch', { name: /Pass on what members write/ })).toBeChecked();
    await dialog.getByRole('button', { name: 'Start' }).click();
    await expect(alice.page.getByRole('heading', { name: 'Boats' })).toBeVisible();

    for (const { page } of [other, carol]) {
      await go(page, 'Messages');
      await chat(page, 'Boats').click();
      await expect(page.getByText('invites you to “Boats”')).toBeVisible();
      await page.getByRole('button', { name: 'Join' }).click();
      await expect(page.getByLabel('Write a message')).toBeVisible();
    }
    await expect(alice.page.getByText('3 people')).toBeVisible({ timeout: 30_000 });

    await write(alice.page, 'Who rows?');
    for (const { page } of [other, carol])
      await expect(message(page, 'Who rows?')).toBeVisible({ timeout: 30_000 });
    await message(other.page, 'Who rows?').hover();
    await message(other.page, 'Who rows?').getByRole('button', { name: 'More about this message' }).click();
    await other.page.getByRole('menuitem', { name: 'Answer' }).click();
    await write(other.page, 'I row');
    // Bob's words reach Carol, whom he does not know, by Alice's relay.
    for (const { page } of [alice, carol]) {
      await expect(message(page, 'I row')).toBeVisible({ timeout: 30_000 });
      await expect(message(page, 'I row')).toContainText('Who rows?');
    }
    await write(carol.page, 'I watch');
    for (const { page } of [alice, other])
      await expect(message(page, 'I watch')).toBeVisible({ timeout: 30_000 });

    await carol.page.getByRole('button', { name: 'About this conversation' }).click();
    await carol.page.getByRole('button', { name: 'Leave the conversation' }).click();
    await expect(alice.page.getByText('2 people')).toBeVisible({ timeout: 30_000 });

    await alice.page.getByRole('button', { name: 'About this conversation' }).click();
    await alice.page.getByRole('button', { name: 'Close the conversation for everyone' }).click();
    await expect(other.page.getByText('This conversation was closed.')).toBeVisible({ timeout: 30_000 });
    await expect(message(other.page, 'I row')).toBeVisible();

    for (const { context } of [alice, other, carol]) await context.close();
    await carolsRelay.stop();
  });
});
