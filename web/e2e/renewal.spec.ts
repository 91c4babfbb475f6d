import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { chip, claimBrowser, editor, go, linkBrowser, post, say } from './people.ts';

/** The keys of this browser as it has stored them: which it speaks with, and under which it came in. */
function readKeys(page: Page): Promise<{ public: string; origin: string | undefined; waiting: boolean }> {
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('islet-keys');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error('the keys cannot be opened'));
    });
    const read = (id: string) =>
      new Promise<{ signing: CryptoKeyPair; origin?: string } | undefined>((resolve) => {
        const asking = db.transaction('keys').objectStore('keys').get(id);
        asking.onsuccess = () =>
          resolve(asking.result as { signing: CryptoKeyPair; origin?: string } | undefined);
      });
    const [device, next] = [await read('device'), await read('next')];
    db.close();
    const { x = '' } = await crypto.subtle.exportKey('jwk', device!.signing.publicKey);
    return { public: x, origin: device!.origin, waiting: next !== undefined };
  });
}

/** What a browser has stored that was killed after it had made new keys and before it could say so. */
async function cutRenewal(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const curve = { name: 'ECDSA', namedCurve: 'P-384' };
    const signing = await crypto.subtle.generateKey(curve, false, ['sign', 'verify']);
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('islet-keys');
      opening.onsuccess = () => {
        const write = opening.result.transaction('keys', 'readwrite');
        const keys = write.objectStore('keys');
        const asking = keys.get('device');
        asking.onsuccess = () => {
          const { sealing } = asking.result as { sealing: CryptoKeyPair };
          keys.put({ id: 'next', signing, sealing });
        };
        write.oncomplete = () => {
          opening.result.close();
          resolve();
        };
        write.onerror = () => reject(new Error('the key was not stored'));
      };
    });
  });
}

/** Keeps a copy of keys and access as they are now, or puts that copy in their place, as in a profile that was copied. */
async function copyProfile(page: Page, way: 'keep' | 'put back'): Promise<void> {
  await page.evaluate(
    (puts) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('islet-keys');
        opening.onsuccess = () => {
          const write = opening.result.transaction(['keys', 'identities'], 'readwrite');
          for (const [store, own] of [
            ['keys', 'device'],
            ['identities', 'identity'],
          ] as const) {
            const rows = write.objectStore(store);
            const asking = rows.get(puts ? 'copy' : own);
            asking.onsuccess = () => rows.put({ ...(asking.result as object), id: puts ? own : 'copy' });
          }
          write.oncomplete = () => {
            opening.result.close();
            resolve();
          };
          write.onerror = () => reject(new Error('the profile was not copied'));
        };
      }),
    way === 'put back',
  );
}

test('keys are renewed while two tabs write; signed out, a browser says so, keeps its words, and sends them once it is let in; copied keys are told apart by words', async ({
  browser,
  relay,
}) => {
  const first = await claimBrowser(browser, relay);
  const second = await linkBrowser(browser, relay, first, 'Travel laptop');
  await second.page.goto(relay.url);
  await editor(second.page).pressSequentially('Written with the first keys');
  await expect(chip(second.page)).toHaveText('On the relay');
  const address = second.page.url();
  const before = await readKeys(second.page);

  await cutRenewal(second.page);
  await second.page.reload();
  await expect.poll(async () => (await readKeys(second.page)).waiting).toBe(false);
  const after = await readKeys(second.page);
  expect(after.public).not.toBe(before.public);
  expect(after.origin).toMatch(/^did:key:z/);
  await expect(chip(second.page)).toHaveText('On the relay');
  await editor(second.page).press('Control+End');
  await editor(second.page).pressSequentially(', and with the second');
  const tab = await second.context.newPage();
  await tab.goto(`${relay.url}/feed`);
  await say(tab, 'Said with the second keys');
  await first.page.goto(address);
  await expect(editor(first.page)).toContainText('Written with the first keys, and with the second');
  await go(first.page, 'Feed');
  await expect(post(first.page, 'Said with the second keys')).toBeVisible();
  await tab.close();

  await go(first.page, 'Settings');
  await first.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await first.page.getByRole('button', { name: 'Sign out all others' }).click();
  await expect(chip(second.page)).toHaveText('Needs attention', { timeout: 30_000 });
  await go(second.page, 'Feed');
  await say(second.page, 'Said while signed out');
  await go(second.page, 'Settings');
  await expect(second.page.getByTestId('standing')).toContainText('let this one in again');
  await second.page.screenshot({ path: test.info().outputPath('away.png') });
  await first.page.getByRole('button', { name: 'Let in again – Travel laptop' }).click();
  await expect(second.page.getByTestId('standing')).toHaveCount(0, { timeout: 60_000 });
  await expect(chip(second.page)).toHaveText('On the relay', { timeout: 30_000 });
  await go(first.page, 'Feed');
  await expect(post(first.page, 'Said while signed out')).toBeVisible({ timeout: 30_000 });

  // A copy of this profile from before the next renewal goes on by itself.
  await expect.poll(async () => (await readKeys(second.page)).waiting).toBe(false);
  await copyProfile(second.page, 'keep');
  await cutRenewal(second.page);
  const renewed = await readKeys(second.page);
  await second.page.reload();
  await expect.poll(async () => (await readKeys(second.page)).public).not.toBe(renewed.public);
  await expect(chip(second.page)).toHaveText('On the relay', { timeout: 30_000 });
  await copyProfile(second.page, 'put back');
  await second.page.goto(`${relay.url}/settings`);
  const words = await second.page.getByTestId('own-words').innerText({ timeout: 60_000 });
  await second.page.screenshot({ path: test.info().outputPath('copied.png'), fullPage: true });
  await second.page.getByRole('button', { name: 'Remove it from this browser…' }).click();
  await expect(second.page.getByRole('dialog')).toContainText(
    'This browser stays in the list of its devices',
  );
  await second.page.keyboard.press('Escape');
  // Only others can decide, so they are told wherever somebody looks.
  const told = first.page.getByText('The keys of “Travel laptop” were used in two places.');
  await go(first.page, 'Notices');
  await expect(told).toBeVisible();
  await go(first.page, 'Settings');
  const keys = first.page.getByRole('list', { name: 'Keys of “Travel laptop”' });
  await expect(keys.getByRole('listitem')).toHaveCount(2);
  await keys.scrollIntoViewIfNeeded();
  await first.page.screenshot({ path: test.info().outputPath('which-keys.png') });
  await keys.getByRole('button', { name: `These keys are right: ${words}` }).click();
  await expect(keys).toHaveCount(0);
  await go(first.page, 'Notices');
  await expect(told).toHaveCount(0);
  await expect(second.page.getByTestId('standing')).toHaveCount(0, { timeout: 60_000 });
  await expect(chip(second.page)).toHaveText('On the relay', { timeout: 30_000 });
  await first.context.close();
  await second.context.close();
});
