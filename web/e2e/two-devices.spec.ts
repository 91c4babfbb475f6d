import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, editor, linkBrowser, worksOffline } from './people.ts';

/** Bytes of rows that this page pushes over `/ws/sync`, as the browser counts its frames. */
async function countPushed(page: Page): Promise<() => { bytes: number; text: string }> {
  let bytes = 0;
  let text = '';
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      if (typeof payload === 'string' || payload[0] !== 1) return; // 1 is `push`
      bytes += payload.length;
      text += payload.toString('latin1');
    });
  });
  return () => ({ bytes, text });
}

test.describe('point 5: a second browser', () => {
  test('it shows all documents, edits travel both ways live, with named carets', async ({
    browser,
    relay,
  }) => {
    const first = await claimBrowser(browser, relay);
    await first.page.goto(relay.url);
    await editor(first.page).pressSequentially('# Shared page\nfrom the first device');
    await expect(chip(first.page)).toHaveText('On the relay');
    const address = first.page.url();

    const second = await linkBrowser(browser, relay, first, 'Second laptop');
    await second.page.goto(`${relay.url}/home`);
    await expect(second.page.getByRole('main').getByText('Shared page')).toBeVisible();

    await first.page.goto(address);
    await second.page.goto(address);
    await expect(editor(second.page)).toContainText('from the first device');
    await editor(second.page).press('Control+End');
    await editor(second.page).pressSequentially(' and from the second');
    await expect(editor(first.page)).toContainText('from the first device and from the second');
    await expect(first.page.locator('.caret-name')).toHaveText('Second laptop');
    await editor(first.page).press('Control+End');
    await editor(first.page).pressSequentially(', live');
    await expect(editor(second.page)).toContainText('and from the second, live');
    await first.context.close();
    await second.context.close();
  });

  test('both edit one paragraph with the relay stopped: one merged text, and nothing is uploaded twice @offline', async ({
    browser,
    relay,
  }) => {
    const first = await claimBrowser(browser, relay);
    await first.page.goto(relay.url);
    // Title and excerpt go into the index; the paragraph stands below both.
    await editor(first.page).pressSequentially(
      `# Merged\n${'filler '.repeat(60)}\nMIDDLE of a paragraph that the relay has`,
    );
    await expect(chip(first.page)).toHaveText('On the relay');
    const address = first.page.url();
    const second = await linkBrowser(browser, relay, first, 'Second laptop');
    await first.page.goto(address);
    await second.page.goto(address);
    await expect(editor(second.page)).toContainText('MIDDLE');
    await expect(chip(second.page)).toHaveText('On the relay');

    await worksOffline(first.page);
    await relay.stop();
    await editor(first.page).press('Control+End');
    await editor(first.page).press('Home');
    await editor(first.page).pressSequentially('FIRST ');
    await editor(second.page).press('Control+End');
    await editor(second.page).pressSequentially(' SECOND');
    await expect(chip(first.page)).toHaveText('On this device');
    await expect(chip(second.page)).toHaveText('On this device');
    // Away for longer than a tab lives: what is unsent must be found again in storage.
    await first.page.reload();
    await expect(editor(first.page)).toContainText('FIRST MIDDLE');

    const pushed = [await countPushed(first.page), await countPushed(second.page)];
    await relay.start();
    const merged = 'FIRST MIDDLE of a paragraph that the relay has SECOND';
    await expect(editor(first.page)).toContainText(merged, { timeout: 40_000 });
    await expect(editor(second.page)).toContainText(merged, { timeout: 40_000 });
    await expect(chip(first.page)).toHaveText('On the relay', { timeout: 40_000 });
    await expect(chip(second.page)).toHaveText('On the relay', { timeout: 40_000 });
    const [byFirst, bySecond] = pushed.map((count) => count());
    expect(byFirst?.text).toContain('FIRST');
    expect(bySecond?.text).toContain('SECOND');
    for (const sent of [byFirst, bySecond]) {
      expect(sent?.text).not.toContain('paragraph that');
      expect(sent?.bytes).toBeLessThan(4_000);
    }
    await first.context.close();
    await second.context.close();
  });

  test('a document written before linking joins the others; nothing is replaced', async ({
    browser,
    relay,
  }) => {
    const first = await claimBrowser(browser, relay);
    await first.page.goto(relay.url);
    await editor(first.page).pressSequentially('# Of the first');
    await expect(chip(first.page)).toHaveText('On the relay');
    const context = await browser.newContext({ locale: 'en' });
    const own = await context.newPage();
    await own.goto(relay.url);
    await editor(own).pressSequentially('# Of the second');
    await expect(chip(own)).toHaveText('On this device');
    const address = own.url();
    await first.page.goto(`${relay.url}/settings`);
    await first.page.getByRole('button', { name: 'Link another device' }).click();
    await own.goto(`${relay.url}/enrol#${await first.page.getByTestId('code').innerText()}`);
    await own.getByLabel('Name of this device').fill('Phone');
    await own.getByRole('button', { name: 'Link this device' }).click();
    await first.page.getByRole('button', { name: 'Same words – let it in' }).click();
    await expect(own.getByText('This device is linked to me.localhost.')).toBeVisible();
    for (const page of [own, first.page]) {
      await page.goto(`${relay.url}/home`);
      await expect(page.getByRole('main').getByText('Of the first')).toBeVisible();
      await expect(page.getByRole('main').getByText('Of the second')).toBeVisible();
    }
    await first.page.goto(address);
    await expect(editor(first.page)).toContainText('Of the second');
    await first.context.close();
    await context.close();
  });

  test('the link may be made in a tab that does not hold the socket', async ({ browser, relay }) => {
    const first = await claimBrowser(browser, relay);
    await first.page.goto(relay.url);
    const page = await first.context.newPage();
    const second = await linkBrowser(browser, relay, { ...first, page }, 'Tablet');
    await expect(page.getByText('“Tablet” is linked.')).toBeVisible();
    await first.context.close();
    await second.context.close();
  });

  test('a removed device is out at once, is told so in words, and keeps what it wrote', async ({
    browser,
    relay,
  }) => {
    const first = await claimBrowser(browser, relay);
    const second = await linkBrowser(browser, relay, first, 'Old phone');
    await second.page.goto(relay.url);
    await editor(second.page).pressSequentially('Written on the phone');
    await expect(chip(second.page)).toHaveText('On the relay');
    await first.page.getByRole('button', { name: 'Remove – Old phone' }).click();
    await first.page.getByRole('button', { name: 'Remove for good? – Old phone' }).click();
    await expect(first.page.getByText('Old phone', { exact: true })).toHaveCount(0);
    await expect(chip(second.page)).toHaveText('Needs attention', { timeout: 20_000 });
    await chip(second.page).click();
    await expect(second.page.getByText('This device was removed.')).toBeVisible();
    await editor(second.page).pressSequentially(' and after that');
    await second.page.reload();
    await expect(editor(second.page)).toContainText('Written on the phone and after that');
    await first.context.close();
    await second.context.close();
  });
});
