import { actionId, signCompact } from '../../shared/token/compact.ts';
import { createSigner } from '../../shared/identity/did.ts';
import { expect, test } from './fixtures.ts';
import { claimBrowser } from './people.ts';

/** A post in the name of the relay's identity that only the relay signs. */
async function inventPost(iss: string, c: string): Promise<string> {
  const curve = { name: 'ECDSA', namedCurve: 'P-384' };
  const { privateKey } = await crypto.subtle.generateKey(curve, false, ['sign', 'verify']);
  const iat = Math.floor(Date.now() / 1000);
  return signCompact(
    'JWT',
    { iss, k: '1', t: 'POST', iat, c, v: 'F', _: 'A'.repeat(22) },
    createSigner(privateKey),
  );
}

test('a relay that speaks in our name, or shows other devices, is shown first in Notices until it was seen', async ({
  browser,
  relay,
}) => {
  const { page, context } = await claimBrowser(browser, relay);
  const token = await inventPost(relay.idTag, 'I never said this');
  const item = {
    ...{ seq: 1, actionId: await actionId(token), token, receivedAt: Date.now(), status: 'active' },
    ...{ files: [], deliveries: [] },
  };
  await context.route('**/api/actions?after=*', async (route) => {
    const json = { data: { items: [item], next: 1, more: false }, time: new Date().toISOString() };
    await route.fulfill({ json, headers: { 'access-control-allow-origin': '*' } });
  });
  await page.goto(`${relay.url}/notices`);
  const invented = page.getByRole('listitem').filter({ hasText: 'none of your devices said' });
  await expect(invented).toContainText('I never said this', { timeout: 30_000 });
  await invented.getByRole('button', { name: 'I have seen it' }).click();
  await expect(invented).toBeHidden();

  await context.route('**/api/devices/log', async (route) => {
    if (route.request().method() !== 'GET') return route.fallback();
    const json = { data: { entries: [] }, time: new Date().toISOString() };
    return route.fulfill({ json, headers: { 'access-control-allow-origin': '*' } });
  });
  await page.reload();
  await expect(page.getByText('Your relay shows a list of your devices that cannot be right.')).toBeVisible({
    timeout: 30_000,
  });
  await context.close();
});
