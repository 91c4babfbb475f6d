import type { Page } from '@playwright/test';
import * as v from 'valibot';
import { expect, type Relay, startRelay, test } from './fixtures.ts';
import { chip, claimBrowser, editor } from './people.ts';
import { placesOf, readStores } from './stores.ts';

/** Opens the menu of the spaces and chooses. */
async function choose(page: Page, item: string | RegExp): Promise<void> {
  await page
    .getByRole('button', { name: /^Spaces: / })
    .first()
    .click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Writes into the open document at once, as a paste does: one update, so that the words are found in one piece. */
async function write(page: Page, words: string): Promise<void> {
  await expect(editor(page)).toBeFocused();
  await page.keyboard.insertText(words);
  await expect(page.getByRole('navigation', { name: 'Documents' })).toContainText(words);
}

/** Whom a page speaks to: the hosts of what it sends with an access token, and of the sockets that it opens. */
function listenTo(page: Page): Set<string> {
  const hosts = new Set<string>();
  page.on('request', (request) => {
    if (request.headers()['authorization']) hosts.add(new URL(request.url()).hostname);
  });
  page.on('websocket', (socket) => hosts.add(new URL(socket.url()).hostname));
  return hosts;
}

/** The setup link of a further identity on the relay, asked for by a page: Node does not know where `.localhost` is. */
async function openIdentity(page: Page, relay: Relay, idTag: string): Promise<string> {
  const asked = { url: `${relay.apiOrigin}/api/names`, body: JSON.stringify({ idTag }) };
  const answer: unknown = await page.evaluate(async ({ url, body }) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body })).json();
  }, asked);
  const { data } = v.parse(v.object({ data: v.object({ setup: v.string() }) }), answer);
  return `${relay.url}/setup#${data.setup}&${idTag}`;
}

const ofSecond = (name: string) => /^[0-9a-z]{8}~/.test(name);

test.setTimeout(60_000);

test('two identities in one browser share nothing, are two keystrokes apart, and one goes without the other @offline', async ({
  browser,
  relayFolder,
}) => {
  const relay = await startRelay('me.localhost', relayFolder, { REGISTRATION: 'open' });
  const { context, page } = await claimBrowser(browser, relay);
  await page.goto(relay.url);
  await write(page, 'Canary of the first');
  await expect(chip(page)).toContainText('On the relay');

  // A setup link of another identity makes a space of its own, once somebody wants that.
  await page.goto(await openIdentity(page, relay, 'work.me.localhost'));
  await page.getByRole('button', { name: 'Set it up in a new space' }).click();
  await expect(page.getByText('This space is now work.me.localhost.')).toBeVisible();
  await page.goto(relay.url);
  const ofWork = listenTo(page);
  await write(page, 'Canary of the second');
  await page.reload();
  await expect(editor(page)).toHaveText('Canary of the second');
  await expect(page).toHaveTitle('Canary of the second · work.me.localhost');
  await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', /^data:image/);
  await expect(chip(page)).toContainText('On the relay');

  // Another tab opens the space that was used last, and goes to the other one: both at the same time.
  const other = await context.newPage();
  await other.goto(`${relay.url}/home`);
  await expect(other.getByRole('main')).toContainText('Canary of the second');
  await expect(other).toHaveTitle('Home · work.me.localhost');
  await other.keyboard.press('g');
  await other.keyboard.press('1');
  await expect(other).toHaveTitle('Home · me.localhost');
  await expect(other.getByRole('main')).toContainText('Canary of the first');
  const ofMe = listenTo(other);
  await other.reload();
  await expect(chip(other)).toContainText('On the relay');
  await expect.poll(() => [...ofMe]).toEqual(['cl-o.me.localhost']);
  expect([...ofWork]).toEqual(['cl-o.work.me.localhost']);

  const stores = await readStores(page);
  expect(placesOf(stores, 'Canary of the first').filter(ofSecond)).toEqual([]);
  expect(placesOf(stores, 'Canary of the second').filter((name) => !ofSecond(name))).toEqual([]);
  expect(placesOf(stores, 'Canary of the second').length).toBeGreaterThan(1);
  expect(placesOf(stores, 'Canary of the first').length).toBeGreaterThan(1);

  await choose(page, /^Name, colour, remove/);
  await page.getByLabel('What you call it here').fill('Garden');
  await page.getByLabel('What you call it here').blur();
  await page.getByRole('radio', { name: 'Colour 4' }).check({ force: true });
  await expect(page).toHaveTitle('Settings · Garden');
  await page.getByRole('button', { name: 'Remove from this browser' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove Garden from this browser?' });
  await expect(dialog).toContainText('This is the only device of work.me.localhost.');
  await expect(dialog.getByText('Not at the relay yet')).toHaveCount(0);
  await dialog.getByLabel('Remove it with everything that is only here').check();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('The space is gone from this browser.')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Canary of the first');
  const after = await readStores(page);
  expect(Object.keys(after).filter(ofSecond)).toEqual([]);
  expect(placesOf(after, 'Canary of the second')).toEqual([]);
  expect(placesOf(after, 'Canary of the first').length).toBeGreaterThan(1);
  await other.goto(relay.url);
  await expect(editor(other)).toHaveText('Canary of the first');
  await context.close();
  await relay.stop();
});
