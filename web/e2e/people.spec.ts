import { expect, test } from './fixtures.ts';
import {
  claimBrowser,
  connect,
  connectBoth,
  contact,
  follow,
  go,
  linkBrowser,
  lookUp,
  post,
  say,
  worksOffline,
} from './people.ts';

test.describe('People', () => {
  test.setTimeout(180_000);

  test('ask with words, while the own relay is away; see the request; accept; end it @offline', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await worksOffline(alice.page);
    await relay.stop();
    const card = await lookUp(alice.page, 'bob.localhost');
    await expect(card).toContainText('nobody can say who this is');
    await connect(alice.page, 'bob.localhost', 'It is me from the harbour');
    await expect(contact(alice.page, 'bob.localhost')).toContainText('Asked to connect');
    await expect(contact(alice.page, 'bob.localhost')).toContainText('Waiting to be sent');
    await relay.start();
    await expect(contact(alice.page, 'bob.localhost').getByText('Waiting to be sent')).toHaveCount(0, {
      timeout: 60_000,
    });

    await go(other.page, 'Notices');
    const request = other.page.getByRole('listitem').filter({ hasText: 'wants to be connected with you' });
    await expect(request).toContainText('It is me from the harbour');
    await go(other.page, 'People');
    await expect(other.page.getByRole('region', { name: 'Requests' })).toContainText(
      'It is me from the harbour',
    );
    await other.page.getByRole('button', { name: 'Accept – me.localhost' }).click();
    for (const [page, name] of [
      [alice.page, 'bob.localhost'],
      [other.page, 'me.localhost'],
    ] as const)
      await expect(contact(page, name)).toContainText('Connected');
    await go(alice.page, 'Notices');
    await expect(alice.page.getByText('bob agreed: you are connected.')).toBeVisible();

    await go(alice.page, 'People');
    await alice.page.getByRole('button', { name: 'What to do with bob' }).click();
    await alice.page.getByRole('menuitem', { name: 'End the connection' }).click();
    for (const [page, name] of [
      [alice.page, 'bob.localhost'],
      [other.page, 'me.localhost'],
    ] as const)
      await expect(contact(page, name).getByText(/^Connected/)).toHaveCount(0);
    await alice.context.close();
    await other.context.close();
  });

  test('whoever is muted is not shown, whoever is blocked gets nothing; both also offline @offline', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await connectBoth(alice, 'me.localhost', other, 'bob.localhost');
    await go(other.page, 'Feed');
    await say(other.page, 'Bob before');
    await go(alice.page, 'Feed');
    const before = post(alice.page, 'Bob before');
    await expect(before).toBeVisible();

    await relay.stop();
    await before.getByRole('button', { name: 'More about this' }).click();
    await alice.page.getByRole('menuitem', { name: 'Mute bob' }).click();
    await expect(before).toHaveCount(0);
    await relay.start();
    await alice.page.reload();
    await expect(before).toHaveCount(0);
    await go(alice.page, 'People');
    await expect(alice.page.getByRole('region', { name: 'Blocked and muted' })).toContainText(
      'Connected · Muted',
    );
    await alice.page.getByRole('button', { name: 'What to do with bob' }).click();
    await alice.page.getByRole('menuitem', { name: 'Hear again' }).click();
    await go(alice.page, 'Feed');
    await expect(before).toBeVisible();

    await go(alice.page, 'People');
    await alice.page.getByRole('button', { name: 'What to do with bob' }).click();
    await alice.page.getByRole('menuitem', { name: 'Block', exact: true }).click();
    await expect(contact(alice.page, 'bob.localhost')).toContainText('Blocked');
    await go(alice.page, 'Feed');
    await expect(before).toHaveCount(0);
    await say(alice.page, 'Not for Bob');
    await expect(post(alice.page, 'Not for Bob')).toContainText(/Sent|Delivered/);
    await expect(post(other.page, 'Not for Bob')).toHaveCount(0);
    await alice.context.close();
    await other.context.close();
  });

  test('a standing order answers in the place of the person, until it is withdrawn', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await go(other.page, 'People');
    const order = other.page.getByRole('switch', { name: 'Accept everyone who asks to connect' });
    await order.click();
    await expect(order).toBeChecked();
    await expect(order).toBeEnabled();
    await connect(alice.page, 'bob.localhost', 'Hello');
    await expect(contact(alice.page, 'bob.localhost')).toContainText('Connected');
    await expect(contact(other.page, 'me.localhost')).toContainText('Connected');

    const phone = await linkBrowser(browser, bob, other, 'Phone');
    await go(phone.page, 'People');
    const onPhone = phone.page.getByRole('switch', { name: 'Accept everyone who asks to connect' });
    await expect(onPhone).toBeChecked();
    await onPhone.click();
    await expect(onPhone).not.toBeChecked();
    await go(other.page, 'People');
    await expect(order).not.toBeChecked();
    for (const person of [alice, other, phone]) await person.context.close();
  });

  test('what is new is counted, and seen on one device it is seen on the other', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const phone = await linkBrowser(browser, relay, alice, 'Phone');
    const other = await claimBrowser(browser, bob);
    await follow(other.page, 'me.localhost');
    const badge = (page: typeof alice.page, count: number) =>
      page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: `Notices ${count}` });
    for (const { page } of [alice, phone]) await expect(badge(page, 1)).toBeVisible();
    await go(alice.page, 'Notices');
    await expect(alice.page.getByRole('region', { name: 'New' })).toContainText('bob follows you.');
    for (const { page } of [alice, phone]) await expect(badge(page, 1)).toHaveCount(0);
    await go(phone.page, 'Notices');
    await expect(phone.page.getByRole('region', { name: 'Earlier' })).toContainText('bob follows you.');
    for (const person of [alice, other, phone]) await person.context.close();
  });
});
