import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, findFreePort, type Relay, test } from './fixtures.ts';
import { claimBrowser, lookUp } from './people.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The site of docs/login.md, as it stands there, at an origin of its own. */
async function openSite(folder: string, relay: Relay): Promise<{ origin: string; child: ChildProcess }> {
  const manual = await readFile(join(root, 'docs', 'login.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(manual)?.[1] ?? '';
  const file = join(folder, 'login-site.ts');
  await writeFile(file, code.replaceAll("'../shared/", `'${root}shared/`));
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    env: { PATH: process.env['PATH'], PORT: String(port), ORIGIN: origin, RELAY_PORT: String(relay.port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return { origin, child };
}

test('X6: a person logs in at another site with their Islet name, and not again with the same answer', async ({
  browser,
  relay,
  relayFolder,
}) => {
  const { page } = await claimBrowser(browser, relay);
  const { origin, child } = await openSite(relayFolder, relay);
  try {
    const begin = async () => {
      await page.goto(origin);
      await page.getByLabel('Your Islet name').fill(relay.idTag);
      await page.getByRole('button', { name: 'Log in' }).click();
      await expect(page.getByText(`${origin} asks whether you are ${relay.idTag}.`)).toBeVisible();
    };
    await begin();
    await page.getByRole('button', { name: 'No, go back' }).click();
    await expect(page.getByText('You did not log in.')).toBeVisible();
    await begin();
    const sent = page.waitForRequest(`${origin}/finish`);
    await page.getByRole('button', { name: `Log in as ${relay.idTag}` }).click();
    await expect(page.getByText(`You are ${relay.idTag}, on`)).toBeVisible();
    expect(page.url()).toBe(`${origin}/back`);
    const again = await page.request.post(`${origin}/finish`, { data: (await sent).postData() ?? '' });
    expect([again.status(), await again.text()]).toEqual([403, 'this login was used already']);

    await page.goto(
      `${relay.url}/authorize?response_type=id_token&client_id=${origin}&redirect_uri=http://evil.test/`,
    );
    await expect(page.getByRole('alert')).toContainText('cannot be answered');
  } finally {
    child.kill();
  }
});

test('K5, K7, N8: keys are changed and ended in Settings, and another name is linked and shown on the card', async ({
  browser,
  relay,
}) => {
  const { page } = await claimBrowser(browser, relay);
  await page.goto(`${relay.url}/settings`);
  const section = page.getByTestId('identity-keys');
  await expect(section.getByText('Signs now')).toHaveCount(1);
  await section.getByRole('button', { name: 'Change the key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Change the key' }).click();
  await expect(section.getByText(/New, used from/)).toBeVisible();
  await section.getByRole('button', { name: 'Somebody may have the key…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End it now' }).click();
  await expect(section.getByText(/Ended at once/)).toHaveCount(2);
  await expect(section.getByText('Signs now')).toHaveCount(1);

  await section.getByText('Address of this app').click();
  const key = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const uri = await toDidKey(key.publicKey);
  await section.getByLabel('What is it?').selectOption('A key (did:key)');
  await section.getByLabel('The did:key').fill(uri);
  await section.getByLabel('Signature').fill('AAAA');
  await section.getByRole('button', { name: 'Check and link' }).click();
  await expect(section.getByRole('alert')).toHaveText('the signature does not fit');
  const text = await section.getByTestId('link-text').textContent();
  const signature = await crypto.subtle.sign('Ed25519', key.privateKey, new TextEncoder().encode(text ?? ''));
  await section.getByLabel('Signature').fill(Buffer.from(signature).toString('base64url'));
  await section.getByRole('button', { name: 'Check and link' }).click();
  await expect(section.getByText(/Proven, seen/)).toBeVisible();

  const answer = page.evaluate(
    async (address): Promise<unknown> => (await fetch(address)).json(),
    `${relay.apiOrigin}/.well-known/did.json`,
  );
  expect(await answer).toMatchObject({
    id: `did:web:${relay.idTag}`,
    alsoKnownAs: [uri],
    service: [{ type: 'IsletApp', serviceEndpoint: `${relay.url}/` }],
  });
  const card = await lookUp(page, relay.idTag);
  await expect(card.getByTestId('linked')).toContainText(uri);
});

/** Ed25519 in the did:key method: multicodec 0xed. */
async function toDidKey(key: CryptoKey): Promise<string> {
  const raw = Buffer.from(await crypto.subtle.exportKey('raw', key));
  let number = BigInt(`0x${Buffer.concat([Buffer.from([0xed, 0x01]), raw]).toString('hex')}`);
  let text = '';
  const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  for (; number > 0n; number /= 58n) text = base58[Number(number % 58n)]! + text;
  return `did:key:z${text}`;
}
