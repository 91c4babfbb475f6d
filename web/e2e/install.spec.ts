import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { expect, test } from './fixtures.ts';

test('point 7: the app is installable @offline', async ({ unclaimed: relay, launchOptions }) => {
  // In a private window nothing can be installed, so this needs a profile on disk.
  const profile = await mkdtemp(join(tmpdir(), 'islet-profile-'));
  const context = await chromium.launchPersistentContext(profile, launchOptions);
  try {
    const page = await context.newPage();
    await page.goto(relay.url);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const devtools = await context.newCDPSession(page);
    expect((await devtools.send('Page.getAppManifest')).errors).toEqual([]);
    expect((await devtools.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
});

test('point 7: the relay answers for itself and not by the offline shell @offline', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  for (const path of ['/healthz', '/api/me', '/.well-known/cloudillo/id-tag']) {
    const response = await page.goto(relay.url + path);
    expect(response?.headers()['content-type'], path).not.toContain('text/html');
  }
  const missing = await page.request.get(`${relay.url}/assets/nothing-here.js`);
  expect(missing.status()).toBe(404);
});

test('point 7: every icon of the manifest is there, in the size it claims', async ({
  page,
  unclaimed: relay,
}) => {
  await page.goto(relay.url);
  const sizes = await page.evaluate(async () => {
    const manifest: { icons: { src: string; sizes: string; type: string }[] } = await (
      await fetch('/manifest.webmanifest')
    ).json();
    const found: [string, string][] = [];
    for (const icon of manifest.icons.filter(({ type }) => type === 'image/png')) {
      const bitmap = await createImageBitmap(await (await fetch(icon.src)).blob());
      found.push([icon.sizes, `${bitmap.width}x${bitmap.height}`]);
    }
    return found;
  });
  expect(sizes.length).toBeGreaterThanOrEqual(3);
  for (const [claimed, real] of sizes) expect(real).toBe(claimed);
});

test('nothing on the page breaks the content security policy @offline', async ({
  page,
  unclaimed: relay,
}) => {
  const broken: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) broken.push(message.text());
  });
  for (const path of ['/', '/home', '/feed', '/people', '/settings', '/setup', '/enrol']) {
    await page.goto(relay.url + path);
    await page.waitForLoadState('load');
    await expect(page.locator('main')).toBeVisible();
  }
  expect(broken).toEqual([]);
});
