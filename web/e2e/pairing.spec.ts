import { openCamera } from './camera.ts';
import { expect, test } from './fixtures.ts';
import { claimBrowser, openBrowser } from './people.ts';

test('P4, P5: a phone scans the code of the first device with its camera; both show three words; the first device names it and says what it may do', async ({
  browser,
  relay,
  relayFolder,
}) => {
  const first = await claimBrowser(browser, relay);
  await first.page.goto(`${relay.url}/settings`);
  await first.page.getByRole('button', { name: 'Link another device' }).click();
  const code = await first.page.getByTestId('code').innerText();
  const phone = await openCamera(`${relay.url}/enrol#${code}&${relay.idTag}`, relayFolder);
  const page = await phone.newPage({ locale: 'en', viewport: { width: 390, height: 844 } });
  await page.goto(`${relay.url}/enrol`);
  await page.getByLabel('Name of this device').fill('Some phone');
  await page.getByRole('button', { name: /^Scan a code/ }).click();
  await expect(first.page.getByText('“Some phone” asks to join.')).toBeVisible({ timeout: 30_000 });
  const words = (await page.getByTestId('words').innerText()).split(/\s+/);
  expect(words).toHaveLength(3);
  expect((await first.page.getByTestId('words').innerText()).split(/\s+/)).toEqual(words);
  await first.page.getByLabel('Name of the new device').fill('Kitchen phone');
  await first.page.getByRole('radio', { name: /^Read only/ }).check();
  await first.page.getByLabel('Until when').selectOption('One week');
  await first.page.getByRole('button', { name: 'Same words – let it in' }).click();
  await expect(page.getByText('This device is linked to me.localhost.')).toBeVisible({ timeout: 30_000 });
  await expect(first.page.getByText('“Kitchen phone” is linked.')).toBeVisible();
  await expect(first.page.getByRole('listitem').filter({ hasText: 'Kitchen phone' })).toBeVisible();
  await phone.close();
  await first.context.close();
});

test('P5: without a camera, the new device shows a code and the first one types it; different words keep it out', async ({
  browser,
  relay,
}) => {
  const first = await claimBrowser(browser, relay);
  const { page, context } = await openBrowser(browser, relay);
  await page.goto(`${relay.url}/enrol`);
  await first.page.goto(`${relay.url}/settings`);
  for (const wanted of [false, true]) {
    await page.getByRole('button', { name: /^Show a code here/ }).click();
    const code = await page.getByTestId('code').innerText();
    await first.page.getByRole('button', { name: 'Scan or type a code' }).click();
    await first.page
      .getByLabel('Code that the other device shows')
      .fill(code.toLowerCase().replaceAll('-', ' '));
    await first.page.getByRole('button', { name: 'Find it' }).click();
    await expect(first.page.getByTestId('words')).toHaveText(await page.getByTestId('words').innerText(), {
      useInnerText: true,
    });
    if (wanted) break;
    await first.page.getByRole('button', { name: 'Different – keep it out' }).click();
    await expect(page.getByRole('alert')).toContainText('refused on the other device', { timeout: 30_000 });
    await page.getByRole('button', { name: 'Other ways' }).click();
  }
  await first.page.getByRole('button', { name: 'Same words – let it in' }).click();
  await expect(page.getByText('This device is linked to me.localhost.')).toBeVisible({ timeout: 30_000 });
  await first.context.close();
  await context.close();
});
