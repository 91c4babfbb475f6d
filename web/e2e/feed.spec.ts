import { expect, test } from './fixtures.ts';
import { claimBrowser, comment, connectBoth, contact, follow, go, lookUp, post, say } from './people.ts';

test.describe('Feed', () => {
  test.setTimeout(180_000);

  test('among the connected: reactions by keyboard, answers to answers, a wall that waits for its owner, posts shown again', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await connectBoth(alice, 'me.localhost', other, 'bob.localhost');
    await go(other.page, 'Feed');
    await say(other.page, 'For the connected', 'Connected');
    await go(alice.page, 'Feed');
    const [here, there] = [post(alice.page, 'For the connected'), post(other.page, 'For the connected')];
    await expect(here).toBeVisible();

    await here.getByRole('button', { name: 'Choose a reaction' }).focus();
    await alice.page.keyboard.press('Enter');
    await expect(alice.page.getByRole('menuitemradio', { name: 'Like' })).toBeFocused();
    for (let i = 0; i < 3; i++) await alice.page.keyboard.press('ArrowRight');
    await alice.page.keyboard.press('Enter');
    await expect(here.getByRole('button', { name: 'Wow – 1 reaction' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await expect(there.getByRole('button', { name: 'Like – 1 reaction' })).toBeVisible();

    await here.getByRole('button', { name: /^Comment –/ }).click();
    await alice.page.getByLabel('Comment on this post').fill('A question');
    await alice.page.keyboard.press('Enter');
    await comment(there, 'A question').getByRole('button', { name: 'Reply' }).click();
    await other.page.getByLabel('Reply to me').fill('An answer');
    await other.page.keyboard.press('Enter');
    await expect(comment(here, 'An answer')).toHaveCount(1);
    await expect(here.getByRole('button', { name: 'Comment – 2 comments' })).toBeVisible();

    await here.getByRole('button', { name: 'Wow – 1 reaction' }).click();
    await expect(there.getByRole('button', { name: 'Like – 1 reaction' })).toHaveCount(0);

    await go(alice.page, 'People');
    await contact(alice.page, 'bob.localhost').getByRole('button', { name: 'What to do with bob' }).click();
    await alice.page.getByRole('menuitem', { name: 'Write on the wall' }).click();
    await say(alice.page, 'Hello on your wall', 'Public');
    const wall = [post(alice.page, 'Hello on your wall'), post(other.page, 'Hello on your wall')] as const;
    await expect(wall[0]).toContainText('Not approved yet');

    await go(other.page, 'Notices');
    const notice = other.page.getByRole('listitem').filter({ hasText: 'has written on your wall' });
    await notice.getByRole('button', { name: 'Approve' }).click();
    await go(other.page, 'Feed');
    await expect(wall[1]).toBeVisible();
    await expect(wall[1].getByText('Not approved yet')).toHaveCount(0);
    await expect(wall[0].getByText('Not approved yet')).toHaveCount(0);
    await go(alice.page, 'Notices');
    await expect(alice.page.getByText('bob approved your post.')).toBeVisible();

    await go(other.page, 'Feed');
    await say(other.page, 'Worth reading', 'Public');
    await go(alice.page, 'Feed');
    const again = post(alice.page, 'Worth reading').getByRole('button', { name: /^Show again/ });
    await again.click();
    await expect(
      post(alice.page, 'Worth reading').getByRole('button', { name: /^Do not show again/ }),
    ).toHaveAttribute('aria-pressed', 'true');
    await expect(
      post(other.page, 'Worth reading').getByRole('button', { name: /shown again 1 time/ }),
    ).toBeVisible();
    await go(other.page, 'Notices');
    await expect(other.page.getByText('me shows your post again.')).toBeVisible();
    await alice.context.close();
    await other.context.close();
  });

  test('a follower has what is not deleted in time; who has a post and what a neighbour refuses is said', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await follow(other.page, 'me.localhost');
    await go(other.page, 'Feed');
    await go(alice.page, 'Feed');
    await say(alice.page, 'First thought');
    await say(alice.page, 'Second thought');
    await expect(post(other.page, 'Second thought')).toBeVisible();
    const remove = async (text: string) => {
      await post(alice.page, text).getByRole('button', { name: 'More about this' }).click();
      await alice.page.getByRole('menuitem', { name: 'Delete' }).click();
      await expect(post(alice.page, text)).toHaveCount(0);
    };
    await remove('First thought');
    await alice.page.getByRole('button', { name: 'Undo' }).click();
    await expect(post(alice.page, 'First thought')).toBeVisible();
    await remove('Second thought');
    await expect(post(other.page, 'Second thought')).toHaveCount(0, { timeout: 40_000 });
    await expect(post(other.page, 'First thought')).toBeVisible();
    await alice.page.reload();
    await expect(post(alice.page, 'First thought')).toBeVisible();
    await expect(post(alice.page, 'Second thought')).toHaveCount(0);

    await bob.stop();
    await go(alice.page, 'Feed');
    await say(alice.page, 'Is anybody there?');
    const own = post(alice.page, 'Is anybody there?');
    await own.getByRole('button', { name: 'Sent', exact: true }).click();
    const receivers = own.getByRole('list', { name: 'Who has it' });
    await expect(receivers.getByRole('listitem')).toHaveText(/bob\.localhost\s*waiting/);
    await bob.start();
    await expect(receivers.getByRole('listitem')).toHaveText(/bob\.localhost\s*delivered/, {
      timeout: 90_000,
    });

    await go(other.page, 'People');
    await other.page.getByRole('button', { name: 'What to do with me' }).click();
    await other.page.getByRole('menuitem', { name: 'Block', exact: true }).click();
    await expect(contact(other.page, 'me.localhost')).toContainText('Blocked');
    const card = await lookUp(alice.page, 'bob.localhost');
    await card.getByRole('button', { name: 'Follow', exact: true }).click();
    await expect(contact(alice.page, 'bob.localhost')).toContainText(/Refused: bob\.localhost/, {
      timeout: 40_000,
    });
    await expect(contact(alice.page, 'bob.localhost').getByRole('button', { name: 'Retry' })).toBeVisible();
    await alice.context.close();
    await other.context.close();
  });
});
