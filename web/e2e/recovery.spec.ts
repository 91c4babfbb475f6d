import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openCamera } from './camera.ts';
import { expect, type Relay, test } from './fixtures.ts';
import { open, overhear } from './overhear.ts';
import {
  chip,
  claimBrowser,
  connectBoth,
  contact,
  editor,
  go,
  openBrowser,
  type Person,
  post,
  say,
} from './people.ts';

const passphrase = 'walnut harbour seven ladder';

/** The disk of the relay is gone; a new one starts under the same name. */
async function loseDisk(relay: Relay, folder: string): Promise<void> {
  await relay.stop();
  await rm(join(folder, relay.idTag), { recursive: true });
  await relay.start();
}

/** Printing shows the page as it would be on paper, and goes on. */
async function keepPrints(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.print = () => {
      const paper = document.createElement('div');
      paper.append(document.querySelector('.kit-sheet')?.cloneNode(true) ?? '');
      setTimeout(() => document.body.append(paper));
    };
  });
}

/** Prints the page of the kit and takes a photo of its code. */
async function photograph(page: Page, path: string): Promise<string> {
  await page.getByRole('button', { name: 'Print the page' }).click();
  await expect(page.getByTestId('kit-sheet')).toHaveCount(1);
  await page.emulateMedia({ media: 'print' });
  await page.locator('.kit-qr').screenshot({ path });
  await page.emulateMedia({ media: 'screen' });
  return path;
}

/** Makes a kit in Settings and opens it again. @returns the saved file, a photo of the code, and the text of it */
async function makeKit(page: Page, path: string): Promise<{ file: string; photo: string; code: string }> {
  await page.getByRole('button', { name: 'Make a recovery kit' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('The same again').fill(passphrase);
  await page.getByRole('button', { name: 'Continue' }).click();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the file' }).click();
  await (await saving).saveAs(path);
  const photo = await photograph(page, `${path}.png`);
  await expect(page.getByTestId('kit-sheet')).toContainText('you also need the file of this kit');
  const code = (await page.locator('.kit-code').first().textContent()) ?? '';
  await page.getByTestId('kit-saved').setInputFiles(path);
  await page.getByLabel('Passphrase', { exact: true }).fill('something else entirely');
  await page.getByRole('button', { name: 'Check it' }).click();
  await expect(page.getByRole('alert')).toContainText('does not open it');
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Check it' }).click();
  await expect(page.locator('#kit').getByText('Made on')).toBeVisible();
  return { file: path, photo, code: code.replaceAll(' ', '') };
}

/** A kit, when it is not chosen yet, and its passphrase on the page where people come back. */
async function bringBack(page: Page, kit?: string): Promise<void> {
  if (kit !== undefined) await page.getByTestId('kit-file').setInputFiles(kit);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Name of this device').fill('Found again');
  await page.getByRole('button', { name: 'Bring me back' }).click();
}

async function write(person: Person, relay: Relay, text: string): Promise<void> {
  await person.page.goto(relay.url);
  await editor(person.page).pressSequentially(text);
  await expect(chip(person.page)).toHaveText('On the relay');
}

test.describe('recovery', () => {
  test.setTimeout(150_000);

  test('X13, X15, X16: a kit is made and proved; it brings a clean browser in, with the old relay and with an empty one', async ({
    browser,
    relay,
    relayFolder,
  }) => {
    const first = await claimBrowser(browser, relay);
    const heard = await overhear(first.page);
    await keepPrints(first.page);
    await expect(first.page.getByRole('link', { name: 'Make a recovery kit' })).toBeVisible();
    await write(first, relay, '# Kept\nwritten before');
    await go(first.page, 'Settings');
    await expect(first.page.getByText('If you lose every device, this brings you back.')).toBeVisible();
    const kit = await makeKit(first.page, join(relayFolder, 'kit.json'));
    // What is searched for would be found: the public half of the same key is.
    const [pair] = await heard.privateKeys();
    const [said, saved] = [heard.text() + relay.output(), open(await readFile(kit.file, 'utf8'))];
    expect(pair?.x?.length).toBe(64);
    for (const text of [said, saved]) expect(text).toContain(pair?.x);
    for (const { d } of await heard.privateKeys())
      for (const text of [said, saved]) expect(text).not.toContain(d);
    for (const text of [said, saved]) expect(text).not.toContain(passphrase);
    await first.context.close();

    const camera = await openCamera(kit.code, relayFolder);
    const second = await openBrowser(camera, relay);
    await second.page.goto(`${relay.url}/recover`);
    await second.page.getByTestId('kit-file').setInputFiles(kit.photo);
    await expect(second.page.getByTestId('kit')).toContainText('the code alone');
    await second.page.reload();
    await second.page.getByRole('button', { name: 'Scan the code' }).click();
    await expect(second.page.getByTestId('kit')).toContainText('the code alone', { timeout: 30_000 });
    await bringBack(second.page);
    await expect(second.page.getByText(`You are ${relay.idTag} again.`)).toBeVisible({ timeout: 40_000 });
    await second.page.goto(`${relay.url}/home`);
    await expect(second.page.getByRole('main').getByText('Kept')).toBeVisible({ timeout: 40_000 });
    await camera.close();

    await loseDisk(relay, relayFolder);
    const third = await openBrowser(browser, relay);
    await editor(third.page).pressSequentially('# New here');
    await expect(chip(third.page)).toHaveText('On this device');
    await third.page.goto(`${relay.url}/recover`);
    await bringBack(third.page, kit.file);
    await expect(third.page.getByRole('alert')).toContainText('The relay is empty.');
    await third.page.getByLabel('Setup link of the new relay').fill(relay.setupLink ?? '');
    await third.page.getByRole('button', { name: 'Bring me back' }).click();
    await expect(third.page.getByText(`You are ${relay.idTag} again.`)).toBeVisible({ timeout: 40_000 });
    await expect(chip(third.page)).toHaveText('On the relay', { timeout: 40_000 });
    await go(third.page, 'Settings');
    await expect(third.page.getByText('Found again')).toBeVisible();
    await third.context.close();
  });

  test('X17, X18, X19: the browser that holds everything fills an empty relay, and the neighbour goes on', async ({
    browser,
    relay,
    relayFolder,
    bob,
  }) => {
    const alice = await claimBrowser(browser, relay);
    const other = await claimBrowser(browser, bob);
    await write(alice, relay, '# Kept\nwritten before');
    await connectBoth(alice, relay.idTag, other, bob.idTag);
    await go(alice.page, 'Feed');
    await say(alice.page, 'Said before');
    await go(other.page, 'Feed');
    await expect(post(other.page, 'Said before')).toBeVisible({ timeout: 40_000 });

    await loseDisk(relay, relayFolder);
    await alice.page.goto(relay.setupLink ?? '');
    await alice.page.getByRole('link', { name: 'Look what the relay lacks' }).click();
    await expect(alice.page.getByText(`This browser holds ${relay.idTag}.`)).toBeVisible();
    await alice.page.getByRole('button', { name: 'Fill the new relay' }).click();
    await expect(alice.page.getByText('Your relay has everything that this browser holds.')).toBeVisible({
      timeout: 60_000,
    });

    await go(alice.page, 'People');
    await expect(contact(alice.page, bob.idTag)).toContainText('Connected');
    await go(other.page, 'Feed');
    await say(other.page, 'Do you hear me?');
    await go(alice.page, 'Feed');
    await expect(post(alice.page, 'Do you hear me?')).toBeVisible({ timeout: 40_000 });
    await expect(post(alice.page, 'Said before')).toHaveCount(1);
    await say(alice.page, 'Here again');
    await expect(post(other.page, 'Here again')).toBeVisible({ timeout: 40_000 });
    await expect(post(other.page, 'Said before')).toHaveCount(1);

    const second = await openBrowser(browser, relay);
    await second.page.goto(`${relay.url}/recover`);
    await expect(second.page.getByRole('button', { name: 'Choose the kit' })).toBeVisible();
    await second.context.close();
    await alice.context.close();
    await other.context.close();
  });
});
