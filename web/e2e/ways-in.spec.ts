import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { claimBrowser, go } from './people.ts';

const password = 'four words nobody guesses';

/** A passkey in the platform, with a secret (PRF), whose person is always there. */
async function addAuthenticator(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    ctap2Version: 'ctap2_1',
    transport: 'internal',
    hasPrf: true,
  } as const;
  const person = { hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  await session.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, ...person } });
  return session;
}

/** The same computer with nothing of Islet on it. */
async function forgetAll(page: Page, session: CDPSession, origin: string): Promise<void> {
  await page.goto('about:blank');
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
  await page.goto(`${origin}/enrol`);
}

/** Everything that a folder holds, as bytes that may be text. */
async function readAll(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const read = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), 'latin1'));
  return (await Promise.all(read)).join('\n');
}

test('P6–P10: password and passkey let a clean browser in; who changes them shows who they are; no secret is in addresses, logs or the store @offline', async ({
  browser,
  relay,
  relayFolder,
}) => {
  const { page, context } = await claimBrowser(browser, relay);
  const session = await addAuthenticator(page);
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  const bodies: string[] = [];
  page.on('request', (request) => bodies.push(request.postData() ?? ''));
  await page.goto(`${relay.url}/settings`);
  await page.getByRole('button', { name: 'Set a password' }).click();
  await page.getByLabel('New password').fill(password);
  await page.getByLabel('The same once more').fill(password);
  await page.getByRole('button', { name: 'Save the password' }).click();
  await expect(page.getByText('The password is set.')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('What you call this passkey').fill('Laptop finger');
  await expect(page.getByText('works only at the address where it is made: localhost')).toBeVisible();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('The passkey lets you in from now on.')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Laptop finger' })).toContainText(
    'Lets a new browser in',
  );

  await test.step('the password lets a clean browser in', async () => {
    await forgetAll(page, session, relay.url);
    await page.getByLabel('Name of this device').fill('By password');
    await page.getByRole('button', { name: /^Password/ }).click();
    await page.getByLabel('Password', { exact: true }).fill('something else entirely');
    await page.getByRole('button', { name: 'Come in' }).click();
    await expect(page.getByRole('alert')).toHaveText('That is not right.', { timeout: 30_000 });
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Come in' }).click();
    await expect(page.getByText('This device is linked to me.localhost.')).toBeVisible({ timeout: 30_000 });
  });

  await test.step('so does the passkey', async () => {
    await forgetAll(page, session, relay.url);
    await page.getByLabel('Name of this device').fill('By passkey');
    await page.getByRole('button', { name: /^Passkey/ }).click();
    await expect(page.getByText('This device is linked to me.localhost.')).toBeVisible({ timeout: 30_000 });
  });

  await test.step('a device that did not show who it is is asked before a way is changed', async () => {
    await page.getByRole('link', { name: 'Open Islet' }).click();
    await go(page, 'Settings');
    for (const name of ['By password', 'By passkey']) await expect(page.getByText(name)).toBeVisible();
    await page.getByRole('button', { name: 'Remove – Password' }).click();
    await page.getByRole('button', { name: 'Remove for good? – Password' }).click();
    const dialog = page.getByRole('dialog', { name: 'Is it you?' });
    await dialog.getByRole('button', { name: 'Use a passkey' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Remove – Password' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Remove – Laptop finger' })).toBeVisible();
  });

  await context.close();
  await relay.stop();
  const seen = [addresses.join('\n'), bodies.join('\n'), relay.output(), await readAll(relayFolder)];
  expect(seen.map((text) => text.length > 0)).toEqual([true, true, true, true]);
  for (const text of seen) {
    expect(text).not.toContain(password);
    expect(text).not.toContain('"prf"');
  }
  // What the browser shows for the password is on the way once, and nowhere else.
  const auth = /"auth":"([\w-]{43})"/.exec(bodies.join('\n'))?.[1] ?? 'not sent';
  for (const text of [seen[0], seen[2], seen[3]]) expect(text).not.toContain(auth);
  expect(seen[1]).toContain(auth);
});
