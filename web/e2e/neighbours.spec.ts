import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { claimBrowser, comment, contact, follow, go, post, reaction, worksOffline } from './people.ts';

/** A small PNG made by the browser itself. */
async function drawPicture(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(320, 200);
    const brush = canvas.getContext('2d');
    if (!brush) throw new Error('no canvas');
    brush.fillStyle = 'teal';
    brush.fillRect(0, 0, 320, 200);
    brush.fillStyle = 'gold';
    brush.fillRect(40, 40, 120, 80);
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
  });
  return Buffer.from(bytes);
}

test.describe('point 6: a neighbour', () => {
  test.setTimeout(150_000);

  test('follow, read, answer while the own relay is stopped: one effect each, seen there, with proof @offline', async ({
    browser,
    relay,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await follow(alice.page, 'bob.localhost');
    await follow(other.page, 'me.localhost');
    await expect(contact(other.page, 'me.localhost')).toContainText('You follow each other');

    await go(other.page, 'Feed');
    await other.page.getByLabel('What is new?').fill('Bob has a picture');
    await other.page
      .locator('input[type=file]')
      .setInputFiles({ name: 'flag.png', mimeType: 'image/png', buffer: await drawPicture(other.page) });
    await other.page.getByRole('button', { name: 'Post', exact: true }).click();

    await go(alice.page, 'Feed');
    const bobsPost = post(alice.page, 'Bob has a picture');
    await expect(bobsPost).toBeVisible();
    await expect(bobsPost.locator('img')).toBeVisible();
    expect(await bobsPost.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320);

    await worksOffline(alice.page);
    await relay.stop();
    await alice.page.getByLabel('What is new?').fill('Alice writes offline');
    await alice.page.getByRole('button', { name: 'Post', exact: true }).click();
    const ownPost = post(alice.page, 'Alice writes offline');
    await expect(ownPost).toContainText('Waiting to be sent');
    await ownPost.getByRole('button', { name: /^Comment/ }).click();
    await alice.page.getByLabel('Comment on this post').fill('On my unsent post');
    await alice.page.keyboard.press('Enter');
    await expect(comment(ownPost, 'On my unsent post')).toContainText('Waiting to be sent');
    await bobsPost.getByRole('button', { name: /^Comment/ }).click();
    await alice.page.getByLabel('Comment on this post').fill('Nice flag');
    await alice.page.keyboard.press('Enter');
    await expect(comment(bobsPost, 'Nice flag')).toContainText('Waiting to be sent');
    await bobsPost.getByRole('button', { name: /^Like/ }).first().click();
    await bobsPost.getByRole('button', { name: '1 reaction', exact: true }).click();
    const like = reaction(bobsPost, 'me.localhost');
    await expect(like).toContainText('Waiting to be sent');

    // The tab may close meanwhile: what waits is in storage.
    await alice.page.reload();
    await bobsPost.getByRole('button', { name: '1 reaction', exact: true }).click();
    await expect(comment(ownPost, 'On my unsent post')).toContainText('Waiting to be sent');

    await relay.start();
    for (const said of [ownPost, comment(ownPost, 'On my unsent post'), comment(bobsPost, 'Nice flag'), like])
      await expect(said.getByText(/Waiting to be sent|^Sent$/)).toHaveCount(0, { timeout: 60_000 });

    const atBob = {
      own: post(other.page, 'Bob has a picture'),
      hers: post(other.page, 'Alice writes offline'),
    };
    await expect(atBob.hers).toHaveCount(1);
    await expect(comment(atBob.hers, 'On my unsent post')).toHaveCount(1);
    await expect(comment(atBob.own, 'Nice flag')).toHaveCount(1);
    await expect(atBob.own.getByRole('button', { name: 'Like – 1 reaction' })).toBeVisible();

    await atBob.own.getByRole('button', { name: '1 reaction', exact: true }).click();
    const hisLike = reaction(atBob.own, 'me.localhost');
    for (const said of [
      comment(ownPost, 'On my unsent post'),
      comment(bobsPost, 'Nice flag'),
      like,
      comment(atBob.hers, 'On my unsent post'),
      comment(atBob.own, 'Nice flag'),
      hisLike,
    ]) {
      await said.getByText('Proof', { exact: true }).click();
      await expect(said.getByText('the signature, the delegation and the device log agree')).toBeVisible();
    }
    await alice.context.close();
    await other.context.close();
  });

  test('two tabs flush one outbox: one effect @offline', async ({ browser, relay }) => {
    const alice = await claimBrowser(browser, relay);
    await go(alice.page, 'Feed');
    const twin = await alice.context.newPage();
    await twin.goto(`${relay.url}/feed`);
    await relay.stop();
    for (const [page, text] of [
      [alice.page, 'from the first tab'],
      [twin, 'from the second tab'],
    ] as const) {
      await page.getByLabel('What is new?').fill(text);
      await page.getByRole('button', { name: 'Post', exact: true }).click();
    }
    for (const page of [alice.page, twin]) await expect(page.getByRole('article')).toHaveCount(2);
    await relay.start();
    for (const page of [alice.page, twin]) {
      await expect(page.getByText('Waiting to be sent')).toHaveCount(0, { timeout: 40_000 });
      await expect(page.getByRole('article')).toHaveCount(2);
    }
    await alice.context.close();
  });

  test('the service worker sends the outbox while no page of the app is open @offline', async ({
    browser,
    relay,
  }) => {
    const alice = await claimBrowser(browser, relay);
    await go(alice.page, 'Feed');
    await alice.page.evaluate(() => navigator.serviceWorker.ready);
    await relay.stop();
    await alice.page.getByLabel('What is new?').fill('Sent by the worker');
    await alice.page.getByRole('button', { name: 'Post', exact: true }).click();
    await expect(post(alice.page, 'Sent by the worker')).toContainText('Waiting to be sent');
    await alice.page.close();
    await relay.start();

    // A file of the origin that runs no script of ours: only the worker can send.
    const page = await alice.context.newPage();
    await page.goto(`${relay.url}/theme.js`);
    const cdp = await alice.context.newCDPSession(page);
    const registration = new Promise<string>((resolve) => {
      cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const found = registrations.find(({ scopeURL }) => scopeURL === `${relay.url}/`);
        if (found) resolve(found.registrationId);
      });
    });
    await cdp.send('ServiceWorker.enable');
    await cdp.send('ServiceWorker.dispatchSyncEvent', {
      origin: relay.url,
      registrationId: await registration,
      tag: 'islet-outbox',
      lastChance: true,
    });
    const readOutbox = () =>
      page.evaluate(async () => {
        const opening = indexedDB.open('islet');
        await new Promise((resolve) => (opening.onsuccess = resolve));
        const count = opening.result.transaction('outbox').objectStore('outbox').count();
        await new Promise((resolve) => (count.onsuccess = resolve));
        opening.result.close();
        return count.result;
      });
    await expect.poll(readOutbox).toBe(0);
    await page.goto(`${relay.url}/feed`);
    await expect(page.getByRole('article')).toHaveCount(1);
    await expect(page.getByText('Waiting to be sent')).toHaveCount(0);
    await alice.context.close();
  });

  test('a name that answers nothing is told at once', async ({ browser, relay }) => {
    const alice = await claimBrowser(browser, relay);
    await go(alice.page, 'People');
    await alice.page.getByLabel('Name of a person').fill('nobody.localhost');
    await alice.page.getByRole('button', { name: 'Look up', exact: true }).click();
    await expect(alice.page.getByText(/no relay for nobody.localhost/)).toBeVisible();
    await alice.context.close();
  });
});
