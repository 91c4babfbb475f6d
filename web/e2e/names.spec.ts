import { expect, test } from './fixtures.ts';
import { claimBrowser, connectBoth, contact, go, openBrowser, say } from './people.ts';

test.describe('names', () => {
  test.setTimeout(120_000);

  test('an invited person gets a name on this relay and writes to who invited them', async ({
    browser,
    relay,
  }) => {
    const alice = await claimBrowser(browser, relay);
    await go(alice.page, 'Settings');
    const section = alice.page.getByRole('region', { name: 'This relay' });
    await expect(section).toContainText('me.localhost');
    await section.getByLabel('For whom?').fill('Bob');
    await section.getByRole('button', { name: 'Make a link' }).click();
    const link = await section.locator('code').innerText();
    await expect(section.getByRole('listitem').filter({ hasText: 'Bob' })).toContainText('open until');

    const bob = await openBrowser(browser, relay);
    await bob.page.goto(link);
    await expect(bob.page.getByText('You are invited to me.localhost.')).toBeVisible();
    await bob.page.getByLabel('Your name').fill('www');
    await expect(bob.page.getByText('kept for machines')).toBeVisible();
    await bob.page.getByLabel('Your name').fill('bob');
    await expect(bob.page.getByText('Others will find you as bob.me.localhost. It is free.')).toBeVisible();
    await bob.page.getByText('My domain', { exact: true }).click();
    await bob.page.getByLabel('Your domain').fill('ana.example.com');
    await bob.page.getByRole('button', { name: 'Show the records' }).click();
    await expect(bob.page.getByText('cl-o.ana.example.com')).toBeVisible();
    await bob.page.getByText('On this relay', { exact: true }).click();
    await bob.page.getByLabel('Your name').fill('bob');
    await bob.page.getByRole('button', { name: 'Take this name' }).click();
    await expect(bob.page.getByText('This space is now bob.me.localhost.')).toBeVisible();

    await connectBoth(alice, 'me.localhost', bob, 'bob.me.localhost');
    await go(bob.page, 'Feed');
    await say(bob.page, 'From the same relay', 'Connected');
    await go(alice.page, 'Feed');
    await expect(alice.page.getByRole('article').filter({ hasText: 'From the same relay' })).toBeVisible();

    await go(alice.page, 'Settings');
    await expect(section.getByRole('listitem').filter({ hasText: 'came as' })).toContainText(
      'bob.me.localhost',
    );
    await relay.stop();
    await relay.start();
    await go(bob.page, 'People');
    await expect(contact(bob.page, 'me.localhost')).toContainText('Connected');
  });
});
