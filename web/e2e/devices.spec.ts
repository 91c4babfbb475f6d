import type { Page } from '@playwright/test';
import { addFiles, entry, makeFolder, textFile } from './file-page.ts';
import { expect, test } from './fixtures.ts';
import { picture } from './made-files.ts';
import { chip, claimBrowser, editor, go, linkBrowser, worksOffline } from './people.ts';

/** Chooses in the menu of a device. */
async function choose(page: Page, device: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `More about ${device}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Everything that this browser stores, as one text. */
function readStorage(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
    const open = (name: string): Promise<IDBDatabase> =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(name));
      });
    const readAll = (db: IDBDatabase, store: string): Promise<unknown[]> =>
      new Promise((resolve, reject) => {
        const request = db.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(store));
      });
    const decoder = new TextDecoder();
    const toText = (_: string, value: unknown): unknown =>
      value instanceof Uint8Array ? decoder.decode(value) : value;
    let text = JSON.stringify({ ...localStorage });
    for (const name of names) {
      const db = await open(name);
      for (const store of db.objectStoreNames) text += JSON.stringify(await readAll(db, store), toText);
      db.close();
    }
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) text += request.url;
    return text;
  });
}

test('C11, C12: a device is renamed, narrowed to reading, signed out with all others, and let in again', async ({
  browser,
  relay,
}) => {
  const first = await claimBrowser(browser, relay);
  const tablet = await linkBrowser(browser, relay, first, 'Tablet');
  await tablet.page.goto(relay.url);
  await editor(tablet.page).pressSequentially('# Written when it might');
  await expect(chip(tablet.page)).toHaveText('On the relay');
  const list = first.page.locator('#link');

  await choose(first.page, 'Tablet', 'Rename…');
  await first.page.getByRole('textbox', { name: 'Name', exact: true }).fill('Kitchen');
  await first.page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(list.getByText('Kitchen', { exact: true })).toBeVisible();

  await choose(first.page, 'Kitchen', 'Let it do less…');
  await first.page.getByRole('radio', { name: 'Read only' }).check();
  await first.page.getByLabel('For how long').selectOption('One week from now');
  await first.page.getByRole('button', { name: 'Let it do this' }).click();
  await expect(list.getByText('May read, and change nothing')).toBeVisible();
  await expect(list.getByText(/until /)).toBeVisible();
  await expect(tablet.page.getByRole('note')).toContainText('This device may read, and change nothing.');
  await expect(editor(tablet.page)).toHaveAttribute('aria-readonly', 'true');
  await expect(editor(tablet.page)).toContainText('Written when it might');
  await expect(tablet.page.getByRole('button', { name: 'New document' })).toHaveCount(0);
  await editor(tablet.page).click();
  await tablet.page.keyboard.type('Nothing of this');
  await expect(editor(tablet.page)).not.toContainText('Nothing');

  await first.page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await first.page.getByRole('button', { name: 'Sign out all others' }).click();
  await expect(chip(tablet.page)).toHaveText('Needs attention');
  await first.page.getByRole('button', { name: 'Let in again – Kitchen' }).click({ timeout: 40_000 });
  await expect(first.page.getByRole('button', { name: 'Let in again – Kitchen' })).toHaveCount(0);
  await expect(chip(tablet.page)).toHaveText('On the relay', { timeout: 40_000 });
  await first.context.close();
  await tablet.context.close();
});

test('X10–X12: a lost phone hands over what only it has and is wiped, also when it was stopped in between @offline', async ({
  browser,
  relay,
}) => {
  const first = await claimBrowser(browser, relay);
  const phone = await linkBrowser(browser, relay, first, 'Phone');
  await phone.page.goto(relay.url);
  await editor(phone.page).pressSequentially('# Shopping known to all');
  // Its title is in the list of the other device: the words have been taken, and not only those before the last.
  await expect(
    first.page.getByRole('navigation', { name: 'Documents' }).getByText('Shopping known to all'),
  ).toBeVisible();
  await expect(chip(phone.page)).toHaveText('On the relay');
  // Without the relay the page comes from the service worker.
  await worksOffline(phone.page);
  await relay.stop();
  await phone.page.goto(`${relay.url}/d/${'x'.repeat(24)}`);
  await expect(phone.page.locator('.text-editor')).toBeFocused();
  await editor(phone.page).pressSequentially('# Secret of the train');
  await editor(phone.page).press('Enter');
  await phone.page.getByTestId('image-file').setInputFiles(picture('shore.png', 24, [20, 90, 160]));
  await expect(editor(phone.page).locator('img:not(.ProseMirror-separator)')).toHaveCount(1);
  await expect(chip(phone.page)).toHaveText('On this device');
  await go(phone.page, 'Files');
  await addFiles(phone.page, [textFile('Tickets.txt')]);
  await makeFolder(phone.page, 'Trip');
  await go(phone.page, 'Feed');
  await phone.page.locator('.composer-text').fill('Posted on the train');
  await phone.page.getByRole('button', { name: 'Post', exact: true }).click();
  await expect(phone.page.getByRole('main').getByText('Posted on the train')).toBeVisible();
  // Its browser is closed until it is found again.
  await phone.page.goto('about:blank');
  await relay.start();

  await choose(first.page, 'Phone', 'It is lost…');
  await first.page.getByRole('button', { name: 'Sign out and wipe' }).click();
  await expect(first.page.getByRole('button', { name: 'More about Phone' })).toHaveCount(0);

  // The first hand-over breaks off behind the first item, and the page goes with it.
  let handed = 0;
  await phone.page.route('**/api/quarantine', (route) => (handed++ === 0 ? route.continue() : route.abort()));
  await phone.page.goto(relay.url);
  await expect.poll(() => handed).toBeGreaterThan(1);
  await phone.page.goto('about:blank');
  await phone.page.unroute('**/api/quarantine');
  await phone.page.goto(relay.url);
  await expect(
    phone.page.getByText(`Everything of ${relay.idTag} was deleted from this browser`),
  ).toBeVisible({
    timeout: 40_000,
  });
  await expect
    .poll(() => readStorage(phone.page), { timeout: 20_000 })
    .not.toMatch(/Secret|Shopping|Posted|Tickets|me\.localhost/);
  await expect.poll(() => readStorage(phone.page)).not.toContain('islet:gone');

  const card = first.page.getByTestId('quarantine');
  await card.getByRole('button', { name: 'Look – Secret of the train' }).click();
  await expect(card.locator('.handed-words')).toContainText('Secret of the train');
  await card.getByRole('button', { name: 'Take in – Secret of the train' }).click();
  await expect(card.getByText('Secret of the train')).toHaveCount(0);
  await card.getByRole('button', { name: 'Take in – Tickets.txt' }).click();
  await expect(card.getByText('Tickets.txt')).toHaveCount(0);
  await card.getByRole('button', { name: 'Look – Edits of your list' }).click();
  await expect(card.getByRole('checkbox', { name: 'New: “Trip”' })).toBeChecked();
  await card.getByRole('button', { name: 'Make these edits – Edits of your list' }).click();
  await expect(card.getByText('Edits of your list')).toHaveCount(0);
  await card.getByRole('button', { name: 'Discard – Posted on the train' }).click();
  await card.getByRole('button', { name: 'Discard for good? – Posted on the train' }).click();
  await expect(card.getByText('Posted on the train')).toHaveCount(0);
  await go(first.page, 'Home');
  await first.page.getByRole('main').getByText('Secret of the train').click();
  await expect(editor(first.page)).toContainText('Secret of the train');
  // Its picture came along, though it had never been uploaded.
  const shown = editor(first.page).locator('img:not(.ProseMirror-separator)');
  await expect.poll(() => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(24);
  await go(first.page, 'Files');
  await expect(entry(first.page, 'Tickets.txt')).toBeVisible();
  await expect(entry(first.page, 'Trip')).toBeVisible();
  await first.context.close();
  await phone.context.close();
});
