import { expect, test } from './fixtures.ts';
import { chip, claim, editor, openBrowser } from './people.ts';

test.describe('point 4: claim', () => {
  test('the setup link enrols this browser; documents keep their identifiers; the chip moves to the relay', async ({
    browser,
    relay,
  }) => {
    const { page, context } = await openBrowser(browser, relay);
    await editor(page).pressSequentially('# Before the name\nWritten without an account.');
    await expect(chip(page)).toHaveText('On this device');
    const address = page.url();
    // Opening the link alone makes nobody anything.
    const asked: string[] = [];
    page.on('request', (request) => void (request.method() === 'GET' || asked.push(request.url())));
    await page.goto(relay.setupLink ?? '');
    await expect(page.getByText(`the first device of ${relay.idTag}`)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Claim this space' })).toBeEnabled();
    expect(asked).toEqual([]);
    await claim(page, relay);
    await page.goto(address);
    await expect(editor(page)).toContainText('Written without an account.');
    await expect(chip(page)).toHaveText('On the relay');

    await relay.stop();
    await editor(page).pressSequentially(' More words.');
    await expect(chip(page)).toHaveText('On this device');
    await relay.start();
    expect(relay.setupLink).toBeUndefined();
    await expect(chip(page)).toHaveText('On the relay', { timeout: 40_000 });
    await context.close();
  });

  test('what the chip called “on the relay” is there after the relay was killed', async ({
    browser,
    relay,
  }) => {
    const { page, context } = await openBrowser(browser, relay);
    await claim(page, relay);
    await page.goto(relay.url);
    await editor(page).pressSequentially('Words that are acknowledged.');
    await expect(chip(page)).toHaveText('On the relay');
    await relay.kill();
    await relay.start();
    const rows = await page.evaluate(async () => {
      const stored = indexedDB.open('islet');
      await new Promise((resolve) => (stored.onsuccess = resolve));
      const cursors = stored.result.transaction('cursors').objectStore('cursors').getAll();
      await new Promise((resolve) => (cursors.onsuccess = resolve));
      return JSON.stringify(cursors.result);
    });
    expect(rows).toContain('"seq"');
    await editor(page).pressSequentially(' And more.');
    await expect(chip(page)).toHaveText('On the relay', { timeout: 40_000 });
    await context.close();
  });

  test('a setup link used twice is refused in words, and the second browser keeps its documents', async ({
    browser,
    relay,
  }) => {
    const link = relay.setupLink ?? '';
    const first = await openBrowser(browser, relay);
    await claim(first.page, relay);
    const second = await openBrowser(browser, relay);
    await editor(second.page).pressSequentially('Mine, still.');
    await expect(chip(second.page)).toHaveText('On this device');
    await second.page.goto(link);
    await second.page.getByRole('button', { name: 'Claim this space' }).click();
    await expect(second.page.getByRole('alert')).toContainText('This setup link was used already.');
    await second.page.goto(relay.url);
    await expect(editor(second.page)).toContainText('Mine, still.');
    await first.context.close();
    await second.context.close();
  });
});
